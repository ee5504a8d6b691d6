"""Tags: AddTags, ListTags, DeleteTags."""

from __future__ import annotations

import sqlite3

from smx_lab.core.limits import MAX_TAGS
from smx_lab.local.context import Answer, Context, Request
from smx_lab.local.errors import validation_error
from smx_lab.local.protocol.registry import operation
from smx_lab.local.records import entities
from smx_lab.local.records.entities import EXPERIMENT, TRIAL, TRIAL_COMPONENT
from smx_lab.local.records.tags import TAGGED_TABLES, insert_tags, tags_of

_KINDS = {kind.resource_type: kind for kind in (EXPERIMENT, TRIAL, TRIAL_COMPONENT)}


@operation("AddTags", writes=True)
def add_tags(cx: sqlite3.Connection, context: Context, request: Request) -> Answer:
    """Add or replace tags; return all tags of the resource."""
    resource_type, name, arn = _resource(cx, context, request["ResourceArn"])
    insert_tags(cx, resource_type, name, request["Tags"])
    tags = tags_of(cx, resource_type, [name]).get(name.lower(), [])
    if len(tags) > MAX_TAGS:
        raise validation_error(f"{arn} would have {len(tags)} tags; {MAX_TAGS} are allowed.")
    _touch(cx, context, resource_type, name)
    return {"Tags": tags}


@operation("ListTags")
def list_tags(cx: sqlite3.Connection, context: Context, request: Request) -> Answer:
    """Return all tags of a resource: fifty at most, so always one page."""
    resource_type, name, _ = _resource(cx, context, request["ResourceArn"])
    return {"Tags": tags_of(cx, resource_type, [name]).get(name.lower(), [])}


@operation("DeleteTags", writes=True)
def delete_tags(cx: sqlite3.Connection, context: Context, request: Request) -> Answer:
    """Remove tags; missing keys are no error."""
    resource_type, name, _ = _resource(cx, context, request["ResourceArn"])
    cx.executemany(
        "DELETE FROM tag WHERE resource_type = ? AND resource_name = ? AND key = ?",
        [(resource_type, name, key) for key in request["TagKeys"]],
    )
    _touch(cx, context, resource_type, name)
    return {}


def _resource(cx: sqlite3.Connection, context: Context, arn: str) -> tuple[str, str, str]:
    """Return type, name as stored, and ARN of an existing resource, or raise ServiceError."""
    resource_type, name = entities.split_arn(context, arn) or ("", "")
    table = TAGGED_TABLES.get(resource_type)
    if table:
        sql = f"SELECT name FROM {table} WHERE name = :name"  # noqa: S608 - a table from above
        row = cx.execute(sql, {"name": name}).fetchone()
        if row:
            return resource_type, row["name"], context.arn(resource_type, row["name"])
    if resource_type in _KINDS:
        raise entities.missing(_KINDS[resource_type], arn)
    raise validation_error(f'Could not find resource "{arn}".')


def _touch(cx: sqlite3.Connection, context: Context, resource_type: str, name: str) -> None:
    kind = _KINDS.get(resource_type)
    if kind:
        entities.touch(cx, context, kind, entities.find(cx, context, kind, name)["id"])
