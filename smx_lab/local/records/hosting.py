"""Models, endpoint configurations and endpoints: look-up, errors, and models in answers."""

from __future__ import annotations

import sqlite3
from typing import Any

import msgspec

from smx_lab.local.context import Context, Request
from smx_lab.local.errors import validation_error
from smx_lab.local.records.entities import Kind, find_row, to_json
from smx_lab.local.records.tags import without_tags

MODEL = Kind("model", "model", "model")
ENDPOINT_CONFIG = Kind("endpoint_config", "endpoint-config", "endpoint configuration")
ENDPOINT = Kind("endpoint", "endpoint", "endpoint")


def find(cx: sqlite3.Connection, context: Context, kind: Kind, name: str) -> sqlite3.Row:
    """Return the row with this name.

    Raises
    ------
    ServiceError
        ValidationException ``Could not find …``: SageMaker's answer for these three, where its
        model of the API has no error at all.
    """
    row = find_row(cx, kind.table, name)
    if row is None:
        arn = context.arn(kind.resource_type, name)
        raise validation_error(f'Could not find {kind.noun} "{arn}".')
    return row


def require_unused(cx: sqlite3.Connection, context: Context, kind: Kind, name: str) -> None:
    """Raise ServiceError if the name is taken."""
    row = find_row(cx, kind.table, name)
    if row is not None:
        arn = context.arn(kind.resource_type, row["name"])
        raise validation_error(f'Cannot create already existing {kind.noun} "{arn}".')


def insert_request(
    cx: sqlite3.Connection, context: Context, kind: Kind, name: str, request: Request
) -> None:
    """Store a resource that consists only of the request that created it."""
    require_unused(cx, context, kind, name)
    cx.execute(
        f"""
        INSERT INTO {kind.table} (name, request, creation_time)
        VALUES (:name, :request, :now)
        """,  # noqa: S608 - one of three constants
        {"name": name, "request": to_json(without_tags(request)), "now": context.now_ms()},
    )


def model_record(context: Context, row: sqlite3.Row) -> dict[str, Any]:
    """Return the members that Describe and Search share for a model."""
    request = msgspec.json.decode(row["request"])
    return {
        "EnableNetworkIsolation": False,
        **request,
        "ModelName": row["name"],
        "ModelArn": context.arn(MODEL.resource_type, row["name"]),
        "CreationTime": row["creation_time"],
    }


def find_model_request(cx: sqlite3.Connection, name: str) -> Request | None:
    """Return the CreateModel request that a model was made of, None if there is no such model."""
    row = find_row(cx, MODEL.table, name)
    return msgspec.json.decode(row["request"]) if row else None


def container_of(model: Request) -> dict[str, Any]:
    """Return the one container of a CreateModel request; CreateModel refuses more than one."""
    containers = model.get("Containers") or [{}]
    found: dict[str, Any] = model.get("PrimaryContainer") or containers[0]
    return found


def model_data_location(container: dict[str, Any]) -> str | None:
    """Return where a container says its model data is."""
    source = container.get("ModelDataSource", {}).get("S3DataSource", {})
    location: str | None = container.get("ModelDataUrl") or source.get("S3Uri")
    return location
