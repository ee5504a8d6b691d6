"""Answers as they were on the wire, held to botocore's models, before a client drops anything."""

from __future__ import annotations

import json
import re
import xml.etree.ElementTree as ElementTree
from typing import Any

from botocore.model import Shape, StructureShape

from smx_lab.core.connection import LocalService
from tests.support.local.clients import make_client
from tests.support.local.wire import _assert_shape

Key = tuple[str, str]
"""Service and operation, as in the registry."""


class Wire:
    """Real boto3 clients; each answer's bytes are held to the output shape of its operation."""

    def __init__(self, service: LocalService) -> None:
        self._service = service
        self._clients: dict[str, Any] = {}
        self.answered: set[Key] = set()

    def call(self, service: str, operation: str, **request: Any) -> Any:
        """Call an operation, hold its answer to the model, and return it as boto3 has it."""
        client = self.client(service)
        answer = getattr(client, _python_name(client, operation))(**request)
        if hasattr(answer.get("Body"), "read"):
            answer["Body"] = answer["Body"].read()
        self.answered.add((service, operation))
        return answer

    def client(self, service: str) -> Any:
        """Return the client of a service."""
        if service not in self._clients:
            client = make_client(service, self._service)
            client.meta.events.register("before-parse.*", self._hold)
            self._clients[service] = client
        return self._clients[service]

    def _hold(self, operation_model: Any, response_dict: Any, **_: Any) -> None:
        shape = operation_model.output_shape
        if response_dict["status_code"] >= 300 or shape is None:
            return
        if shape.serialization.get("payload"):
            return  # the body is a model's own; headers carry the members
        hold_answer(
            operation_model.service_model.metadata["protocol"],
            operation_model.name,
            shape,
            response_dict["body"],
        )


def hold_answer(protocol: str, operation: str, shape: Any, body: bytes) -> None:
    """Assert that a body has the members of a shape, the required ones, and no others."""
    if protocol == "query":
        root = ElementTree.fromstring(re.sub(rb'\sxmlns="[^"]+"', b"", body))
        result = root.find(f"{operation}Result")
        assert result is not None, body
        _assert_element(result, shape, operation)
    elif body:
        _assert_shape(json.loads(body), shape, operation)
    else:
        assert not shape.required_members, f"{operation} answered nothing"


def _assert_element(element: ElementTree.Element, shape: Shape, path: str) -> None:
    if isinstance(shape, StructureShape):
        found = [child.tag for child in element]
        assert set(found) <= set(shape.members), f"{path} has unknown members"
        assert set(shape.required_members) <= set(found), f"{path} lacks required members"
        for child in element:
            _assert_element(child, shape.members[child.tag], f"{path}.{child.tag}")
    else:
        assert element.text is not None, path


def _python_name(client: Any, operation: str) -> str:
    names = client.meta.method_to_api_mapping
    return next(name for name, known in names.items() if known == operation)
