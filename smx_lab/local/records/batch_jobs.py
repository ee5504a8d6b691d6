"""The rows of processing and transform jobs and their trial components.

The process of a job writes events (`job_process`). Each is applied once, in one transaction with
the offset after it.
"""

from __future__ import annotations

import sqlite3
from typing import Any

import msgspec

from smx_lab.local.context import Context, Request, from_ms
from smx_lab.local.errors import ServiceError, validation_error
from smx_lab.local.records import entities
from smx_lab.local.records.batch_kinds import BatchKind
from smx_lab.local.records.experiment_config import join_run, update_run
from smx_lab.local.records.jobs import ENDED, MAX_MESSAGE_CHARS, MAX_REASON_CHARS, has_component
from smx_lab.local.records.tags import without_tags
from smx_lab.local.records.trial_components import Source, insert_trial_component, merge_update
from smx_lab.local.supervision.supervisor_client import Event


def find(cx: sqlite3.Connection, kind: BatchKind, name: str) -> sqlite3.Row | None:
    """Return the row of a job."""
    return entities.find_row(cx, kind.table, name)


def require(cx: sqlite3.Connection, kind: BatchKind, name: str) -> sqlite3.Row:
    """Return the row of a job; raises ServiceError if there is none."""
    row = find(cx, kind, name)
    if row is None:
        # Not ResourceNotFound, although the API's model says so: recorded answers are these.
        raise validation_error(f"Could not find requested job with name: {name}")
    return row


def require_unused(cx: sqlite3.Connection, context: Context, kind: BatchKind, name: str) -> None:
    """Raise ServiceError if the name is taken."""
    existing = find(cx, kind, name)
    if existing is not None:
        arn = context.arn(kind.resource_type, existing["name"])
        raise ServiceError(
            "ResourceInUse",
            "Job name must be unique within an AWS account and region, and a job with this name "
            f"already exists ({arn})",
        )


def insert(cx: sqlite3.Connection, context: Context, kind: BatchKind, request: Request) -> str:
    """Insert a job and its trial component; return the component's name."""
    name, now = request[kind.name_member], context.now_ms()
    component = f"{name}-aws-{kind.resource_type}"
    kept = entities.to_json(without_tags(request))
    cx.execute(
        f"""
        INSERT INTO {kind.table} (
            name, request, status, trial_component_name, creation_time, last_modified_time
        ) VALUES (
            :name, :request, 'InProgress', :component, :now, :now
        )
        """,  # noqa: S608 - one of two constants
        {"name": name, "request": kept, "component": component, "now": now},
    )
    source = Source(kind.source_type, context.arn(kind.resource_type, name))
    created = {
        "TrialComponentName": component,
        "Status": _status(kind, "InProgress", None, None),
        "Tags": request.get("Tags", []),
        **kind.inputs(cx, request),
    }
    display_name = request.get("ExperimentConfig", {}).get("TrialComponentDisplayName")
    if display_name:
        created["DisplayName"] = display_name
    insert_trial_component(cx, context, created, source=source)
    join_run(cx, context, request, source, created)
    return component


def mark_stopping(
    cx: sqlite3.Connection, context: Context, kind: BatchKind, row: sqlite3.Row
) -> None:
    """Set a job to Stopping; raises ServiceError if it is not in progress."""
    if row["status"] != "InProgress":
        raise validation_error(
            f"The request was rejected because the {kind.noun.lower()} is in status "
            f"{row['status']}."
        )
    _save(cx, context, kind, {**row, "status": "Stopping"})


def apply_events(
    cx: sqlite3.Connection,
    context: Context,
    kind: BatchKind,
    name: str,
    events: list[Event],
    offset: int,
) -> None:
    """Apply events to the job and its trial component; ``offset`` is the one after them."""
    row = find(cx, kind, name)
    if row is None or row["events_offset"] >= offset:
        return
    new = {**row, "events_offset": offset}
    for event in events:
        now = int(event["time"] * 1000)
        if event["kind"] == "begin":
            new["start_time"] = now
        elif event["kind"] == "end":
            new.update(
                status=event["status"],
                failure_reason=(event["failure_reason"] or "")[:MAX_REASON_CHARS] or None,
                exit_message=event["exit_message"],
                end_time=now,
            )
    _save(cx, context, kind, new)


def settle(
    cx: sqlite3.Connection,
    context: Context,
    kind: BatchKind,
    name: str,
    failure_reason: str | None,
) -> None:
    """End a job whose process did not report its end: Stopped if it was to stop, else Failed."""
    row = find(cx, kind, name)
    if row is None or row["status"] in ENDED:
        return
    stopped = row["status"] == "Stopping" or failure_reason is None
    new = {
        **row,
        "status": "Stopped" if stopped else "Failed",
        "failure_reason": None if stopped else str(failure_reason)[:MAX_REASON_CHARS],
        "end_time": context.now_ms(),
    }
    _save(cx, context, kind, new)


def _save(cx: sqlite3.Connection, context: Context, kind: BatchKind, new: dict[str, Any]) -> None:
    cx.execute(
        f"""
        UPDATE {kind.table}
        SET status = :status,
            failure_reason = :failure_reason,
            exit_message = :exit_message,
            start_time = :start_time,
            end_time = :end_time,
            events_offset = :events_offset,
            last_modified_time = :now
        WHERE id = :id
        """,  # noqa: S608 - one of two constants
        {**new, "now": context.now_ms()},
    )
    request = msgspec.json.decode(new["request"])
    update: Request = {
        "TrialComponentName": new["trial_component_name"],
        "Status": _status(kind, new["status"], new["exit_message"], new["failure_reason"]),
    }
    # A job that ended before it began has both times at its end.
    start = new["end_time"] if new["start_time"] is None else new["start_time"]
    for member, time in (("StartTime", start), ("EndTime", new["end_time"])):
        if time is not None:
            update[member] = from_ms(time)
    if new["status"] == "Completed":
        update["OutputArtifacts"] = kind.outputs(request)
    arn = context.arn(kind.resource_type, new["name"])
    if has_component(cx, new["trial_component_name"], arn):
        merge_update(cx, context, update, by_service=True)
    update_run(cx, context, request, update)


def _status(
    kind: BatchKind, status: str, exit_message: str | None, failure_reason: str | None
) -> dict[str, str]:
    parts = [f"Status: {status}"]
    if kind.has_exit_message:
        parts.append(f"exit message: {exit_message or 'null'}")
    parts.append(f"failure reason: {failure_reason or 'null'}")
    return {"PrimaryStatus": status, "Message": ", ".join(parts)[:MAX_MESSAGE_CHARS]}
