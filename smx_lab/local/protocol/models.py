"""botocore's service models, read from the files it ships: they define every shape.

The files are read directly, not through botocore's loader: 2.6 MB of JSON cost 20 ms and 5 MB this
way, and shapes that no offered operation needs are dropped.
"""

from __future__ import annotations

import gzip
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from importlib.util import find_spec
from pathlib import Path
from typing import Any, NamedTuple

import msgspec

from smx_lab.local.errors import StartError
from smx_lab.local.protocol.answers import Writer, compile_writer
from smx_lab.local.protocol.requests import Checker, compile_checker

Shapes = dict[str, dict[str, Any]]


class Placed(NamedTuple):
    """A member of a request outside its body: ``uri``, ``querystring`` or ``header``."""

    name: str
    location: str
    place: str
    kind: str


@dataclass(frozen=True)
class OperationModel:
    """One API action as botocore's model describes it."""

    service: str
    name: str
    method: str
    request_uri: str
    status: int
    input_shape: str | None
    output_shape: str | None
    result_wrapper: str | None
    shapes: Shapes

    @cached_property
    def check(self) -> Checker:
        """Validator of the input shape, compiled at the first call."""
        return compile_checker(self.shapes, self.input_shape)

    @cached_property
    def write(self) -> Writer:
        """Writer of the output shape, compiled at the first call."""
        return compile_writer(self.shapes, self.output_shape)

    @property
    def input_members(self) -> dict[str, Any]:
        """The members of the input shape, by name."""
        return self._members(self.input_shape)

    @cached_property
    def placed(self) -> tuple[Placed, ...]:
        """The input's members outside the body."""
        return tuple(
            Placed(
                name,
                reference["location"],
                reference.get("locationName", name),
                self.shapes[reference["shape"]]["type"],
            )
            for name, reference in self.input_members.items()
            if "location" in reference
        )

    @cached_property
    def input_payload(self) -> str | None:
        """The member that is the whole body of a request."""
        return self.payload(self.input_shape)

    @property
    def output_members(self) -> dict[str, Any]:
        """The members of the output shape, by name."""
        return self._members(self.output_shape)

    def payload(self, shape: str | None) -> str | None:
        """Return the member that is the whole HTTP body, if there is one (InvokeEndpoint)."""
        found: str | None = self.shapes[shape].get("payload") if shape else None
        return found

    def is_stream(self, member: str) -> bool:
        """Whether an output member is a stream of events (InvokeEndpointWithResponseStream)."""
        return bool(self.shapes[self.output_members[member]["shape"]].get("eventstream"))

    def _members(self, shape: str | None) -> dict[str, Any]:
        members: dict[str, Any] = self.shapes[shape].get("members", {}) if shape else {}
        return members


@dataclass(frozen=True)
class ServiceModel:
    """One service: its name for signatures, its protocol, its actions."""

    name: str
    signing_name: str
    protocol: str
    namespace: str
    target_prefix: str | None
    operations: dict[str, OperationModel]
    known: Mapping[str, tuple[str, str]]
    """Method and URI of every action of the service, offered or not."""


def load_service(name: str, offered: set[str]) -> ServiceModel:
    """Read one service's model and keep what the offered actions need.

    Raises
    ------
    StartError
        If the installed botocore does not know the service or one of the actions.
    """
    document = _read(name)
    metadata, shapes = document["metadata"], document["shapes"]
    missing = offered - set(document["operations"])
    if missing:
        raise StartError(
            f"The installed botocore does not know {name}'s {', '.join(sorted(missing))}. "
            "Install a newer botocore."
        )
    needed: Shapes = {}
    operations = {}
    for action in sorted(offered):
        model = _operation(name, action, document["operations"][action], needed)
        _collect(shapes, model.input_shape, needed)
        _collect(shapes, model.output_shape, needed)
        operations[action] = model
    return ServiceModel(
        name=name,
        signing_name=metadata.get("signingName", metadata["endpointPrefix"]),
        protocol=metadata["protocol"],
        namespace=metadata.get("xmlNamespace", ""),
        target_prefix=metadata.get("targetPrefix"),
        operations=operations,
        known={
            action: (model["http"].get("method", "POST"), model["http"].get("requestUri", "/"))
            for action, model in document["operations"].items()
        },
    )


def _operation(service: str, action: str, model: dict[str, Any], shapes: Shapes) -> OperationModel:
    http, output = model.get("http", {}), model.get("output", {})
    return OperationModel(
        service=service,
        name=action,
        method=http.get("method", "POST"),
        request_uri=http.get("requestUri", "/"),
        status=http.get("responseCode", 200),
        input_shape=model.get("input", {}).get("shape"),
        output_shape=output.get("shape"),
        result_wrapper=output.get("resultWrapper"),
        shapes=shapes,
    )


def load_sagemaker_family() -> list[ServiceModel]:
    """Return the other services whose requests are signed for ``sagemaker``."""
    names = sorted(folder.name for folder in _models().glob("sagemaker-*"))
    family = [load_service(name, set()) for name in names]
    return [service for service in family if service.signing_name == "sagemaker"]


def _models() -> Path:
    spec = find_spec("botocore")
    if spec is None or not spec.submodule_search_locations:
        raise StartError("botocore is not installed. Install it with: pip install boto3")
    return Path(spec.submodule_search_locations[0]) / "data"


def _read(service: str) -> dict[str, Any]:
    folder = _models() / service
    versions = sorted(file.name for file in folder.glob("*")) if folder.is_dir() else []
    if not versions:
        raise StartError(
            f"The installed botocore has no model of {service}. Install a newer botocore."
        )
    file = folder / versions[-1] / "service-2.json"
    packed = file.with_suffix(".json.gz")
    content = gzip.decompress(packed.read_bytes()) if packed.exists() else file.read_bytes()
    document: dict[str, Any] = msgspec.json.decode(content)
    return document


def _collect(shapes: Shapes, name: str | None, into: Shapes) -> None:
    """Copy a shape and all it refers to, without the documentation."""
    if name is None or name in into:
        return
    shape = into[name] = {k: v for k, v in shapes[name].items() if k != "documentation"}
    if "members" in shape:
        shape["members"] = {
            member: {k: v for k, v in reference.items() if k != "documentation"}
            for member, reference in shape["members"].items()
        }
    references = [*shape.get("members", {}).values()]
    references += [shape[part] for part in ("member", "key", "value") if part in shape]
    for reference in references:
        _collect(shapes, reference["shape"], into)
