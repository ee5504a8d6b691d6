"""Batch transform jobs: CreateTransformJob and its siblings. What runs them is `jobs`."""

from __future__ import annotations

import sqlite3
from pathlib import Path
from typing import Any

from smx_lab.local.jobs import kinds
from smx_lab.local.jobs.transform_specs import TRANSFORM, find_model, transform_spec
from smx_lab.local.operations import batch_jobs
from smx_lab.local.operations.registry import Answer, Context, Request, operation
from smx_lab.local.records import batch_jobs as records


@operation("CreateTransformJob", writes=True)
def create_transform_job(cx: sqlite3.Connection, context: Context, request: Request) -> Answer:
    """Create a job and its trial component; it runs as soon as there is room."""

    def check(request: Request, context: Context, folder: Path) -> None:
        transform_spec(request, context, folder, find_model(cx, request["ModelName"]), "")

    arn = batch_jobs.create(cx, context, request, TRANSFORM, kinds.TRANSFORM, check)
    return {"TransformJobArn": arn}


@operation("DescribeTransformJob")
def describe_transform_job(cx: sqlite3.Connection, context: Context, request: Request) -> Answer:
    """Return one transform job in full."""
    return transform_record(context, records.require(cx, TRANSFORM, request["TransformJobName"]))


@operation("StopTransformJob", writes=True)
def stop_transform_job(cx: sqlite3.Connection, context: Context, request: Request) -> Answer:
    """Ask a job to end; the answers for whole files stay."""
    batch_jobs.stop(cx, context, request["TransformJobName"], TRANSFORM, kinds.TRANSFORM)
    return {}


@operation("ListTransformJobs")
def list_transform_jobs(cx: sqlite3.Connection, context: Context, request: Request) -> Answer:
    """Return one page of transform jobs; newest first unless asked otherwise."""
    # The order is as botocore's model documents it.
    rows, token = batch_jobs.list_jobs(cx, request, TRANSFORM, "Descending")
    return {
        "TransformJobSummaries": [_state(context, row) for row in rows],
        "NextToken": token,
    }


def transform_record(context: Context, row: sqlite3.Row) -> dict[str, Any]:
    """Return what Describe and Search say alike of a job."""
    return {**batch_jobs.request_of(row), **_state(context, row)}


def _state(context: Context, row: sqlite3.Row) -> dict[str, Any]:
    return {
        "TransformJobName": row["name"],
        "TransformJobArn": context.arn(TRANSFORM.resource_type, row["name"]),
        "TransformJobStatus": row["status"],
        "FailureReason": row["failure_reason"],
        **batch_jobs.times(row, "Transform"),
    }
