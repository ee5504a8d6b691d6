"""Endpoints: CreateEndpoint and its siblings. `hosting` runs their model servers."""

from __future__ import annotations

import sqlite3

import msgspec

from smx_lab.local.context import Answer, Context, Request
from smx_lab.local.errors import validation_error
from smx_lab.local.protocol.registry import operation
from smx_lab.local.records import hosting
from smx_lab.local.records.endpoints import endpoint_record
from smx_lab.local.records.entities import to_json
from smx_lab.local.records.hosting import ENDPOINT, ENDPOINT_CONFIG, MODEL
from smx_lab.local.records.paging import BY_NAME_OR_TIME, list_conditions, list_rows
from smx_lab.local.records.tags import insert_tags

_IN_PROGRESS = ("Creating", "Updating", "SystemUpdating", "RollingBack")


@operation("CreateEndpoint", writes=True)
def create_endpoint(cx: sqlite3.Connection, context: Context, request: Request) -> Answer:
    """Create an endpoint; it can be invoked when its status is InService."""
    name = request["EndpointName"]
    hosting.require_unused(cx, context, ENDPOINT, name)
    config, models = _encode_requests(cx, context, request["EndpointConfigName"])
    cx.execute(
        """
        INSERT INTO endpoint (name, config, models, status, creation_time, last_modified_time)
        VALUES (:name, :config, :models, 'Creating', :now, :now)
        """,
        {"name": name, "config": config, "models": models, "now": context.now_ms()},
    )
    insert_tags(cx, ENDPOINT.resource_type, name, request.get("Tags", []))
    context.after_commit(lambda: context.hosting.create(name))
    return {"EndpointArn": context.arn(ENDPOINT.resource_type, name)}


@operation("UpdateEndpoint", writes=True)
def update_endpoint(cx: sqlite3.Connection, context: Context, request: Request) -> Answer:
    """Update an endpoint to another configuration; the present one serves until it is ready."""
    row = _find_settled(cx, context, request["EndpointName"])
    name, arn = row["name"], context.arn(ENDPOINT.resource_type, row["name"])
    if row["status"] == "Failed":
        raise validation_error(f'Cannot update failed endpoint "{arn}".')
    config, models = _encode_requests(cx, context, request["EndpointConfigName"])
    cx.execute(
        """
        UPDATE endpoint
        SET wanted_config = :config,
            wanted_models = :models,
            status = 'Updating',
            failure_reason = NULL,
            last_modified_time = :now
        WHERE id = :id
        """,
        {"config": config, "models": models, "now": context.now_ms(), "id": row["id"]},
    )
    context.after_commit(lambda: context.hosting.update(name))
    return {"EndpointArn": arn}


@operation("DeleteEndpoint", writes=True)
def delete_endpoint(cx: sqlite3.Connection, context: Context, request: Request) -> Answer:
    """Delete an endpoint; it disappears once its model servers have ended. Its logs stay."""
    row = hosting.find(cx, context, ENDPOINT, request["EndpointName"])
    if row["status"] in ("Creating", "Updating", "Deleting"):
        raise _in_progress(context, row["name"])
    cx.execute(
        """
        UPDATE endpoint
        SET status = 'Deleting',
            last_modified_time = :now
        WHERE id = :id
        """,
        {"now": context.now_ms(), "id": row["id"]},
    )
    name = row["name"]
    context.after_commit(lambda: context.hosting.delete(name))
    return {}


@operation("DescribeEndpoint")
def describe_endpoint(cx: sqlite3.Connection, context: Context, request: Request) -> Answer:
    """Return one endpoint in full."""
    return endpoint_record(context, hosting.find(cx, context, ENDPOINT, request["EndpointName"]))


@operation("ListEndpoints")
def list_endpoints(cx: sqlite3.Connection, context: Context, request: Request) -> Answer:
    """Return one page of endpoints, newest first unless asked otherwise."""
    where, values = list_conditions(request)
    rows, token = list_rows(
        cx,
        "endpoint",
        request,
        where=where,
        parameters=values,
        sort_columns={**BY_NAME_OR_TIME, "Status": "r.status"},
    )
    summaries = [
        {
            "EndpointName": row["name"],
            "EndpointArn": context.arn(ENDPOINT.resource_type, row["name"]),
            "CreationTime": row["creation_time"],
            "LastModifiedTime": row["last_modified_time"],
            "EndpointStatus": row["status"],
        }
        for row in rows
    ]
    return {"Endpoints": summaries, "NextToken": token}


def _encode_requests(cx: sqlite3.Connection, context: Context, config_name: str) -> tuple[str, str]:
    """Return the requests of a configuration and of its models, as an endpoint stores them."""
    config = hosting.find(cx, context, ENDPOINT_CONFIG, config_name)
    variants = msgspec.json.decode(config["request"])["ProductionVariants"]
    models = {
        variant["ModelName"]: msgspec.json.decode(
            hosting.find(cx, context, MODEL, variant["ModelName"])["request"]
        )
        for variant in variants
    }
    return config["request"], to_json(models) or "null"


def _find_settled(cx: sqlite3.Connection, context: Context, name: str) -> sqlite3.Row:
    row = hosting.find(cx, context, ENDPOINT, name)
    if row["status"] in (*_IN_PROGRESS, "Deleting"):
        raise _in_progress(context, row["name"])
    return row


def _in_progress(context: Context, name: str) -> Exception:
    arn = context.arn(ENDPOINT.resource_type, name)
    return validation_error(f'Cannot update in-progress endpoint "{arn}".')
