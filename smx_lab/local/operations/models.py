"""Models: CreateModel and its siblings."""

from __future__ import annotations

import sqlite3

from smx_lab.local.context import Answer, Context, Request
from smx_lab.local.errors import not_offered, validation_error
from smx_lab.local.files.locations import LocationError
from smx_lab.local.hosting.specs import submit_directory
from smx_lab.local.protocol.registry import operation
from smx_lab.local.records import hosting
from smx_lab.local.records.hosting import MODEL, container_of, model_data_location, model_record
from smx_lab.local.records.paging import list_conditions, list_rows
from smx_lab.local.records.tags import insert_tags


@operation("CreateModel", writes=True)
def create_model(cx: sqlite3.Connection, context: Context, request: Request) -> Answer:
    """Create a model; its data and code must exist already."""
    name = request["ModelName"]
    hosting.require_unused(cx, context, MODEL, name)
    _require_runnable(context, request)
    hosting.insert_request(cx, context, MODEL, name, request)
    insert_tags(cx, MODEL.resource_type, name, request.get("Tags", []))
    return {"ModelArn": context.arn(MODEL.resource_type, name)}


@operation("DescribeModel")
def describe_model(cx: sqlite3.Connection, context: Context, request: Request) -> Answer:
    """Return one model in full."""
    return model_record(context, hosting.find(cx, context, MODEL, request["ModelName"]))


@operation("DeleteModel", writes=True)
def delete_model(cx: sqlite3.Connection, context: Context, request: Request) -> Answer:
    """Delete a model; its data stays, and endpoints that use it keep running."""
    row = hosting.find(cx, context, MODEL, request["ModelName"])
    cx.execute("DELETE FROM model WHERE id = :id", {"id": row["id"]})
    return {}


@operation("ListModels")
def list_models(cx: sqlite3.Connection, context: Context, request: Request) -> Answer:
    """Return one page of models, newest first unless asked otherwise."""
    where, values = list_conditions(request)
    rows, token = list_rows(cx, "model", request, where=where, parameters=values)
    summaries = [
        {
            "ModelName": row["name"],
            "ModelArn": context.arn(MODEL.resource_type, row["name"]),
            "CreationTime": row["creation_time"],
        }
        for row in rows
    ]
    return {"Models": summaries, "NextToken": token}


def _require_runnable(context: Context, request: Request) -> None:
    containers = request.get("Containers", [])
    if len(containers) > 1:
        raise not_offered("Inference pipelines (more than one container) are")
    if containers and "PrimaryContainer" in request:
        raise validation_error(
            "Only one of PrimaryContainer and Containers can be specified in a request."
        )
    if not containers and "PrimaryContainer" not in request:
        raise validation_error("PrimaryContainer or Containers must be specified.")
    container = container_of(request)
    if container.get("Mode") == "MultiModel":
        raise not_offered("Multi-model endpoints are")
    if "ModelPackageName" in container:
        raise not_offered("Model packages are")
    data = model_data_location(container)
    try:
        if data is not None and not context.local_path(data).exists():
            raise validation_error(f"Could not find model data at {data}.")
        submit_directory(container, context)
    except LocationError as error:
        raise validation_error(str(error)) from error
