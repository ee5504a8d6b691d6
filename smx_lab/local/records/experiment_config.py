"""What a job's ``ExperimentConfig`` names: its trial, and its run.

The run (``RunName``) is a trial component that a client has created. A job is added to the
``Sources`` of its run, and its parameters, artifacts and metrics are copied there; status and times
of the run stay as the client set them. AWS does not document what it copies, so this is our choice,
and so is that a value the client has logged under the same key stays.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping, Sequence
from typing import Any

import msgspec

from smx_lab.local.context import Context, Request
from smx_lab.local.errors import validation_error
from smx_lab.local.records import entities
from smx_lab.local.records.entities import EXPERIMENT, TRIAL, TRIAL_COMPONENT
from smx_lab.local.records.experiments import insert_trial
from smx_lab.local.records.metrics import MetricPoint, put_metrics
from smx_lab.local.records.trial_components import MAPS, Source, merge_update


def trial_of_job(
    cx: sqlite3.Connection, context: Context, request: Request, job_name: str
) -> str | None:
    """Return the trial that ExperimentConfig means, created now if it names an experiment alone.

    Raises ServiceError for a trial, experiment or run that is not there.
    """
    require_run(cx, context, request)
    config = request.get("ExperimentConfig", {})
    experiment_name, trial_name = config.get("ExperimentName"), config.get("TrialName")
    if trial_name is None:
        return _new_trial(cx, context, job_name, experiment_name) if experiment_name else None
    trial = entities.find(cx, context, TRIAL, trial_name)
    if experiment_name is not None:
        experiment = entities.find(cx, context, EXPERIMENT, experiment_name)
        if trial["experiment_id"] != experiment["id"]:
            raise validation_error(
                f"Trial {trial['name']} does not belong to experiment {experiment['name']}."
            )
    return str(trial["name"])


def _new_trial(
    cx: sqlite3.Connection, context: Context, job_name: str, experiment_name: str
) -> str:
    name = job_name
    if entities.find_row(cx, TRIAL.table, name):
        name = f"{name}-{context.now_ms()}"
    insert_trial(cx, context, {"TrialName": name, "ExperimentName": experiment_name})
    return name


def require_run(cx: sqlite3.Connection, context: Context, request: Request) -> None:
    """Raise ServiceError (ResourceNotFound) if a job names a run that is not there."""
    name = request.get("ExperimentConfig", {}).get("RunName")
    if name is not None and _find(cx, request) is None:
        arn = context.arn(TRIAL_COMPONENT.resource_type, name)
        raise entities.missing(TRIAL_COMPONENT, arn)


def join_run(
    cx: sqlite3.Connection, context: Context, request: Request, source: Source, component: Request
) -> None:
    """Add a new job to its run, if it has one, with the content of the job's trial component."""
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
    """Copy parameters and artifacts to a job's run: only new keys, and as many as fit."""
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
    """Add a job's metric values to its run, beside those the client logs itself."""
    run = _find(cx, request)
    if run is not None:
        put_metrics(cx, context, run["name"], points, source_arn=source_arn)


def _find(cx: sqlite3.Connection, request: Request) -> sqlite3.Row | None:
    """Return the run of a job: a trial component of that name, or of ``<experiment>-<name>``.

    SDKs send the first, but name the trial component like the second. Users may delete it.
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
