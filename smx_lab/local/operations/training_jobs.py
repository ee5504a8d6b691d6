"""Training jobs: CreateTrainingJob and its siblings. What runs them is `jobs`."""

from __future__ import annotations

import sqlite3
from typing import Any

from smx_lab.local.errors import ServiceError, validation_error
from smx_lab.local.jobs.kinds import TRAINING
from smx_lab.local.jobs.request_checks import JobRefusedError
from smx_lab.local.jobs.training_specs import job_spec
from smx_lab.local.operations.hosted import list_conditions
from smx_lab.local.operations.job_trials import trial_of_job
from smx_lab.local.operations.paging import BY_NAME_OR_TIME, list_rows
from smx_lab.local.operations.registry import Answer, Context, Request, operation
from smx_lab.local.operations.tags import insert_tags
from smx_lab.local.operations.trials import associate
from smx_lab.local.records import training_jobs as records
from smx_lab.local.records.training_jobs import RESOURCE_TYPE


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
        # For its errors: what is missing is told at the call, not by a job that fails later.
        job_spec(request, context, context.jobs.folder(TRAINING, name))
    except JobRefusedError as error:
        raise validation_error(str(error)) from error
    trial = trial_of_job(cx, context, request, name)
    component = records.insert_job(cx, context, request)
    if trial is not None:
        associate(cx, context, component, trial)
    insert_tags(cx, RESOURCE_TYPE, name, request.get("Tags", []))
    context.after_commit(lambda: context.jobs.submit(TRAINING, name))
    return {"TrainingJobArn": context.arn(RESOURCE_TYPE, name)}


@operation("DescribeTrainingJob")
def describe_training_job(cx: sqlite3.Connection, context: Context, request: Request) -> Answer:
    """Return one training job in full."""
    return records.describe(context, _find(cx, request["TrainingJobName"]))


@operation("StopTrainingJob", writes=True)
def stop_training_job(cx: sqlite3.Connection, context: Context, request: Request) -> Answer:
    """Ask a job to end; what it has saved by then becomes its model."""
    row = _find(cx, request["TrainingJobName"])
    if row["status"] != "InProgress":
        raise validation_error(
            f"The request was rejected because the training job is in status {row['status']}."
        )
    records.mark_stopping(cx, context, row)
    name = row["name"]
    context.after_commit(lambda: context.jobs.stop(TRAINING, name))
    return {}


@operation("DeleteTrainingJob", writes=True)
def delete_training_job(cx: sqlite3.Connection, context: Context, request: Request) -> Answer:
    """Delete a job that has ended, with its logs; its trial component and its model stay."""
    row = _find(cx, request["TrainingJobName"])
    if row["status"] not in records.ENDED:
        raise ServiceError(
            "ResourceInUse",
            f"The request was rejected because the training job is in status {row['status']}.",
        )
    cx.execute("DELETE FROM training_job WHERE id = :id", {"id": row["id"]})
    name = row["name"]
    context.after_commit(lambda: context.jobs.forget(TRAINING, name))
    return {}


@operation("ListTrainingJobs")
def list_training_jobs(cx: sqlite3.Connection, context: Context, request: Request) -> Answer:
    """Return one page of training jobs; oldest first unless asked otherwise."""
    where, values = list_conditions(request)
    rows, token = list_rows(
        cx,
        "training_job",
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
