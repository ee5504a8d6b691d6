"""Training jobs: CreateTrainingJob and its siblings. `jobs` runs them."""

from __future__ import annotations

import sqlite3
from typing import Any

from smx_lab.local.context import Answer, Context, Request
from smx_lab.local.errors import ServiceError, validation_error
from smx_lab.local.jobs.request_checks import JobRefusedError
from smx_lab.local.jobs.training_specs import job_spec
from smx_lab.local.protocol.registry import operation
from smx_lab.local.records import training_jobs as records
from smx_lab.local.records.experiment_config import trial_of_job
from smx_lab.local.records.experiments import associate
from smx_lab.local.records.jobs import ENDED
from smx_lab.local.records.paging import BY_NAME_OR_TIME, list_conditions, list_rows
from smx_lab.local.records.tags import insert_tags
from smx_lab.local.records.training_jobs import RESOURCE_TYPE, TABLE


@operation("CreateTrainingJob", writes=True)
def create_training_job(cx: sqlite3.Connection, context: Context, request: Request) -> Answer:
    """Create a job and its trial component; it runs as soon as there is room."""
    name = request["TrainingJobName"]
    existing = records.find_job(cx, name)
    if existing is not None:
        arn = context.arn(RESOURCE_TYPE, existing["name"])
        raise ServiceError(
            "ResourceInUse",
            "Training job names must be unique within an AWS account and region, and a training "
            f"job with this name already exists ({arn})",
        )
    try:
        # For its errors: the call reports what is missing, not a job that fails later.
        job_spec(request, context, context.jobs.folder("training", name))
    except JobRefusedError as error:
        raise validation_error(str(error)) from error
    trial = trial_of_job(cx, context, request, name)
    component = records.insert_job(cx, context, request)
    if trial is not None:
        associate(cx, context, component, trial)
    insert_tags(cx, RESOURCE_TYPE, name, request.get("Tags", []))
    context.after_commit(lambda: context.jobs.submit("training", name))
    return {"TrainingJobArn": context.arn(RESOURCE_TYPE, name)}


@operation("DescribeTrainingJob")
def describe_training_job(cx: sqlite3.Connection, context: Context, request: Request) -> Answer:
    """Return one training job in full."""
    return records.training_record(context, _find(cx, request["TrainingJobName"]))


@operation("StopTrainingJob", writes=True)
def stop_training_job(cx: sqlite3.Connection, context: Context, request: Request) -> Answer:
    """Stop a job; what it has saved by then becomes its model."""
    row = _find(cx, request["TrainingJobName"])
    if row["status"] != "InProgress":
        raise validation_error(
            f"The request was rejected because the training job is in status {row['status']}."
        )
    records.mark_stopping(cx, context, row)
    name = row["name"]
    context.after_commit(lambda: context.jobs.stop("training", name))
    return {}


@operation("DeleteTrainingJob", writes=True)
def delete_training_job(cx: sqlite3.Connection, context: Context, request: Request) -> Answer:
    """Delete a job that has ended, with its logs; its trial component and its model stay."""
    row = _find(cx, request["TrainingJobName"])
    if row["status"] not in ENDED:
        raise ServiceError(
            "ResourceInUse",
            f"The request was rejected because the training job is in status {row['status']}.",
        )
    cx.execute("DELETE FROM training_job WHERE id = :id", {"id": row["id"]})
    name = row["name"]
    context.after_commit(lambda: context.jobs.forget("training", name))
    return {}


@operation("ListTrainingJobs")
def list_training_jobs(cx: sqlite3.Connection, context: Context, request: Request) -> Answer:
    """Return one page of training jobs; oldest first unless asked otherwise."""
    where, values = list_conditions(request)
    rows, token = list_rows(
        cx,
        TABLE,
        request,
        where=where,
        parameters=values,
        sort_columns={**BY_NAME_OR_TIME, "Status": "r.status"},
        sort_order="Ascending",  # as botocore's model documents it
    )
    return {
        "TrainingJobSummaries": [_summary(context, row) for row in rows],
        "NextToken": token,
    }


def _summary(context: Context, row: sqlite3.Row) -> dict[str, Any]:
    return {
        "TrainingJobName": row["name"],
        "TrainingJobArn": context.arn(RESOURCE_TYPE, row["name"]),
        "CreationTime": row["creation_time"],
        "TrainingEndTime": row["training_end_time"],
        "LastModifiedTime": row["last_modified_time"],
        "TrainingJobStatus": row["status"],
        "SecondaryStatus": row["secondary_status"],
    }


def _find(cx: sqlite3.Connection, name: str) -> sqlite3.Row:
    row = records.find_job(cx, name)
    if row is None:
        # Not ResourceNotFound, although the API's model says so: recorded answers are these.
        raise validation_error("Requested resource not found.")
    return row
