"""Endpoints: CreateEndpoint and its siblings. What runs behind them is `hosting`'s."""

from __future__ import annotations

import sqlite3
from typing import Any

from smx_lab.local.errors import validation_error
from smx_lab.local.hosting.specs import container_of
from smx_lab.local.operations import hosted
from smx_lab.local.operations.hosted import ENDPOINT, ENDPOINT_CONFIG, MODEL
from smx_lab.local.operations.paging import BY_NAME_OR_TIME, list_rows
from smx_lab.local.operations.registry import Answer, Context, Request, operation
from smx_lab.local.operations.tags import insert_tags

_IN_PROGRESS = ("Creating", "Updating", "SystemUpdating", "RollingBack")
_NO_VARIANTS_YET = ("Creating", "Failed")


@operation("CreateEndpoint", writes=True)
def create_endpoint(cx: sqlite3.Connection, context: Context, request: Request) -> Answer:
    """Create an endpoint; it answers when its status is InService."""
    name = request["EndpointName"]
    hosted.require_unused(cx, context, ENDPOINT, name)
    config, models = _made_of(cx, context, request["EndpointConfigName"])
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
    """Bring the endpoint up at another configuration; the present one answers until then."""
    row = _find_settled(cx, context, request["EndpointName"])
    name, arn = row["name"], context.arn(ENDPOINT.resource_type, row["name"])
    if row["status"] == "Failed":
        raise validation_error(f'Cannot update failed endpoint "{arn}".')
    config, models = _made_of(cx, context, request["EndpointConfigName"])
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
    """Take an endpoint down; it is gone once its model servers are. Its logs stay."""
    row = hosted.find(cx, context, ENDPOINT, request["EndpointName"])
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
    return endpoint_record(context, hosted.find(cx, context, ENDPOINT, request["EndpointName"]))


@operation("ListEndpoints")
def list_endpoints(cx: sqlite3.Connection, context: Context, request: Request) -> Answer:
    """Return one page of endpoints, newest first unless asked otherwise."""
    where, values = hosted.list_conditions(request)
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


def endpoint_record(context: Context, row: sqlite3.Row) -> dict[str, Any]:
    """Return what Describe and Search say alike of an endpoint."""
    config, models = hosted.decode(row["config"]), hosted.decode(row["models"])
    variants = None
    if row["status"] not in _NO_VARIANTS_YET:
        variants = [
            _variant(variant, models[variant["ModelName"]], row["creation_time"])
            for variant in config["ProductionVariants"]
        ]
    return {
        "EndpointName": row["name"],
        "EndpointArn": context.arn(ENDPOINT.resource_type, row["name"]),
        "EndpointConfigName": config["EndpointConfigName"],
        "ProductionVariants": variants,
        "DataCaptureConfig": config.get("DataCaptureConfig"),
        "EndpointStatus": row["status"],
        "FailureReason": row["failure_reason"],
        "CreationTime": row["creation_time"],
        "LastModifiedTime": row["last_modified_time"],
    }


def _variant(variant: dict[str, Any], model: dict[str, Any], since: int) -> dict[str, Any]:
    image = container_of(model).get("Image")
    deployed = {"SpecifiedImage": image, "ResolvedImage": image, "ResolutionTime": since}
    count = variant.get("InitialInstanceCount")
    return {
        "VariantName": variant["VariantName"],
        "DeployedImages": [deployed] if image else None,
        "CurrentWeight": variant["InitialVariantWeight"],
        "DesiredWeight": variant["InitialVariantWeight"],
        "CurrentInstanceCount": count,
        "DesiredInstanceCount": count,
        "CurrentServerlessConfig": variant.get("ServerlessConfig"),
        "DesiredServerlessConfig": variant.get("ServerlessConfig"),
    }


def _made_of(cx: sqlite3.Connection, context: Context, config_name: str) -> tuple[str, str]:
    """Return the requests of a configuration and of its models, as the endpoint keeps them."""
    config = hosted.find(cx, context, ENDPOINT_CONFIG, config_name)
    variants = hosted.decode(config["request"])["ProductionVariants"]
    models = {
        variant["ModelName"]: hosted.decode(
            hosted.find(cx, context, MODEL, variant["ModelName"])["request"]
        )
        for variant in variants
    }
    return config["request"], hosted.encode(models)


def _find_settled(cx: sqlite3.Connection, context: Context, name: str) -> sqlite3.Row:
    row = hosted.find(cx, context, ENDPOINT, name)
    if row["status"] in (*_IN_PROGRESS, "Deleting"):
        raise _in_progress(context, row["name"])
    return row


def _in_progress(context: Context, name: str) -> Exception:
    arn = context.arn(ENDPOINT.resource_type, name)
    return validation_error(f'Cannot update in-progress endpoint "{arn}".')
