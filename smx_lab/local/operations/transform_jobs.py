"""Batch transform jobs: CreateTransformJob and its siblings. `jobs` runs them."""

from __future__ import annotations

import sqlite3
from pathlib import Path

from smx_lab.local.context import Answer, Context, Request
from smx_lab.local.jobs.transform_specs import find_model, transform_spec
from smx_lab.local.operations import batch_jobs
from smx_lab.local.protocol.registry import operation
from smx_lab.local.records import batch_jobs as records
from smx_lab.local.records.batch_kinds import TRANSFORM, transform_record, transform_state


@operation("CreateTransformJob", writes=True)
def create_transform_job(cx: sqlite3.Connection, context: Context, request: Request) -> Answer:
    """Create a job and its trial component; it runs as soon as there is room."""

    def check(request: Request, context: Context, folder: Path) -> None:
        transform_spec(request, context, folder, find_model(cx, request["ModelName"]), "")

    arn = batch_jobs.create(cx, context, request, TRANSFORM, check)
    return {"TransformJobArn": arn}


@operation("DescribeTransformJob")
def describe_transform_job(cx: sqlite3.Connection, context: Context, request: Request) -> Answer:
    """Return one transform job in full."""
    return transform_record(context, records.require(cx, TRANSFORM, request["TransformJobName"]))


@operation("StopTransformJob", writes=True)
def stop_transform_job(cx: sqlite3.Connection, context: Context, request: Request) -> Answer:
    """Stop a job; the results of completed files stay."""
    batch_jobs.stop(cx, context, request["TransformJobName"], TRANSFORM)
    return {}


@operation("ListTransformJobs")
def list_transform_jobs(cx: sqlite3.Connection, context: Context, request: Request) -> Answer:
    """Return one page of transform jobs; newest first unless asked otherwise."""
    # The order is as botocore's model documents it.
    rows, token = batch_jobs.list_jobs(cx, request, TRANSFORM, "Descending")
    return {
        "TransformJobSummaries": [transform_state(context, row) for row in rows],
        "NextToken": token,
    }
