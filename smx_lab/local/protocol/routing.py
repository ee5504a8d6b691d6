"""Finds service, action and protocol of a request, from its path and headers alone."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from typing import Any, NamedTuple

from smx_lab.local.errors import ServiceError
from smx_lab.local.http.server import HttpRequest
from smx_lab.local.protocol.codecs import (
    Codec,
    JsonCodec,
    QueryCodec,
    RestJsonCodec,
    decode_form,
    uri_pattern,
)
from smx_lab.local.protocol.models import (
    OperationModel,
    ServiceModel,
    load_sagemaker_family,
    load_service,
)
from smx_lab.local.protocol.registry import OPERATIONS, Operation

MAX_JSON_BYTES = 8 * 2**20
"""Largest body of an API action; our choice, a hundred times what any of them needs."""

MAX_INVOCATION_BYTES = 6_291_456
"""Largest body of InvokeEndpoint. Source: SageMaker API Reference, InvokeEndpoint."""


_SCOPE = re.compile(r"Credential=[^/,\s]+/\d+/[^/,\s]+/(?P<service>[^/,\s]+)/aws4_request")


class _Path(NamedTuple):
    """Method and path of a REST action."""

    method: str
    pattern: re.Pattern[str]
    service: ServiceModel
    action: str


@dataclass(slots=True)
class Route:
    """The operation of a request. ``operation`` and ``model`` are None if it is not offered."""

    service: ServiceModel
    codec: Codec
    action: str
    operation: Operation | None
    model: OperationModel | None

    @property
    def is_foreign(self) -> bool:
        """Whether it is for an AWS service that is not offered here."""
        return not self.service.known

    def require_offered(self) -> tuple[Operation, OperationModel]:
        """Return the operation, or raise a ServiceError that names what is missing."""
        if self.is_foreign:
            raise ServiceError("UnknownOperationException", _explain_foreign(self.service.name))
        if self.operation is None or self.model is None:
            text = (
                f"{self.action} is not offered by the local SageMaker service."
                if self.action in self.service.known
                else f"{self.action or 'No action'} is not an operation of {self.service.name}."
            )
            raise ServiceError("UnknownOperationException", text)
        return self.operation, self.model


class Router:
    """Finds offered operations by X-Amz-Target, by path, or by the Action of a form."""

    def __init__(self) -> None:
        names: dict[str, set[str]] = {"sagemaker": set(), "sts": set()}
        for service, action in OPERATIONS:
            names.setdefault(service, set()).add(action)
        self._services = {name: load_service(name, offered) for name, offered in names.items()}
        self._signing_names = {model.signing_name for model in self._services.values()}
        self._json = JsonCodec()
        self._rest = RestJsonCodec()
        self._by_target = {
            model.target_prefix: model
            for model in self._services.values()
            if model.target_prefix and model.protocol == "json"
        }
        self._by_path = _paths(self._services.values())

    def route(self, request: HttpRequest) -> Route:
        """Return the route of a request; never raises, so that errors can be encoded too."""
        target = request.headers.get("X-Amz-Target")
        foreign = self._foreign_service(request)
        if foreign is not None:
            return Route(foreign, self._foreign_codec(request, foreign), "", None, None)
        if target is not None:
            prefix, _, action = target.partition(".")
            service = self._by_target.get(prefix, self._services["sagemaker"])
            return self._route(service, self._json, action or target)
        if request.path == "/":
            content_type = request.headers.get("Content-Type", "")
            if request.method == "POST" and "x-www-form-urlencoded" in content_type:
                return self._route_form(request)
            return self._route(self._services["sagemaker"], self._json, "")
        path = _find(self._by_path, request) or _find(_family_paths(), request)
        if path:
            return self._route(path.service, self._rest, path.action)
        return self._route(
            self._services["sagemaker"], self._rest, f"{request.method} {request.path}"
        )

    def _route_form(self, request: HttpRequest) -> Route:
        try:
            fields: dict[str, Any] = decode_form(request.body)
        except ServiceError:
            fields = {}
        action = fields.get("Action", "")
        of_forms = [item for item in self._services.values() if item.protocol == "query"]
        known = [item for item in of_forms if action in item.known]
        service = known[0] if known else self._services["sts"]
        return self._route(service, QueryCodec(service.namespace), action)

    def _foreign_service(self, request: HttpRequest) -> ServiceModel | None:
        """Return the service a request was signed for, if it is not offered here."""
        scope = _SCOPE.search(request.headers.get("Authorization", ""))
        if scope is None or scope["service"] in self._signing_names:
            return None
        name = scope["service"]
        return ServiceModel(name, name, "", "", None, {}, {})

    def _foreign_codec(self, request: HttpRequest, service: ServiceModel) -> Codec:
        """Return the codec whose errors the service's clients most likely understand."""
        if "X-Amz-Target" in request.headers:
            return self._json
        is_form = "x-www-form-urlencoded" in request.headers.get("Content-Type", "")
        return QueryCodec("") if is_form or service.name == "s3" else self._rest

    def _route(self, service: ServiceModel, codec: Codec, action: str) -> Route:
        operation = OPERATIONS.get((service.name, action))
        return Route(service, codec, action, operation, service.operations.get(action))


def _explain_foreign(service: str) -> str:
    if service == "s3":
        return (
            "S3 is not served by the local SageMaker service. Install it with: "
            'pip install "smx-lab[s3]", and start the service anew.'
        )
    return f"The service {service} is not offered by the local SageMaker service."


def _paths(services: Iterable[ServiceModel]) -> list[_Path]:
    """Return the paths of all actions of REST services, offered or not."""
    return [
        _Path(method, uri_pattern(uri), service, action)
        for service in services
        if service.protocol == "rest-json"
        for action, (method, uri) in service.known.items()
    ]


@cache
def _family_paths() -> list[_Path]:
    """Return the paths of other services signed as SageMaker, so that an error can name them."""
    return _paths(load_sagemaker_family())


def _find(paths: Iterable[_Path], request: HttpRequest) -> _Path | None:
    for path in paths:
        if path.method == request.method and path.pattern.fullmatch(request.path):
            return path
    return None


def body_limit(path: str) -> int:
    """Return the largest body, in bytes, that a path accepts."""
    return MAX_INVOCATION_BYTES if path.startswith("/endpoints/") else MAX_JSON_BYTES
