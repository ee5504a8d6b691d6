"""The rows of endpoints, and what they look like in answers."""

from __future__ import annotations

import sqlite3
from typing import Any, NamedTuple

import msgspec

from smx_lab.local.context import Context
from smx_lab.local.records.hosting import ENDPOINT, container_of

_NO_VARIANTS_YET = ("Creating", "Failed")


class MadeOf(NamedTuple):
    """The requests that an endpoint is made from, now or after an update."""

    config: dict[str, Any]
    """CreateEndpointConfig's."""
    models: dict[str, dict[str, Any]]
    """CreateModel's, by the name the config uses."""


def all_endpoints(cx: sqlite3.Connection) -> list[tuple[str, str]]:
    """Return name and status of every endpoint, oldest first."""
    return [
        (row["name"], row["status"])
        for row in cx.execute("SELECT name, status FROM endpoint ORDER BY id")
    ]


def made_of(cx: sqlite3.Connection, name: str, *, wanted: bool) -> MadeOf:
    """Return what an endpoint is made of, or, if ``wanted``, what its update asks for."""
    columns = "wanted_config, wanted_models" if wanted else "config, models"
    row = cx.execute(
        f"SELECT {columns} FROM endpoint WHERE name = :name",  # noqa: S608 - two constants
        {"name": name},
    ).fetchone()
    return MadeOf(msgspec.json.decode(row[0]), msgspec.json.decode(row[1]))


def set_status(
    cx: sqlite3.Connection, name: str, now_ms: int, status: str, reason: str | None
) -> None:
    """Store the status of an endpoint, unless it is being deleted."""
    cx.execute(
        """
        UPDATE endpoint
        SET status = :status,
            failure_reason = :reason,
            last_modified_time = :now
        WHERE name = :name
          AND status <> 'Deleting'
        """,
        {"name": name, "status": status, "reason": _shorten(reason), "now": now_ms},
    )


def end_update(
    cx: sqlite3.Connection,
    name: str,
    now_ms: int,
    *,
    succeeded: bool,
    status: str,
    reason: str | None,
) -> None:
    """Apply the wanted configuration, or drop it with a failure reason."""
    cx.execute(
        """
        UPDATE endpoint
        SET config = CASE WHEN :succeeded THEN wanted_config ELSE config END,
            models = CASE WHEN :succeeded THEN wanted_models ELSE models END,
            wanted_config = NULL,
            wanted_models = NULL,
            status = :status,
            failure_reason = :reason,
            last_modified_time = :now
        WHERE name = :name
          AND status = 'Updating'
        """,
        {
            "name": name,
            "succeeded": succeeded,
            "status": status,
            "reason": _shorten(reason),
            "now": now_ms,
        },
    )


def delete_endpoint(cx: sqlite3.Connection, name: str) -> None:
    """Delete the row of an endpoint whose servers have ended."""
    cx.execute(
        """
        DELETE FROM endpoint
        WHERE name = :name
          AND status = 'Deleting'
        """,
        {"name": name},
    )


def _shorten(reason: str | None) -> str | None:
    """Cut a failure reason to the member's 1024 characters (botocore's model)."""
    return reason[:1024] if reason else reason


def endpoint_record(context: Context, row: sqlite3.Row) -> dict[str, Any]:
    """Return the members that Describe and Search share for an endpoint."""
    config, models = msgspec.json.decode(row["config"]), msgspec.json.decode(row["models"])
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
