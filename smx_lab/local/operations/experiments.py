"""Experiments: CreateExperiment and its siblings."""

from __future__ import annotations

import sqlite3

from smx_lab.local.context import Answer, Context, Request
from smx_lab.local.protocol.registry import operation
from smx_lab.local.records import entities
from smx_lab.local.records.entities import EXPERIMENT
from smx_lab.local.records.experiments import experiment_record
from smx_lab.local.records.paging import list_rows
from smx_lab.local.records.tags import insert_tags


@operation("CreateExperiment", writes=True)
def create_experiment(cx: sqlite3.Connection, context: Context, request: Request) -> Answer:
    """Create an experiment; its name is unique without regard to case."""
    name = request["ExperimentName"]
    entities.insert(
        cx,
        context,
        EXPERIMENT,
        {
            "name": name,
            "display_name": request.get("DisplayName", name),
            "description": request.get("Description"),
        },
    )
    insert_tags(cx, EXPERIMENT.resource_type, name, request.get("Tags", []))
    return {"ExperimentArn": context.arn(EXPERIMENT.resource_type, name)}


@operation("DescribeExperiment")
def describe_experiment(cx: sqlite3.Connection, context: Context, request: Request) -> Answer:
    """Return one experiment in full."""
    return experiment_record(
        context, entities.find(cx, context, EXPERIMENT, request["ExperimentName"])
    )


@operation("UpdateExperiment", writes=True)
def update_experiment(cx: sqlite3.Connection, context: Context, request: Request) -> Answer:
    """Change the members that were sent."""
    row = entities.find(cx, context, EXPERIMENT, request["ExperimentName"])
    columns = {"DisplayName": "display_name", "Description": "description"}
    entities.update(cx, context, EXPERIMENT, row["id"], entities.changes(request, columns))
    return {"ExperimentArn": context.arn(EXPERIMENT.resource_type, row["name"])}


@operation("DeleteExperiment", writes=True)
def delete_experiment(cx: sqlite3.Connection, context: Context, request: Request) -> Answer:
    """Delete an experiment without trials."""
    row = entities.find(cx, context, EXPERIMENT, request["ExperimentName"])
    arn = context.arn(EXPERIMENT.resource_type, row["name"])
    trials = "SELECT 1 FROM trial WHERE experiment_id = :id LIMIT 1"
    if cx.execute(trials, {"id": row["id"]}).fetchone():
        raise entities.in_use(EXPERIMENT, arn, "trials")
    cx.execute("DELETE FROM experiment WHERE id = :id", {"id": row["id"]})
    return {"ExperimentArn": arn}


@operation("ListExperiments")
def list_experiments(cx: sqlite3.Connection, context: Context, request: Request) -> Answer:
    """Return one page of experiments, newest first unless asked otherwise."""
    rows, token = list_rows(cx, "experiment", request)
    summaries = [
        {
            "ExperimentArn": context.arn(EXPERIMENT.resource_type, row["name"]),
            "ExperimentName": row["name"],
            "DisplayName": row["display_name"],
            "CreationTime": row["creation_time"],
            "LastModifiedTime": row["last_modified_time"],
        }
        for row in rows
    ]
    return {"ExperimentSummaries": summaries, "NextToken": token}
