"""Write the OpenAPI 3.1 document of the REST API from ``routes`` and their types."""

from __future__ import annotations

import json
import re
import sys
from pathlib import Path
from typing import Any

import msgspec

from smx_lab import __version__
from smx_lab.contract.arguments import Argument, arguments
from smx_lab.contract.routes import ROUTES, Route
from smx_lab.core.operation import ErrorBody

REF = "#/components/schemas/{name}"


def document() -> dict[str, Any]:
    """Return the whole document as a JSON-ready value."""
    types: list[Any] = [ErrorBody]
    for route in ROUTES:
        types += [body for body in (route.request, route.response) if body is not None]
        types += [argument.type for argument in _arguments(route)]
    schemas, components = msgspec.json.schema_components(types, ref_template=REF)
    by_type = dict(zip(types, schemas, strict=True))
    responses = {id(route.response) for route in ROUTES}
    answered = {t.__name__ for t in types if id(t) in responses}
    for name, schema in components.items():
        # A response always has every member, even if the member has a default in Python.
        if name in answered or not name.endswith("Request"):
            schema["required"] = sorted(schema.get("properties", {}))
    # These are sent to the server only.
    for name in ("View", "ViewColumn", "SortKey", "Filter", "ListFilter"):
        components[name]["required"] = [
            member for member, s in components[name]["properties"].items() if "default" not in s
        ]
    paths: dict[str, Any] = {}
    for route in ROUTES:
        paths.setdefault(route.path, {})[route.method.lower()] = _operation(route, by_type)
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "smx-lab",
            "version": __version__,
            "description": "The REST API of the smx-lab server extension, below /smx-lab/api.",
            "license": {"name": "Apache-2.0", "identifier": "Apache-2.0"},
        },
        "servers": [{"url": "/smx-lab/api"}],
        "paths": paths,
        "components": {"schemas": components},
    }


def write(path: Path) -> None:
    """Write the document to ``path`` if it differs, so that unchanged builds can be skipped."""
    text = json.dumps(document(), indent=2, sort_keys=True) + "\n"
    if not path.exists() or path.read_text(encoding="utf-8") != text:
        path.write_text(text, encoding="utf-8")


def _operation(route: Route, by_type: dict[Any, Any]) -> dict[str, Any]:
    parameters = [
        {"name": name, "in": "path", "required": True, "schema": {"type": "string"}}
        for name in re.findall(r"\{(\w+)\}", route.path)
    ] + [_query_parameter(argument, by_type[argument.type]) for argument in _arguments(route)]
    # A file is sent as it is, not as JSON with base64.
    answer = {"type": "string"} if route.response is bytes else by_type[route.response]
    operation: dict[str, Any] = {
        "operationId": route.name,
        "summary": route.summary,
        "parameters": parameters,
        "responses": {
            str(route.status): {
                "description": "OK",
                "content": {kind: {"schema": answer} for kind in route.media_types},
            },
            "default": {
                "description": "The error, as a sentence.",
                "content": {"application/json": {"schema": by_type[ErrorBody]}},
            },
        },
    }
    if route.request is not None:
        operation["requestBody"] = {
            "required": True,
            "content": {"application/json": {"schema": by_type[route.request]}},
        }
    return operation


def _arguments(route: Route) -> tuple[Argument, ...]:
    return () if route.query is None else arguments(route.query)


def _query_parameter(argument: Argument, stated: dict[str, Any]) -> dict[str, Any]:
    schema = dict(stated)
    description = schema.pop("description")
    if argument.is_json:
        schema = {
            "type": "string",
            "contentMediaType": "application/json",
            "contentSchema": schema,
        }
    return {
        "name": argument.name,
        "in": "query",
        "description": description,
        "required": argument.required,
        "schema": schema,
    }


if __name__ == "__main__":
    write(Path(sys.argv[1]) if sys.argv[1:] else Path(__file__).with_name("openapi.json"))
