"""The trial that a job of any kind belongs to."""

from __future__ import annotations

import sqlite3

from smx_lab.local.errors import validation_error
from smx_lab.local.operations.registry import Context, Request
from smx_lab.local.operations.trials import insert_trial
from smx_lab.local.records import entities
from smx_lab.local.records.entities import EXPERIMENT, TRIAL
from smx_lab.local.records.run_components import require_run


def trial_of_job(
    cx: sqlite3.Connection, context: Context, request: Request, job_name: str
) -> str | None:
    """Return the trial that ExperimentConfig means, made now if it names an experiment alone.

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
    taken = cx.execute("SELECT 1 FROM trial WHERE name = :name", {"name": name}).fetchone()
    if taken:
        name = f"{name}-{context.now_ms()}"
    insert_trial(cx, context, {"TrialName": name, "ExperimentName": experiment_name})
    return name
