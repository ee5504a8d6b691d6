"""The rows of experiments and trials, and which trial components are in which trials."""

from __future__ import annotations

import sqlite3
from typing import Any

from smx_lab.local.context import Context, Request
from smx_lab.local.records import entities
from smx_lab.local.records.entities import EXPERIMENT, TRIAL, TRIAL_COMPONENT
from smx_lab.local.records.tags import insert_tags


def experiment_record(context: Context, row: sqlite3.Row) -> dict[str, Any]:
    """Return the members that Describe and Search share for an experiment."""
    return {
        "ExperimentName": row["name"],
        "ExperimentArn": context.arn(EXPERIMENT.resource_type, row["name"]),
        "DisplayName": row["display_name"],
        "Description": row["description"],
        **entities.authorship(row),
    }


def trial_record(context: Context, row: sqlite3.Row, experiment_name: str) -> dict[str, Any]:
    """Return the members that Describe and Search share for a trial."""
    return {
        "TrialName": row["name"],
        "TrialArn": context.arn(TRIAL.resource_type, row["name"]),
        "DisplayName": row["display_name"],
        "ExperimentName": experiment_name,
        "MetadataProperties": entities.raw(row["metadata_properties"]),
        **entities.authorship(row),
    }


def insert_trial(cx: sqlite3.Connection, context: Context, request: Request) -> int:
    """Insert a trial from CreateTrial's input, and return its id. Raises ServiceError."""
    experiment = entities.find(cx, context, EXPERIMENT, request["ExperimentName"])
    name = request["TrialName"]
    trial_id = entities.insert(
        cx,
        context,
        TRIAL,
        {
            "name": name,
            "experiment_id": experiment["id"],
            "display_name": request.get("DisplayName", name),
            "metadata_properties": entities.to_json(request.get("MetadataProperties")),
        },
    )
    insert_tags(cx, TRIAL.resource_type, name, request.get("Tags", []))
    return trial_id


def associate(
    cx: sqlite3.Connection, context: Context, trial_component_name: str, trial_name: str
) -> dict[str, Any]:
    """Link the two, unless they are linked already, and return both ARNs.

    Raises ServiceError if either does not exist.
    """
    component = entities.find(cx, context, TRIAL_COMPONENT, trial_component_name)
    trial = entities.find(cx, context, TRIAL, trial_name)
    new = cx.execute(
        """
        INSERT INTO trial_component_association (trial_id, trial_component_id, creation_time)
        VALUES (:trial_id, :trial_component_id, :now)
        ON CONFLICT DO NOTHING
        """,
        {
            "trial_id": trial["id"],
            "trial_component_id": component["id"],
            "now": context.now_ms(),
        },
    )
    if new.rowcount:
        entities.touch(cx, context, TRIAL_COMPONENT, component["id"])
    return link_arns(context, component["name"], trial["name"])


def link_arns(context: Context, trial_component_name: str, trial_name: str) -> dict[str, Any]:
    """Return the answer of AssociateTrialComponent and its opposite."""
    return {
        "TrialComponentArn": context.arn(TRIAL_COMPONENT.resource_type, trial_component_name),
        "TrialArn": context.arn(TRIAL.resource_type, trial_name),
    }
