"""Create, stop, delete and list for processing and transform jobs."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from pathlib import Path

from smx_lab.local.context import Context, Request
from smx_lab.local.errors import ServiceError, validation_error
from smx_lab.local.jobs.request_checks import JobRefusedError
from smx_lab.local.records import batch_jobs as records
from smx_lab.local.records.batch_kinds import BatchKind
from smx_lab.local.records.experiment_config import trial_of_job
from smx_lab.local.records.experiments import associate
from smx_lab.local.records.jobs import ENDED
from smx_lab.local.records.paging import BY_NAME_OR_TIME, list_conditions, list_rows
from smx_lab.local.records.tags import insert_tags


def create(
    cx: sqlite3.Connection,
    context: Context,
    request: Request,
    kind: BatchKind,
    check: Callable[[Request, Context, Path], object],
) -> str:
    """Create a job and its trial component, and queue it; return its ARN.

    ``check`` raises JobRefusedError for errors that can be found before the job runs.
    """
    name = request[kind.name_member]
    records.require_unused(cx, context, kind, name)
    try:
        check(request, context, context.jobs.folder(kind.word, name))
    except JobRefusedError as error:
        raise validation_error(str(error)) from error
    trial = trial_of_job(cx, context, request, name)
    component = records.insert(cx, context, kind, request)
    if trial is not None:
        associate(cx, context, component, trial)
    insert_tags(cx, kind.resource_type, name, request.get("Tags", []))
    context.after_commit(lambda: context.jobs.submit(kind.word, name))
    return context.arn(kind.resource_type, name)


def stop(cx: sqlite3.Connection, context: Context, name: str, kind: BatchKind) -> None:
    """Stop a job."""
    row = records.require(cx, kind, name)
    records.mark_stopping(cx, context, kind, row)
    stored = row["name"]
    context.after_commit(lambda: context.jobs.stop(kind.word, stored))


def delete(cx: sqlite3.Connection, context: Context, name: str, kind: BatchKind) -> None:
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
    context.after_commit(lambda: context.jobs.forget(kind.word, stored))


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
