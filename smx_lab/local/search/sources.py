"""``SourceDetail`` of trial components: their jobs in full."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterable
from typing import Any, NamedTuple

from smx_lab.local.context import Context
from smx_lab.local.records import training_jobs
from smx_lab.local.records.batch_kinds import (
    PROCESSING,
    TRANSFORM,
    processing_record,
    transform_record,
)
from smx_lab.local.records.tags import tags_of


class _Kind(NamedTuple):
    """One kind of job: its member of SourceDetail, its table, and its record."""

    member: str
    table: str
    resource_type: str
    describe: Callable[[Context, sqlite3.Row], dict[str, Any]]


_KINDS = {
    training_jobs.SOURCE_TYPE: _Kind(
        "TrainingJob",
        training_jobs.TABLE,
        training_jobs.RESOURCE_TYPE,
        training_jobs.training_record,
    ),
    PROCESSING.source_type: _Kind(
        "ProcessingJob", PROCESSING.table, PROCESSING.resource_type, processing_record
    ),
    TRANSFORM.source_type: _Kind(
        "TransformJob", TRANSFORM.table, TRANSFORM.resource_type, transform_record
    ),
}


def source_details(
    cx: sqlite3.Connection, context: Context, components: Iterable[sqlite3.Row]
) -> dict[str, dict[str, Any]]:
    """Return SourceDetail by SourceArn for rows of trial components; of a deleted job, the ARN."""
    by_type: dict[str, list[str]] = {}
    details: dict[str, dict[str, Any]] = {}
    for row in components:
        if row["source_arn"] is not None:
            details[row["source_arn"]] = {"SourceArn": row["source_arn"]}
            by_type.setdefault(row["source_type"], []).append(row["source_arn"])
    for source_type, arns in by_type.items():
        kind = _KINDS.get(source_type)
        jobs = _jobs(cx, context, kind, arns) if kind else {}
        for arn in arns:
            if kind and arn.lower() in jobs:
                details[arn][kind.member] = jobs[arn.lower()]
    return details


def _jobs(
    cx: sqlite3.Connection, context: Context, kind: _Kind, arns: list[str]
) -> dict[str, dict[str, Any]]:
    """Return the jobs with these ARNs, by ARN in lower case."""
    names = [arn.rpartition("/")[2] for arn in arns]
    rows = cx.execute(
        f"SELECT * FROM {kind.table} WHERE name IN ({', '.join('?' * len(names))})",  # noqa: S608
        names,
    ).fetchall()
    tags = tags_of(cx, kind.resource_type, [row["name"] for row in rows])
    return {
        context.arn(kind.resource_type, row["name"]).lower(): {
            **kind.describe(context, row),
            "Tags": tags.get(row["name"].lower(), []),
        }
        for row in rows
    }
