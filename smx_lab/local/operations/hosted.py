"""What models, endpoint configs and endpoints have in common: look-up, errors, list conditions."""

from __future__ import annotations

import sqlite3
from typing import Any, NamedTuple

import msgspec

from smx_lab.local.errors import ServiceError, validation_error
from smx_lab.local.operations.registry import Context, Request, to_ms


class HostedKind(NamedTuple):
    """One kind of resource: its table, the word in its ARN, and what sentences call it."""

    table: str
    resource_type: str
    noun: str


MODEL = HostedKind("model", "model", "model")
ENDPOINT_CONFIG = HostedKind("endpoint_config", "endpoint-config", "endpoint configuration")
ENDPOINT = HostedKind("endpoint", "endpoint", "endpoint")


def find(cx: sqlite3.Connection, context: Context, kind: HostedKind, name: str) -> sqlite3.Row:
    """Return the row with this name.

    Raises
    ------
    ServiceError
        ValidationException ``Could not find …``: SageMaker's answer for these three, where its
        model of the API has no error at all.
    """
    row: sqlite3.Row | None = cx.execute(
        f"SELECT * FROM {kind.table} WHERE name = :name",  # noqa: S608 - one of three constants
        {"name": name},
    ).fetchone()
    if row is None:
        arn = context.arn(kind.resource_type, name)
        raise validation_error(f'Could not find {kind.noun} "{arn}".')
    return row


def require_unused(cx: sqlite3.Connection, context: Context, kind: HostedKind, name: str) -> None:
    """Raise ServiceError if the name is taken."""
    row = cx.execute(
        f"SELECT name FROM {kind.table} WHERE name = :name",  # noqa: S608 - a constant
        {"name": name},
    ).fetchone()
    if row is not None:
        arn = context.arn(kind.resource_type, row["name"])
        raise validation_error(f'Cannot create already existing {kind.noun} "{arn}".')


def insert_request(
    cx: sqlite3.Connection, context: Context, kind: HostedKind, name: str, request: Request
) -> None:
    """Store a resource that is no more than the request that created it."""
    require_unused(cx, context, kind, name)
    cx.execute(
        f"""
        INSERT INTO {kind.table} (name, request, creation_time)
        VALUES (:name, :request, :now)
        """,  # noqa: S608 - one of three constants
        {"name": name, "request": encode(without_tags(request)), "now": context.now_ms()},
    )


def list_conditions(request: Request) -> tuple[list[str], dict[str, Any]]:
    """Return the conditions and values of a List action's filters that `list_rows` has not."""
    where: list[str] = []
    values: dict[str, Any] = {}
    if "NameContains" in request:
        where.append("instr(lower(r.name), lower(:name_contains)) > 0")
        values["name_contains"] = request["NameContains"]
    if "StatusEquals" in request:
        where.append("r.status = :status_equals")
        values["status_equals"] = request["StatusEquals"]
    for member, comparison in (("After", ">"), ("Before", "<")):
        bound = request.get(f"LastModifiedTime{member}")
        if bound is not None:
            where.append(f"r.last_modified_time {comparison} :modified_{member.lower()}")
            values[f"modified_{member.lower()}"] = to_ms(bound)
    return where, values


def without_tags(request: Request) -> Request:
    """Return a request as it is kept: tags live in a table of their own."""
    return {member: value for member, value in request.items() if member != "Tags"}


def encode(value: Any) -> str:
    """Return what a JSON column holds."""
    return msgspec.json.encode(value).decode()


def decode(text: str) -> Any:
    """Return what is in a JSON column."""
    return msgspec.json.decode(text)


def not_offered(what: str) -> ServiceError:
    """Return the error for a member that the local service cannot honour."""
    return validation_error(f"{what} not offered by the local SageMaker service.")
