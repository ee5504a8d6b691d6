"""Trial components: CreateTrialComponent and its siblings."""

from __future__ import annotations

import sqlite3
from typing import Any

from smx_lab.local.context import Answer, Context, Request
from smx_lab.local.errors import validation_error
from smx_lab.local.protocol.registry import operation
from smx_lab.local.records import entities
from smx_lab.local.records.entities import EXPERIMENT, TRIAL, TRIAL_COMPONENT
from smx_lab.local.records.paging import list_rows
from smx_lab.local.records.trial_components import (
    insert_trial_component,
    merge_update,
    source_of,
    status_of,
    trial_component_record,
)


@operation("CreateTrialComponent", writes=True)
def create_trial_component(cx: sqlite3.Connection, context: Context, request: Request) -> Answer:
    """Create a trial component that is in no trial yet."""
    insert_trial_component(cx, context, request)
    return _arn_of(context, request["TrialComponentName"])


@operation("DescribeTrialComponent")
def describe_trial_component(cx: sqlite3.Connection, context: Context, request: Request) -> Answer:
    """Return one trial component in full, by its name or its ARN."""
    name = request["TrialComponentName"]
    if name.startswith("arn:"):
        resource_type, found = entities.split_arn(context, name) or ("", "")
        if resource_type != TRIAL_COMPONENT.resource_type:
            raise entities.missing(TRIAL_COMPONENT, name)
        name = found
    row = entities.find(cx, context, TRIAL_COMPONENT, name)
    return trial_component_record(cx, context, row)


@operation("UpdateTrialComponent", writes=True)
def update_trial_component(cx: sqlite3.Connection, context: Context, request: Request) -> Answer:
    """Change members that were sent; parameters and artifacts are merged by key, removals win."""
    return _arn_of(context, merge_update(cx, context, request))


@operation("DeleteTrialComponent", writes=True)
def delete_trial_component(cx: sqlite3.Connection, context: Context, request: Request) -> Answer:
    """Delete a trial component that is in no trial, with its metrics; its job stays."""
    row = entities.find(cx, context, TRIAL_COMPONENT, request["TrialComponentName"])
    arn = context.arn(TRIAL_COMPONENT.resource_type, row["name"])
    links = "SELECT 1 FROM trial_component_association WHERE trial_component_id = :id LIMIT 1"
    if cx.execute(links, {"id": row["id"]}).fetchone():
        raise entities.in_use(TRIAL_COMPONENT, arn, "trials")
    entities.note_change(context, TRIAL_COMPONENT, row["id"])
    cx.execute("DELETE FROM trial_component WHERE id = :id", {"id": row["id"]})
    return {"TrialComponentArn": arn}


@operation("ListTrialComponents")
def list_trial_components(cx: sqlite3.Connection, context: Context, request: Request) -> Answer:
    """Return one page: all, an experiment's, a trial's, or those of one source."""
    where, parameters = _list_conditions(cx, context, request)
    rows, token = list_rows(cx, "trial_component", request, where=where, parameters=parameters)
    summaries = [_summary(context, row) for row in rows]
    return {"TrialComponentSummaries": summaries, "NextToken": token}


def _summary(context: Context, row: sqlite3.Row) -> dict[str, Any]:
    return {
        "TrialComponentName": row["name"],
        "TrialComponentArn": context.arn(TRIAL_COMPONENT.resource_type, row["name"]),
        "DisplayName": row["display_name"],
        "TrialComponentSource": source_of(row),
        "Status": status_of(row),
        "StartTime": row["start_time"],
        "EndTime": row["end_time"],
        **entities.authorship(row),
    }


def _list_conditions(
    cx: sqlite3.Connection, context: Context, request: Request
) -> tuple[list[str], dict[str, Any]]:
    given = [name for name in ("ExperimentName", "TrialName", "SourceArn") if name in request]
    if len(given) > 1:
        raise validation_error(f"Only one of {', '.join(given)} can be given.")
    if "SourceArn" in request:
        # Job ARNs come in lower case from some SDKs; the column compares without case.
        return ["r.source_arn = :source_arn"], {"source_arn": request["SourceArn"]}
    if "TrialName" in request:
        trial = entities.find(cx, context, TRIAL, request["TrialName"])
        condition = (
            "SELECT trial_component_id FROM trial_component_association WHERE trial_id = :id"
        )
        return [f"r.id IN ({condition})"], {"id": trial["id"]}
    if "ExperimentName" in request:
        experiment = entities.find(cx, context, EXPERIMENT, request["ExperimentName"])
        condition = (
            "SELECT a.trial_component_id FROM trial AS t\n"
            "JOIN trial_component_association AS a ON a.trial_id = t.id\n"
            "WHERE t.experiment_id = :id"
        )
        return [f"r.id IN ({condition})"], {"id": experiment["id"]}
    return [], {}


def _arn_of(context: Context, name: str) -> dict[str, Any]:
    return {"TrialComponentArn": context.arn(TRIAL_COMPONENT.resource_type, name)}
