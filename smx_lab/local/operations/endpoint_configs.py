"""Endpoint configurations: CreateEndpointConfig and its siblings. They never change."""

from __future__ import annotations

import sqlite3

import msgspec

from smx_lab.local.context import Answer, Context, Request
from smx_lab.local.errors import not_offered, validation_error
from smx_lab.local.protocol.registry import operation
from smx_lab.local.records import hosting
from smx_lab.local.records.hosting import ENDPOINT_CONFIG, MODEL
from smx_lab.local.records.paging import list_conditions, list_rows
from smx_lab.local.records.tags import insert_tags


@operation("CreateEndpointConfig", writes=True)
def create_endpoint_config(cx: sqlite3.Connection, context: Context, request: Request) -> Answer:
    """Create an endpoint configuration of models that exist."""
    name = request["EndpointConfigName"]
    hosting.require_unused(cx, context, ENDPOINT_CONFIG, name)
    if "ShadowProductionVariants" in request or "AsyncInferenceConfig" in request:
        raise not_offered("Shadow variants and asynchronous inference are")
    variants = request["ProductionVariants"]
    if len({variant["VariantName"] for variant in variants}) < len(variants):
        raise validation_error("The variant names of a configuration must be unique.")
    for variant in variants:
        if "ModelName" not in variant:
            raise not_offered("Production variants without ModelName are")
        hosting.find(cx, context, MODEL, variant["ModelName"])
        # SageMaker answers with the default weight even when none was sent.
        variant.setdefault("InitialVariantWeight", 1.0)
    hosting.insert_request(cx, context, ENDPOINT_CONFIG, name, request)
    insert_tags(cx, ENDPOINT_CONFIG.resource_type, name, request.get("Tags", []))
    return {"EndpointConfigArn": context.arn(ENDPOINT_CONFIG.resource_type, name)}


@operation("DescribeEndpointConfig")
def describe_endpoint_config(cx: sqlite3.Connection, context: Context, request: Request) -> Answer:
    """Return one endpoint configuration in full."""
    row = hosting.find(cx, context, ENDPOINT_CONFIG, request["EndpointConfigName"])
    return {
        **msgspec.json.decode(row["request"]),
        "EndpointConfigName": row["name"],
        "EndpointConfigArn": context.arn(ENDPOINT_CONFIG.resource_type, row["name"]),
        "CreationTime": row["creation_time"],
    }


@operation("DeleteEndpointConfig", writes=True)
def delete_endpoint_config(cx: sqlite3.Connection, context: Context, request: Request) -> Answer:
    """Delete an endpoint configuration, even one in use, as SageMaker does."""
    row = hosting.find(cx, context, ENDPOINT_CONFIG, request["EndpointConfigName"])
    cx.execute("DELETE FROM endpoint_config WHERE id = :id", {"id": row["id"]})
    return {}


@operation("ListEndpointConfigs")
def list_endpoint_configs(cx: sqlite3.Connection, context: Context, request: Request) -> Answer:
    """Return one page of endpoint configurations, newest first unless asked otherwise."""
    where, values = list_conditions(request)
    rows, token = list_rows(cx, "endpoint_config", request, where=where, parameters=values)
    summaries = [
        {
            "EndpointConfigName": row["name"],
            "EndpointConfigArn": context.arn(ENDPOINT_CONFIG.resource_type, row["name"]),
            "CreationTime": row["creation_time"],
        }
        for row in rows
    ]
    return {"EndpointConfigs": summaries, "NextToken": token}
