"""What the operations on processing and on transform jobs have in common."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from pathlib import Path
from typing import Any

import msgspec

from smx_lab.local.errors import ServiceError, validation_error
from smx_lab.local.jobs.kinds import JobKind
from smx_lab.local.jobs.request_checks import JobRefusedError
from smx_lab.local.operations.hosted import list_conditions
from smx_lab.local.operations.job_trials import trial_of_job
from smx_lab.local.operations.paging import BY_NAME_OR_TIME, list_rows
from smx_lab.local.operations.registry import Context, Request
from smx_lab.local.operations.tags import insert_tags
from smx_lab.local.operations.trials import associate
from smx_lab.local.records import batch_jobs as records
from smx_lab.local.records.batch_jobs import BatchKind
from smx_lab.local.records.training_jobs import ENDED


def create(
    cx: sqlite3.Connection,
    context: Context,
    request: Request,
    kind: BatchKind,
    runs_as: JobKind,
    check: Callable[[Request, Context, Path], object],
) -> str:
    """Create a job and its trial component, and queue it; return its ARN.

    ``check`` raises JobRefusedError for what can be seen to be wrong now.
    """
    name = request[kind.name_member]
    records.require_unused(cx, context, kind, name)
    try:
        check(request, context, context.jobs.folder(runs_as, name))
    except JobRefusedError as error:
        raise validation_error(str(error)) from error
    trial = trial_of_job(cx, context, request, name)
    component = records.insert(cx, context, kind, request)
    if trial is not None:
        associate(cx, context, component, trial)
    insert_tags(cx, kind.resource_type, name, request.get("Tags", []))
    context.after_commit(lambda: context.jobs.submit(runs_as, name))
    return context.arn(kind.resource_type, name)


def stop(
    cx: sqlite3.Connection, context: Context, name: str, kind: BatchKind, runs_as: JobKind
) -> None:
    """Ask a job to end."""
    row = records.require(cx, kind, name)
    records.mark_stopping(cx, context, kind, row)
    stored = row["name"]
    context.after_commit(lambda: context.jobs.stop(runs_as, stored))


def delete(
    cx: sqlite3.Connection, context: Context, name: str, kind: BatchKind, runs_as: JobKind
) -> None:
    """Delete a job that has ended, with its log; its trial component and its outputs stay."""
    row = records.require(cx, kind, name)
    if row["status"] not in ENDED:
        raise ServiceError(
            "ResourceInUse",
            f"The request was rejected because the {kind.noun.lower()} is in status "
            f"{row['status']}.",
        )
    cx.execute(f"DELETE FROM {kind.table} WHERE id = :id", {"id": row["id"]})  # noqa: S608
    stored = row["name"]
    context.after_commit(lambda: context.jobs.forget(runs_as, stored))


def list_jobs(
    cx: sqlite3.Connection, request: Request, kind: BatchKind, sort_order: str
) -> tuple[list[sqlite3.Row], str | None]:
    """Return one page of jobs, and the token of the next one or None."""
    where, values = list_conditions(request)
    return list_rows(
        cx,
        kind.table,
        request,
        where=where,
        parameters=values,
        sort_columns={**BY_NAME_OR_TIME, "Status": "r.status"},
        sort_order=sort_order,
    )


def times(row: sqlite3.Row, prefix: str) -> dict[str, Any]:
    """Return the times of a job, under the names that its kind gives them."""
    return {
        "CreationTime": row["creation_time"],
        "LastModifiedTime": row["last_modified_time"],
        f"{prefix}StartTime": row["start_time"],
        f"{prefix}EndTime": row["end_time"],
    }


def request_of(row: sqlite3.Row) -> dict[str, Any]:
    """Return the request that a job was made of."""
    request: dict[str, Any] = msgspec.json.decode(row["request"])
    return request
