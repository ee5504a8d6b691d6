"""Requests as bytes: signed by botocore, sent as they are, answers not parsed by a client."""

from __future__ import annotations

import http.client
import json
from typing import Any

import botocore.session
from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials
from botocore.model import ServiceModel, Shape

from smx_lab.core.connection import LocalService

MODELS: dict[str, ServiceModel] = {
    name: botocore.session.Session().get_service_model(name)
    for name in ("sagemaker", "sagemaker-metrics")
}


class Reply:
    """Status, headers and body of one answer."""

    def __init__(self, response: http.client.HTTPResponse) -> None:
        self.status = response.status
        self.headers = response.headers
        self.body = response.read()

    @property
    def json(self) -> Any:
        return json.loads(self.body)


def address(service: LocalService) -> str:
    return service.sagemaker_url.removeprefix("http://")


def signed_headers(
    service: LocalService,
    body: bytes,
    headers: dict[str, str],
    *,
    method: str = "POST",
    path: str = "/",
    scope: str = "sagemaker",
    access_key_id: str | None = None,
    secret_access_key: str | None = None,
) -> dict[str, str]:
    """Return the headers with which botocore would send this request."""
    request = AWSRequest(method, service.sagemaker_url + path, data=body, headers=headers)
    credentials = Credentials(
        access_key_id or service.access_key_id, secret_access_key or service.secret_access_key
    )
    SigV4Auth(credentials, scope, service.region).add_auth(request)
    return dict(request.headers)


def send(
    service: LocalService,
    body: bytes,
    headers: dict[str, str],
    *,
    method: str = "POST",
    path: str = "/",
) -> Reply:
    """Send a request as it is, on a connection of its own."""
    connection = http.client.HTTPConnection(address(service), timeout=60)
    try:
        connection.request(method, path, body, headers)
        return Reply(connection.getresponse())
    finally:
        connection.close()


def call(service: LocalService, operation: str, body: Any, **signing: Any) -> Reply:
    """Send one action of the control plane; ``body`` is JSON, or bytes as they are."""
    content = body if isinstance(body, bytes) else json.dumps(body).encode()
    headers = {
        "Content-Type": "application/x-amz-json-1.1",
        "X-Amz-Target": f"SageMaker.{operation}",
    }
    return send(service, content, signed_headers(service, content, headers, **signing))


def assert_fits(operation: str, answer: Any, service: str = "sagemaker") -> None:
    """Hold an answer's JSON to botocore's output shape: members, required ones, types."""
    shape = MODELS[service].operation_model(operation).output_shape
    assert shape is not None
    _assert_shape(answer, shape, operation)


def _assert_shape(value: Any, shape: Shape, path: str) -> None:
    if shape.type_name == "structure":
        assert isinstance(value, dict), path
        assert set(value) <= set(shape.members), f"{path} has unknown members"
        assert set(shape.required_members) <= set(value), f"{path} lacks required members"
        for name, item in value.items():
            _assert_shape(item, shape.members[name], f"{path}.{name}")
    elif shape.type_name == "list":
        assert isinstance(value, list), path
        for item in value:
            _assert_shape(item, shape.member, f"{path}[]")
    elif shape.type_name == "map":
        assert isinstance(value, dict), path
        for key, item in value.items():
            _assert_shape(item, shape.value, f"{path}.{key}")
    elif shape.type_name == "string":
        assert isinstance(value, str), path
        assert not shape.enum or value in shape.enum, f"{path} is {value}"
    elif shape.type_name in ("integer", "long"):
        assert type(value) is int, path
    elif shape.type_name in ("float", "double", "timestamp"):
        assert isinstance(value, float | int), path
