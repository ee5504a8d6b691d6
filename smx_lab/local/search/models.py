"""Models as a resource of Search: a record is a model and the endpoints that use it."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from typing import Any

from smx_lab.local.context import Context
from smx_lab.local.records import hosting
from smx_lab.local.records.hosting import model_record
from smx_lab.local.records.tags import tags_of
from smx_lab.local.search.properties import Value
from smx_lab.local.search.resources import Resource, searchable

_VALUES = {
    "ModelName": Value("name", text="r.name"),
    "ExecutionRoleArn": Value("text", text="json_extract(r.request, '$.ExecutionRoleArn')"),
    "EnableNetworkIsolation": Value(
        "text",
        text="iif(json_extract(r.request, '$.EnableNetworkIsolation'), 'true', 'false')",
    ),
    "PrimaryContainer.Image": Value(
        "text", text="json_extract(r.request, '$.PrimaryContainer.Image')"
    ),
    "PrimaryContainer.ModelDataUrl": Value(
        "text", text="json_extract(r.request, '$.PrimaryContainer.ModelDataUrl')"
    ),
    "CreationTime": Value("time", number="r.creation_time"),
}


def _records(cx: sqlite3.Connection, context: Context, ids: Sequence[int]) -> list[dict[str, Any]]:
    marks = ", ".join("?" * len(ids))
    rows = {
        row["id"]: row
        for row in cx.execute(f"SELECT * FROM model WHERE id IN ({marks})", ids)  # noqa: S608
    }
    names = [row["name"] for row in rows.values()]
    tags = tags_of(cx, hosting.MODEL.resource_type, names)
    endpoints = _endpoints(cx, context, names)
    return [
        {
            "Model": {
                **model_record(context, rows[number]),
                "Tags": tags.get(rows[number]["name"].lower(), []),
            },
            "Endpoints": endpoints.get(rows[number]["name"].lower(), []),
        }
        for number in ids
        if number in rows
    ]


def _endpoints(
    cx: sqlite3.Connection, context: Context, names: Sequence[str]
) -> dict[str, list[dict[str, Any]]]:
    """Return the endpoints that use models, by the models' names in lower case."""
    marks = ", ".join("?" * len(names))
    found: dict[str, list[dict[str, Any]]] = {}
    for row in cx.execute(
        f"""
        SELECT m.key AS model, e.name, e.status, e.creation_time, e.last_modified_time
        FROM endpoint AS e, json_each(e.models) AS m
        WHERE m.key COLLATE NOCASE IN ({marks})
        ORDER BY e.id
        """,  # noqa: S608 - question marks
        names,
    ):
        endpoint = {
            "EndpointName": row["name"],
            "EndpointArn": context.arn(hosting.ENDPOINT.resource_type, row["name"]),
            "EndpointStatus": row["status"],
            "CreationTime": row["creation_time"],
            "LastModifiedTime": row["last_modified_time"],
        }
        found.setdefault(row["model"].lower(), []).append(endpoint)
    return found


searchable(
    Resource(
        name="Model",
        wrapper="Model",
        table="model",
        resource_type=hosting.MODEL.resource_type,
        records=_records,
        values={
            # By the path in the record, which holds a model in a model, and by the model's own.
            **_VALUES,
            **{f"Model.{path}": value for path, value in _VALUES.items()},
            # A model never changes; Search sorts by this by default.
            "LastModifiedTime": _VALUES["CreationTime"],
        },
        often=frozenset({"modelname", "model.modelname", "tags"}),
    )
)
