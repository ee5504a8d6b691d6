"""Trials: CreateTrial and its siblings, and their links to trial components."""

from __future__ import annotations

import sqlite3

from smx_lab.local.context import Answer, Context, Request
from smx_lab.local.errors import resource_not_found
from smx_lab.local.protocol.registry import operation
from smx_lab.local.records import entities
from smx_lab.local.records.entities import EXPERIMENT, TRIAL, TRIAL_COMPONENT
from smx_lab.local.records.experiments import associate, insert_trial, link_arns, trial_record
from smx_lab.local.records.paging import list_rows


@operation("CreateTrial", writes=True)
def create_trial(cx: sqlite3.Connection, context: Context, request: Request) -> Answer:
    """Create a trial in an experiment that exists."""
    insert_trial(cx, context, request)
    return {"TrialArn": context.arn(TRIAL.resource_type, request["TrialName"])}


@operation("DescribeTrial")
def describe_trial(cx: sqlite3.Connection, context: Context, request: Request) -> Answer:
    """Return one trial in full."""
    row = entities.find(cx, context, TRIAL, request["TrialName"])
    experiment = cx.execute(
        "SELECT name FROM experiment WHERE id = :id", {"id": row["experiment_id"]}
    ).fetchone()
    return trial_record(context, row, experiment["name"])


@operation("UpdateTrial", writes=True)
def update_trial(cx: sqlite3.Connection, context: Context, request: Request) -> Answer:
    """Change the display name, if one was sent."""
    row = entities.find(cx, context, TRIAL, request["TrialName"])
    new = entities.changes(request, {"DisplayName": "display_name"})
    entities.update(cx, context, TRIAL, row["id"], new)
    return {"TrialArn": context.arn(TRIAL.resource_type, row["name"])}


@operation("DeleteTrial", writes=True)
def delete_trial(cx: sqlite3.Connection, context: Context, request: Request) -> Answer:
    """Delete a trial without trial components."""
    row = entities.find(cx, context, TRIAL, request["TrialName"])
    arn = context.arn(TRIAL.resource_type, row["name"])
    links = "SELECT 1 FROM trial_component_association WHERE trial_id = :id LIMIT 1"
    if cx.execute(links, {"id": row["id"]}).fetchone():
        raise entities.in_use(TRIAL, arn, "trial components")
    cx.execute("DELETE FROM trial WHERE id = :id", {"id": row["id"]})
    return {"TrialArn": arn}


@operation("ListTrials")
def list_trials(cx: sqlite3.Connection, context: Context, request: Request) -> Answer:
    """Return one page of trials: all, an experiment's, or those a trial component is in."""
    where, parameters = [], {}
    if "ExperimentName" in request:
        experiment = entities.find(cx, context, EXPERIMENT, request["ExperimentName"])
        where.append("r.experiment_id = :experiment_id")
        parameters["experiment_id"] = experiment["id"]
    if "TrialComponentName" in request:
        component = entities.find(cx, context, TRIAL_COMPONENT, request["TrialComponentName"])
        where.append(
            "r.id IN (SELECT trial_id FROM trial_component_association\n"
            "WHERE trial_component_id = :trial_component_id)"
        )
        parameters["trial_component_id"] = component["id"]
    rows, token = list_rows(cx, "trial", request, where=where, parameters=parameters)
    summaries = [
        {
            "TrialArn": context.arn(TRIAL.resource_type, row["name"]),
            "TrialName": row["name"],
            "DisplayName": row["display_name"],
            "CreationTime": row["creation_time"],
            "LastModifiedTime": row["last_modified_time"],
        }
        for row in rows
    ]
    return {"TrialSummaries": summaries, "NextToken": token}


@operation("AssociateTrialComponent", writes=True)
def associate_trial_component(cx: sqlite3.Connection, context: Context, request: Request) -> Answer:
    """Add a trial component to a trial; it may be in it already, and in others."""
    return associate(cx, context, request["TrialComponentName"], request["TrialName"])


@operation("DisassociateTrialComponent", writes=True)
def disassociate_trial_component(
    cx: sqlite3.Connection, context: Context, request: Request
) -> Answer:
    """Remove a trial component from a trial."""
    component = entities.find(cx, context, TRIAL_COMPONENT, request["TrialComponentName"])
    trial = entities.find(cx, context, TRIAL, request["TrialName"])
    gone = cx.execute(
        """
        DELETE FROM trial_component_association
        WHERE trial_id = :trial_id AND trial_component_id = :trial_component_id
        """,
        {"trial_id": trial["id"], "trial_component_id": component["id"]},
    )
    if gone.rowcount == 0:
        arn = context.arn(TRIAL_COMPONENT.resource_type, component["name"])
        raise resource_not_found(
            f"Trial Component '{arn}' is not associated with the trial '{trial['name']}'."
        )
    entities.touch(cx, context, TRIAL_COMPONENT, component["id"])
    return link_arns(context, component["name"], trial["name"])
