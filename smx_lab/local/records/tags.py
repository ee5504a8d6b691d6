"""Tags of all resources with an ARN."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Sequence

from smx_lab.local.context import Request
from smx_lab.local.errors import validation_error
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
"""The table of a resource type, by the word in its ARN."""


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
    """Return the tags of several resources, by name in lower case; without tags it is absent."""
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


def without_tags(request: Request) -> Request:
    """Return a request without its tags, which have a table of their own."""
    return {member: value for member, value in request.items() if member != "Tags"}
