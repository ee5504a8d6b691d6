"""Rows by name, ARNs, JSON columns; what experiments, trials and trial components share."""

from __future__ import annotations

import re
import sqlite3
from typing import Any, NamedTuple

import msgspec

from smx_lab.local.context import Context
from smx_lab.local.errors import ServiceError, resource_not_found, validation_error


class Kind(NamedTuple):
    """One kind of entity: its table, the word in its ARN, and the noun in error messages."""

    table: str
    resource_type: str
    noun: str


EXPERIMENT = Kind("experiment", "experiment", "Experiment")
TRIAL = Kind("trial", "experiment-trial", "Trial")
TRIAL_COMPONENT = Kind("trial_component", "experiment-trial-component", "Trial Component")

_ARN = re.compile(
    r"arn:aws[a-z-]*:sagemaker:(?P<region>[a-z0-9-]*):(?P<account>\d{12}):(?P<rest>.+)"
)


def find_row(cx: sqlite3.Connection, table: str, name: str) -> sqlite3.Row | None:
    """Return the row of a table with this name, None if there is none."""
    row: sqlite3.Row | None = cx.execute(
        f"SELECT * FROM {table} WHERE name = ?",  # noqa: S608 - a table of the schema
        (name,),
    ).fetchone()
    return row


def find(cx: sqlite3.Connection, context: Context, kind: Kind, name: str) -> sqlite3.Row:
    """Return the row with this name. Raises ServiceError (ResourceNotFound)."""
    row = find_row(cx, kind.table, name)
    if row is None:
        raise missing(kind, context.arn(kind.resource_type, name))
    return row


def find_id(cx: sqlite3.Connection, context: Context, kind: Kind, name: str) -> int:
    """Return the id of the row with this name, and read no more. Raises as `find` does."""
    sql = f"SELECT id FROM {kind.table} WHERE name = ?"  # noqa: S608 - one of the three above
    row = cx.execute(sql, (name,)).fetchone()
    if row is None:
        raise missing(kind, context.arn(kind.resource_type, name))
    return int(row[0])


def missing(kind: Kind, arn: str) -> ServiceError:
    """Return the error for an entity that does not exist."""
    return resource_not_found(f"{kind.noun} '{arn}' does not exist.")


def taken(kind: Kind, name: str) -> ServiceError:
    """Return the error for a name in use; SDKs of different ages match either half of it."""
    return validation_error(
        f"{kind.noun} names must be unique within an AWS account and region. "
        f"{kind.noun} with name ({name}) already exists."
    )


def in_use(kind: Kind, arn: str, by: str) -> ServiceError:
    """Return the error for deleting an entity that others refer to."""
    noun = kind.noun.replace(" ", "")
    return validation_error(f"{noun} '{arn}' is linked to 1 or more {by} and cannot be deleted.")


def split_arn(context: Context, arn: str) -> tuple[str, str] | None:
    """Return resource type and name of one of our ARNs, None for any other text."""
    match = _ARN.fullmatch(arn.strip())
    if not match or (match["region"], match["account"]) != (context.region, context.account):
        return None
    resource_type, _, name = match["rest"].partition("/")
    return resource_type.lower(), name


def note_change(context: Context, kind: Kind, entity_id: int) -> None:
    """Note that the present write changes a record, its tags, metrics or parents."""
    if kind is TRIAL_COMPONENT:
        # The version of the store once this write is committed.
        context.component_changes.note(entity_id, context.store.version + 1)


def touch(cx: sqlite3.Connection, context: Context, kind: Kind, entity_id: int) -> None:
    """Set LastModifiedTime to now, so that clients that poll see the change."""
    note_change(context, kind, entity_id)
    cx.execute(
        f"UPDATE {kind.table} SET last_modified_time = :now WHERE id = :id",  # noqa: S608
        {"now": context.now_ms(), "id": entity_id},
    )


def raw(column: str | None) -> msgspec.Raw | None:
    """Return a JSON column as it is, for the answer."""
    return None if column is None else msgspec.Raw(column.encode())


def to_json(value: Any) -> str | None:
    """Return a value as JSON for a column; None stays None."""
    return None if value is None else msgspec.json.encode(value).decode()


def changes(request: dict[str, Any], columns: dict[str, str]) -> dict[str, Any]:
    """Return the members that were sent, under the names of their columns."""
    return {column: request[member] for member, column in columns.items() if member in request}


def update(
    cx: sqlite3.Connection,
    context: Context,
    kind: Kind,
    entity_id: int,
    new: dict[str, Any],
    *,
    by_service: bool = False,
) -> None:
    """Write changed columns, with time and author; a change ``by_service`` has no author."""
    note_change(context, kind, entity_id)
    new = {
        **new,
        "last_modified_time": context.now_ms(),
        "last_modified_by": "{}" if by_service else context.user_context,
    }
    assignments = ", ".join(f"{column} = :{column}" for column in new)
    cx.execute(
        f"UPDATE {kind.table} SET {assignments} WHERE id = :id",  # noqa: S608
        {**new, "id": entity_id},
    )


def authorship(row: sqlite3.Row) -> dict[str, Any]:
    """Return times and authors, in the members that all answers share."""
    return {
        "CreationTime": row["creation_time"],
        "CreatedBy": raw(row["created_by"]),
        "LastModifiedTime": row["last_modified_time"],
        "LastModifiedBy": raw(row["last_modified_by"]),
    }


def insert(cx: sqlite3.Connection, context: Context, kind: Kind, new: dict[str, Any]) -> int:
    """Insert a row with time and author, and return its id. Raises ServiceError if taken."""
    now = context.now_ms()
    new = {
        "creation_time": now,
        "last_modified_time": now,
        "created_by": context.user_context,
        "last_modified_by": context.user_context,
        **new,
    }
    columns, parameters = ", ".join(new), ", ".join(f":{column}" for column in new)
    try:
        cursor = cx.execute(
            f"INSERT INTO {kind.table} ({columns}) VALUES ({parameters})",  # noqa: S608
            new,
        )
    except sqlite3.IntegrityError as error:
        if f"{kind.table}.name" in str(error):
            raise taken(kind, new["name"]) from None
        raise
    entity_id = int(cursor.lastrowid or 0)
    note_change(context, kind, entity_id)
    return entity_id
