"""Processing jobs: CreateProcessingJob and its siblings. `jobs` runs them."""

from __future__ import annotations

import sqlite3

from smx_lab.local.context import Answer, Context, Request
from smx_lab.local.jobs.processing_specs import processing_spec
from smx_lab.local.operations import batch_jobs
from smx_lab.local.protocol.registry import operation
from smx_lab.local.records import batch_jobs as records
from smx_lab.local.records.batch_kinds import PROCESSING, processing_record, processing_state


@operation("CreateProcessingJob", writes=True)
def create_processing_job(cx: sqlite3.Connection, context: Context, request: Request) -> Answer:
    """Create a job and its trial component; it runs as soon as there is room."""
    arn = batch_jobs.create(cx, context, request, PROCESSING, processing_spec)
    return {"ProcessingJobArn": arn}


@operation("DescribeProcessingJob")
def describe_processing_job(cx: sqlite3.Connection, context: Context, request: Request) -> Answer:
    """Return one processing job in full."""
    return processing_record(context, records.require(cx, PROCESSING, request["ProcessingJobName"]))


@operation("StopProcessingJob", writes=True)
def stop_processing_job(cx: sqlite3.Connection, context: Context, request: Request) -> Answer:
    """Stop a job; what it has written by then is uploaded."""
    batch_jobs.stop(cx, context, request["ProcessingJobName"], PROCESSING)
    return {}


@operation("DeleteProcessingJob", writes=True)
def delete_processing_job(cx: sqlite3.Connection, context: Context, request: Request) -> Answer:
    """Delete a job that has ended, with its log; its trial component and its outputs stay."""
    batch_jobs.delete(cx, context, request["ProcessingJobName"], PROCESSING)
    return {}


@operation("ListProcessingJobs")
def list_processing_jobs(cx: sqlite3.Connection, context: Context, request: Request) -> Answer:
    """Return one page of processing jobs; oldest first unless asked otherwise."""
    # The order is as botocore's model documents it.
    rows, token = batch_jobs.list_jobs(cx, request, PROCESSING, "Ascending")
    return {
        "ProcessingJobSummaries": [processing_state(context, row) for row in rows],
        "NextToken": token,
    }
