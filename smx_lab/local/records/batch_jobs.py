"""The rows of processing and transform jobs and their trial components.

What happens to a job arrives as events (see `job_process`); each is applied once, in one
transaction with the offset behind it.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import msgspec

from smx_lab.local.errors import ServiceError, validation_error
from smx_lab.local.operations.registry import Context, Request, from_ms
from smx_lab.local.operations.trial_components import (
    Source,
    insert_trial_component,
    merge_update,
)
from smx_lab.local.records import entities
from smx_lab.local.records.run_components import join_run, update_run
from smx_lab.local.records.training_jobs import ENDED, MAX_REASON_CHARS
from smx_lab.local.supervision.supervisor_client import Event

# Source: botocore's model, TrialComponentStatusMessage.
MAX_MESSAGE_CHARS = 1024


@dataclass(frozen=True)
class BatchKind:
    """What tells the two kinds apart."""

    noun: str
    word: str
    """``processing``: in the names of tables, ARNs, folders and trial components."""
    source_type: str
    name_member: str
    has_exit_message: bool
    inputs: Callable[[sqlite3.Connection, Request], Request]
    """From the request to Parameters and InputArtifacts of the trial component."""
    outputs: Callable[[Request], dict[str, Any]]
    """From the request to OutputArtifacts, once they are there."""

    @property
    def table(self) -> str:
        """Where its rows are."""
        return f"{self.word}_job"

    @property
    def resource_type(self) -> str:
        """The word in its ARN."""
        return f"{self.word}-job"


def find(cx: sqlite3.Connection, kind: BatchKind, name: str) -> sqlite3.Row | None:
    """Return the row of a job."""
    row: sqlite3.Row | None = cx.execute(
        f"SELECT * FROM {kind.table} WHERE name = :name",  # noqa: S608 - one of two constants
        {"name": name},
    ).fetchone()
    return row


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


def unfinished(cx: sqlite3.Connection, kind: BatchKind) -> list[sqlite3.Row]:
    """Return the jobs that have not ended, oldest first."""
    return cx.execute(
        f"""
        SELECT *
        FROM {kind.table}
        WHERE status IN ('InProgress', 'Stopping')
        ORDER BY id
        """  # noqa: S608 - one of two constants
    ).fetchall()


def insert(cx: sqlite3.Connection, context: Context, kind: BatchKind, request: Request) -> str:
    """Insert a job and its trial component; return the component's name."""
    name, now = request[kind.name_member], context.now_ms()
    component = f"{name}-aws-{kind.resource_type}"
    kept = {member: value for member, value in request.items() if member != "Tags"}
    cx.execute(
        f"""
        INSERT INTO {kind.table} (
            name, request, status, trial_component_name, creation_time, last_modified_time
        ) VALUES (
            :name, :request, 'InProgress', :component, :now, :now
        )
        """,  # noqa: S608 - one of two constants
        {"name": name, "request": entities.to_json(kept), "component": component, "now": now},
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
    """Say that a job is asked to stop; raises ServiceError if it does not run."""
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
    """Take events into the job and its trial component; ``offset`` is the one behind them."""
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
    """End a job whose process cannot say how: Stopped if that was asked for, else Failed."""
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
    if _has_component(cx, context, kind, new):
        merge_update(cx, context, update, by_service=True)
    update_run(cx, context, request, update)


def _has_component(
    cx: sqlite3.Connection, context: Context, kind: BatchKind, new: dict[str, Any]
) -> bool:
    """Say whether the trial component is still there; people may delete it."""
    arn = context.arn(kind.resource_type, new["name"])
    row = cx.execute(
        "SELECT 1 FROM trial_component WHERE name = :name AND source_arn = :arn",
        {"name": new["trial_component_name"], "arn": arn},
    ).fetchone()
    return row is not None


def _status(
    kind: BatchKind, status: str, exit_message: str | None, failure_reason: str | None
) -> dict[str, str]:
    parts = [f"Status: {status}"]
    if kind.has_exit_message:
        parts.append(f"exit message: {exit_message or 'null'}")
    parts.append(f"failure reason: {failure_reason or 'null'}")
    return {"PrimaryStatus": status, "Message": ", ".join(parts)[:MAX_MESSAGE_CHARS]}
