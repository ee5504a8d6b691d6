"""What the rows of training, processing and transform jobs have in common."""

from __future__ import annotations

import sqlite3

ENDED = ("Completed", "Failed", "Stopped")
# Source of both: botocore's model, FailureReason and TrialComponentStatusMessage.
MAX_REASON_CHARS = 1024
MAX_MESSAGE_CHARS = 1024


def find_unfinished(cx: sqlite3.Connection, table: str) -> list[sqlite3.Row]:
    """Return the jobs that have not ended, oldest first."""
    return cx.execute(
        f"SELECT * FROM {table} WHERE status IN ('InProgress', 'Stopping') ORDER BY id"  # noqa: S608
    ).fetchall()


def has_component(cx: sqlite3.Connection, component_name: str, job_arn: str) -> bool:
    """Return whether a job's trial component is still there; users may delete it."""
    row = cx.execute(
        "SELECT 1 FROM trial_component WHERE name = :name AND source_arn = :arn",
        {"name": component_name, "arn": job_arn},
    ).fetchone()
    return row is not None
