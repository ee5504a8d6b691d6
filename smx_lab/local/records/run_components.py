"""The run that a job belongs to by ``ExperimentConfig.RunName``: a trial component of a client's.

The run lists the job among its ``Sources`` and takes over its parameters, artifacts and metrics;
status and times stay those of the client's own. What is copied on AWS is not documented, so this is
our choice, and so is that what the client has logged under a key stays.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping, Sequence
from typing import Any

import msgspec

from smx_lab.local.operations.registry import Context, Request
from smx_lab.local.operations.trial_components import MAPS, Source, merge_update
from smx_lab.local.records import entities
from smx_lab.local.records.entities import TRIAL_COMPONENT
from smx_lab.local.records.metrics import MetricPoint, put_metrics


def require_run(cx: sqlite3.Connection, context: Context, request: Request) -> None:
    """Raise ServiceError (ResourceNotFound) if a job names a run that is not there."""
    name = request.get("ExperimentConfig", {}).get("RunName")
    if name is not None and _find(cx, request) is None:
        arn = context.arn(TRIAL_COMPONENT.resource_type, name)
        raise entities.missing(TRIAL_COMPONENT, arn)


def join_run(
    cx: sqlite3.Connection, context: Context, request: Request, source: Source, component: Request
) -> None:
    """Add a new job to its run, if it has one, with what is in the job's own trial component."""
    run = _find(cx, request)
    if run is None:
        return
    sources = msgspec.json.decode(run["sources"]) if run["sources"] else []
    sources.append({"SourceArn": source.source_arn, "SourceType": source.source_type})
    new = {
        "sources": entities.to_json(sources),
        "run_name": request["ExperimentConfig"]["RunName"],
    }
    entities.update(cx, context, TRIAL_COMPONENT, run["id"], new, by_service=True)
    update_run(cx, context, request, component)


def update_run(
    cx: sqlite3.Connection, context: Context, request: Request, component: Mapping[str, Any]
) -> None:
    """Copy parameters and artifacts into a job's run: under new keys, and as many as fit."""
    run = _find(cx, request)
    if run is None:
        return
    changed: Request = {}
    for member, (column, limit) in MAPS.items():
        present = msgspec.json.decode(run[column])
        missing = [key for key in component.get(member, {}) if key not in present]
        fitting = missing[: max(0, limit - len(present))]
        if fitting:
            changed[member] = {key: component[member][key] for key in fitting}
    if changed:
        merge_update(cx, context, {"TrialComponentName": run["name"], **changed}, by_service=True)


def put_run_metrics(
    cx: sqlite3.Connection,
    context: Context,
    request: Request,
    points: Sequence[MetricPoint],
    source_arn: str,
) -> None:
    """Add a job's metric values to its run, where they join what the client logs itself."""
    run = _find(cx, request)
    if run is not None:
        put_metrics(cx, context, run["name"], points, source_arn=source_arn)


def _find(cx: sqlite3.Connection, request: Request) -> sqlite3.Row | None:
    """Return the run of a job: a trial component of that name, or of ``<experiment>-<name>``.

    SDKs send the first, which they have put together as the second. People may delete it.
    """
    config = request.get("ExperimentConfig", {})
    name = config.get("RunName")
    if name is None:
        return None
    row: sqlite3.Row | None = cx.execute(
        """
        SELECT *
        FROM trial_component
        WHERE name IN (:name, :long_name)
        ORDER BY name <> :name
        LIMIT 1
        """,
        {"name": name, "long_name": f"{config.get('ExperimentName', '')}-{name}"},
    ).fetchone()
    return row
