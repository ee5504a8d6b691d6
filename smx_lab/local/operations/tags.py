"""Tags on whatever has an ARN here: AddTags, ListTags, DeleteTags."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Sequence

from smx_lab.core.limits import MAX_TAGS
from smx_lab.local.errors import validation_error
from smx_lab.local.operations.registry import Answer, Context, Request, operation
from smx_lab.local.records import entities
from smx_lab.local.records.entities import EXPERIMENT, TRIAL, TRIAL_COMPONENT

TAGGED_TABLES = {
    EXPERIMENT.resource_type: EXPERIMENT.table,
    TRIAL.resource_type: TRIAL.table,
    TRIAL_COMPONENT.resource_type: TRIAL_COMPONENT.table,
    "training-job": "training_job",
    "processing-job": "processing_job",
    "transform-job": "transform_job",
    "model": "model",
    "endpoint-config": "endpoint_config",
    "endpoint": "endpoint",
    "artifact": "artifact",
}
"""The word in an ARN, and the table that has such a resource under its ``name``."""

_KINDS = {kind.resource_type: kind for kind in (EXPERIMENT, TRIAL, TRIAL_COMPONENT)}


@operation("AddTags", writes=True)
def add_tags(cx: sqlite3.Connection, context: Context, request: Request) -> Answer:
    """Add or replace tags; answers all that the resource now has."""
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
    """Take tags away; keys the resource does not have are no error."""
    resource_type, name, _ = _resource(cx, context, request["ResourceArn"])
    cx.executemany(
        "DELETE FROM tag WHERE resource_type = ? AND resource_name = ? AND key = ?",
        [(resource_type, name, key) for key in request["TagKeys"]],
    )
    _touch(cx, context, resource_type, name)
    return {}


def insert_tags(
    cx: sqlite3.Connection, resource_type: str, name: str, tags: Sequence[dict[str, str]]
) -> None:
    """Add or replace tags ``{Key, Value}``. Raises ServiceError for keys no client may set."""
    keys = [tag["Key"] for tag in tags]
    if len(set(keys)) < len(keys):
        raise validation_error("Tag keys must be unique within one request.")
    if any(key.lower().startswith("aws:") for key in keys):
        raise validation_error("aws: prefixed tag key names are not allowed for external use.")
    cx.executemany(
        """
        INSERT INTO tag (resource_type, resource_name, key, value) VALUES (?, ?, ?, ?)
        ON CONFLICT DO UPDATE SET value = excluded.value
        """,
        [(resource_type, name, tag["Key"], tag["Value"]) for tag in tags],
    )


def tags_of(
    cx: sqlite3.Connection, resource_type: str, names: Iterable[str]
) -> dict[str, list[dict[str, str]]]:
    """Return the tags of several resources, by their names in lower case; absent: none."""
    asked = list(names)
    marks = ", ".join("?" * len(asked))
    rows = cx.execute(
        f"""
        SELECT resource_name, key, value FROM tag
        WHERE resource_type = ? AND resource_name IN ({marks})
        ORDER BY resource_name, key
        """,  # noqa: S608 - question marks alone are put into it
        [resource_type, *asked],
    )
    found: dict[str, list[dict[str, str]]] = {}
    for resource_name, key, value in rows:
        found.setdefault(resource_name.lower(), []).append({"Key": key, "Value": value})
    return found


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
