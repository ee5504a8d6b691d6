"""Decodes HTTP requests for operations, and encodes their answers and errors.

One codec for each protocol: `JsonCodec` (JSON 1.1: the control plane), `RestJsonCodec` (metrics and
runtime), `QueryCodec` (STS and IAM).
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime, timezone
from typing import Any, ClassVar, Protocol
from urllib.parse import parse_qsl, unquote
from xml.sax.saxutils import escape

import msgspec

from smx_lab.local.errors import ServiceError
from smx_lab.local.http.server import HttpRequest, HttpResponse
from smx_lab.local.protocol import event_stream
from smx_lab.local.protocol.models import OperationModel, Shapes


class Codec(Protocol):
    """How one protocol writes requests, answers and errors."""

    auth_status: int
    """HTTP status of a refused signature; our choice where no answer of AWS is recorded."""

    def decode(self, model: OperationModel, request: HttpRequest) -> dict[str, Any]:
        """Return the validated request. Raises ServiceError."""

    def encode(
        self, model: OperationModel, answer: dict[str, Any] | None, request_id: str, /
    ) -> HttpResponse:
        """Return the answer, encoded by the output shape."""

    def error(self, error: ServiceError, request_id: str, /) -> HttpResponse:
        """Return the error in the protocol's form."""


class JsonCodec:
    """JSON 1.1: one JSON object each way, the action in X-Amz-Target."""

    auth_status = 400
    content_type = "application/x-amz-json-1.1"

    def decode(self, model: OperationModel, request: HttpRequest) -> dict[str, Any]:
        """Return the validated request; an empty body is an empty object."""
        return model.check(_decode_json(request.body))

    def encode(self, model: OperationModel, answer: dict[str, Any] | None, _: str) -> HttpResponse:
        """Return 200 with the answer, or with an empty body where the shape has no output."""
        body = msgspec.json.encode(model.write(answer)) if model.output_shape else b""
        return HttpResponse(200, body, {"Content-Type": self.content_type})

    def error(self, error: ServiceError, _: str) -> HttpResponse:
        """Return ``{"__type", "message"}``, where clients of this protocol read the code."""
        body = {"__type": error.code, "message": error.message, **error.members}
        headers = {"Content-Type": self.content_type}
        return HttpResponse(error.status, msgspec.json.encode(body), headers)


RUNTIME = "sagemaker-runtime"


class RestJsonCodec:
    """REST-JSON: members are in the path, the query, headers or the body, or are the whole body."""

    auth_status = 403
    content_type = "application/json"

    def decode(self, model: OperationModel, request: HttpRequest) -> dict[str, Any]:
        """Return the members from wherever the model puts them, validated together."""
        payload = model.input_payload
        # A payload may be empty.
        given = {payload: request.body} if payload else _decode_json(request.body)
        if model.placed:
            self._add_placed(model, request, given)
        try:
            return model.check(given)
        except ServiceError as error:
            # Only the runtime's model has an error of its own for this.
            if model.service == RUNTIME and error.code == "ValidationException":
                error.code = "ValidationError"
            raise

    def _add_placed(
        self, model: OperationModel, request: HttpRequest, given: dict[str, Any]
    ) -> None:
        query = request.target.partition("?")[2]
        sources: dict[str, Mapping[str, str]] = {
            "uri": _uri_labels(model, request.path),
            "querystring": dict(parse_qsl(query, keep_blank_values=True)),
            "header": request.headers,
        }
        for name, location, place, kind in model.placed:
            value = sources.get(location, {}).get(place)
            if value is not None:
                given[name] = _parse_text(value, kind)

    def encode(self, model: OperationModel, answer: dict[str, Any] | None, _: str) -> HttpResponse:
        """Return a response with each member where the model puts it."""
        answer = answer or {}
        payload = model.payload(model.output_shape)
        headers, body = {}, {}
        for name, reference in model.output_members.items():
            value = answer.get(name)
            if value is None or name == payload:
                continue
            if reference.get("location") == "header":
                headers[reference.get("locationName", name)] = str(value)
            else:
                body[name] = value
        if payload and model.is_stream(payload):
            headers["Content-Type"] = event_stream.CONTENT_TYPE
            return HttpResponse(model.status, headers=headers, parts=answer[payload])
        if payload:
            return HttpResponse(model.status, answer.get(payload) or b"", headers)
        headers["Content-Type"] = self.content_type
        return HttpResponse(model.status, msgspec.json.encode(model.write(body)), headers)

    def error(self, error: ServiceError, _: str) -> HttpResponse:
        """Return the code in x-amzn-ErrorType, where REST clients look first."""
        body = {"message": error.message, "Message": error.message, **error.members}
        headers = {"Content-Type": self.content_type, "x-amzn-ErrorType": error.code}
        return HttpResponse(error.status, msgspec.json.encode(body), headers)


class QueryCodec:
    """The query protocol: a form of flat members in, XML out."""

    auth_status = 403
    codes: ClassVar = {
        "MissingAuthenticationTokenException": "MissingAuthenticationToken",
        "IncompleteSignatureException": "IncompleteSignature",
        "UnrecognizedClientException": "InvalidClientTokenId",
        "InvalidSignatureException": "SignatureDoesNotMatch",
        "UnknownOperationException": "InvalidAction",
    }

    def __init__(self, namespace: str) -> None:
        self._namespace = namespace

    def decode(self, model: OperationModel, request: HttpRequest) -> dict[str, Any]:
        """Return the validated members of the form."""
        return model.check(decode_form(request.body))

    def encode(
        self, model: OperationModel, answer: dict[str, Any] | None, request_id: str
    ) -> HttpResponse:
        """Return the answer inside its result wrapper."""
        shape = model.output_shape
        members = _xml_value(model.shapes, shape, answer or {}) if shape else ""
        wrapper = model.result_wrapper
        result = f"<{wrapper}>{members}</{wrapper}>" if wrapper else members
        return self._xml(200, f"{model.name}Response", result, request_id, "ResponseMetadata")

    def error(self, error: ServiceError, request_id: str) -> HttpResponse:
        """Return an ErrorResponse, under the code this protocol uses."""
        code = self.codes.get(error.code, error.code)
        fault = "Sender" if error.status < 500 else "Receiver"
        inner = (
            f"<Error><Type>{fault}</Type><Code>{escape(code)}</Code>"
            f"<Message>{escape(error.message)}</Message></Error>"
        )
        return self._xml(error.status, "ErrorResponse", inner, request_id, None)

    def _xml(
        self, status: int, root: str, inner: str, request_id: str, metadata: str | None
    ) -> HttpResponse:
        tail = f"<RequestId>{request_id}</RequestId>"
        if metadata:
            tail = f"<{metadata}>{tail}</{metadata}>"
        text = f'<{root} xmlns="{self._namespace}">{inner}{tail}</{root}>'
        return HttpResponse(status, text.encode(), {"Content-Type": "text/xml"})


def _xml_value(shapes: Shapes, name: str, value: Any) -> str:
    """Return a value as the content of its element."""
    shape = shapes[name]
    if shape["type"] == "structure":
        return "".join(
            f"<{member}>{_xml_value(shapes, reference['shape'], value[member])}</{member}>"
            for member, reference in shape["members"].items()
            if value.get(member) is not None
        )
    if shape["type"] == "timestamp":
        return f"{datetime.fromtimestamp(value / 1000, timezone.utc):%Y-%m-%dT%H:%M:%SZ}"
    return escape(str(value))


def decode_form(body: bytes) -> dict[str, Any]:
    """Return the fields of a form without the protocol's own Action and Version."""
    try:
        fields = dict(parse_qsl(body.decode(), keep_blank_values=True))
    except (UnicodeDecodeError, ValueError):
        raise ServiceError("MalformedQueryString", "The form cannot be read.") from None
    return fields


def uri_pattern(request_uri: str) -> re.Pattern[str]:
    """Return the pattern of the paths of ``request_uri`` (``/endpoints/{Name}/…``)."""
    parts = re.split(r"\{(\w+)\}", request_uri)
    labels = (f"(?P<{part}>[^/]+)" if i % 2 else re.escape(part) for i, part in enumerate(parts))
    return re.compile("".join(labels))


def _uri_labels(model: OperationModel, path: str) -> dict[str, str]:
    match = uri_pattern(model.request_uri).fullmatch(path)
    return {name: unquote(value) for name, value in match.groupdict().items()} if match else {}


def _decode_json(body: bytes) -> Any:
    if not body:
        return {}
    try:
        value = msgspec.json.decode(body)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        raise ServiceError("SerializationException", "The body is not valid JSON.") from None
    if type(value) is not dict:
        raise _not_an_object()
    return value


def _not_an_object() -> ServiceError:
    return ServiceError("SerializationException", "The body is not a JSON object.")


def _parse_text(value: str, kind: str) -> Any:
    """Return a path, query or header value with the type it would have in JSON."""
    if kind in ("integer", "long"):
        return int(value) if re.fullmatch(r"-?\d{1,18}", value) else value
    if kind == "boolean":
        return {"true": True, "false": False}.get(value.lower(), value)
    return value
