"""Trial components: their own API actions, and the plain functions that jobs use."""

from __future__ import annotations

import math
import sqlite3
from collections.abc import Mapping
from typing import Any, NamedTuple

import msgspec

from smx_lab.local.errors import validation_error
from smx_lab.local.operations.paging import list_rows
from smx_lab.local.operations.registry import Answer, Context, Request, operation, to_ms
from smx_lab.local.operations.tags import insert_tags
from smx_lab.local.records import entities, metrics
from smx_lab.local.records.entities import EXPERIMENT, TRIAL, TRIAL_COMPONENT

# Source of the limits: botocore's model, TrialComponentParameters and TrialComponentArtifacts.
MAPS = {
    "Parameters": ("parameters", 300),
    "InputArtifacts": ("input_artifacts", 60),
    "OutputArtifacts": ("output_artifacts", 60),
}


class Source(NamedTuple):
    """The job a trial component belongs to: ``SageMakerTrainingJob`` and its ARN."""

    source_type: str
    source_arn: str


@operation("CreateTrialComponent", writes=True)
def create_trial_component(cx: sqlite3.Connection, context: Context, request: Request) -> Answer:
    """Create a trial component that is in no trial yet."""
    insert_trial_component(cx, context, request)
    return _arn_of(context, request["TrialComponentName"])


@operation("DescribeTrialComponent")
def describe_trial_component(cx: sqlite3.Connection, context: Context, request: Request) -> Answer:
    """Return one trial component in full, asked for by its name or its ARN."""
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
    """Change what was sent; parameters and artifacts are merged by key, removals win."""
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


def insert_trial_component(
    cx: sqlite3.Connection,
    context: Context,
    request: Request,
    *,
    source: Source | None = None,
) -> int:
    """Insert a trial component and return its id.

    Parameters
    ----------
    request : dict
        CreateTrialComponent's input; instants as aware ``datetime``.
    source : Source, optional
        The job it is made for. ``CreatedBy`` is the job's creator, ``LastModifiedBy`` then nobody.

    Raises
    ------
    ServiceError
        If the name is taken, a number is not finite, or a tag may not be set.
    """
    name = request["TrialComponentName"]
    _require_finite(request.get("Parameters", {}))
    new: dict[str, Any] = {
        "name": name,
        "display_name": request.get("DisplayName", name),
        "metadata_properties": entities.to_json(request.get("MetadataProperties")),
        **_plain_changes(request),
        **{
            column: entities.to_json(request.get(member, {}))
            for member, (column, _) in MAPS.items()
        },
    }
    if source:
        new["source_arn"], new["source_type"] = source.source_arn, source.source_type
        new["last_modified_by"] = "{}"
    component_id = entities.insert(cx, context, TRIAL_COMPONENT, new)
    _put_parameters(cx, component_id, request.get("Parameters", {}))
    insert_tags(cx, TRIAL_COMPONENT.resource_type, name, request.get("Tags", []))
    return component_id


def merge_update(
    cx: sqlite3.Connection, context: Context, request: Request, *, by_service: bool = False
) -> str:
    """Apply UpdateTrialComponent's input, and return the name as stored.

    Sent keys of parameters and artifacts are added or replaced and others stay; a key both set and
    removed is removed. With ``by_service`` the change has no author. Raises ServiceError.
    """
    row = entities.find(cx, context, TRIAL_COMPONENT, request["TrialComponentName"])
    _require_finite(request.get("Parameters", {}))
    new = {**entities.changes(request, {"DisplayName": "display_name"}), **_plain_changes(request)}
    for member, (column, limit) in MAPS.items():
        sent, removed = request.get(member), request.get(f"{member}ToRemove", [])
        if not sent and not removed:
            continue
        merged = {**msgspec.json.decode(row[column]), **(sent or {})}
        for key in removed:
            merged.pop(key, None)
        if len(merged) > limit:
            raise validation_error(
                f"A trial component can have at most {limit} {member}; "
                f"this update would make {len(merged)}."
            )
        new[column] = entities.to_json(merged)
    removed = request.get("ParametersToRemove", [])
    _put_parameters(cx, row["id"], request.get("Parameters", {}))
    cx.executemany(
        "DELETE FROM trial_component_parameter WHERE trial_component_id = ? AND key = ?",
        [(row["id"], key) for key in removed],
    )
    entities.update(cx, context, TRIAL_COMPONENT, row["id"], new, by_service=by_service)
    return str(row["name"])


def trial_component_record(
    cx: sqlite3.Connection, context: Context, row: sqlite3.Row
) -> dict[str, Any]:
    """Return what Describe and Search say alike of a trial component."""
    arn = context.arn(TRIAL_COMPONENT.resource_type, row["name"])
    source = source_of(row)
    return {
        "TrialComponentName": row["name"],
        "TrialComponentArn": arn,
        "DisplayName": row["display_name"],
        "Source": source,
        "Sources": entities.raw(row["sources"]) or ([source] if source else None),
        "Status": _status(row),
        "StartTime": row["start_time"],
        "EndTime": row["end_time"],
        "Parameters": entities.raw(row["parameters"]),
        "InputArtifacts": entities.raw(row["input_artifacts"]),
        "OutputArtifacts": entities.raw(row["output_artifacts"]),
        "MetadataProperties": entities.raw(row["metadata_properties"]),
        "Metrics": metrics.summaries(cx, row["id"], row["source_arn"] or arn),
        **entities.authorship(row),
    }


def _summary(context: Context, row: sqlite3.Row) -> dict[str, Any]:
    return {
        "TrialComponentName": row["name"],
        "TrialComponentArn": context.arn(TRIAL_COMPONENT.resource_type, row["name"]),
        "DisplayName": row["display_name"],
        "TrialComponentSource": source_of(row),
        "Status": _status(row),
        "StartTime": row["start_time"],
        "EndTime": row["end_time"],
        **entities.authorship(row),
    }


def source_of(row: sqlite3.Row) -> dict[str, str] | None:
    """Return the TrialComponentSource of a row, None for one without a job."""
    if row["source_arn"] is None:
        return None
    return {"SourceArn": row["source_arn"], "SourceType": row["source_type"]}


def _status(row: sqlite3.Row) -> dict[str, str] | None:
    status = {"PrimaryStatus": row["primary_status"], "Message": row["status_message"]}
    return {name: value for name, value in status.items() if value is not None} or None


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


def _plain_changes(request: Request) -> dict[str, Any]:
    """Return status and times that were sent, under the names of their columns."""
    new: dict[str, Any] = {}
    if "Status" in request:
        new["primary_status"] = request["Status"].get("PrimaryStatus")
        new["status_message"] = request["Status"].get("Message")
    for member, column in (("StartTime", "start_time"), ("EndTime", "end_time")):
        if member in request:
            new[column] = to_ms(request[member])
    return new


def _require_finite(parameters: Mapping[str, dict[str, Any]]) -> None:
    for key, value in parameters.items():
        if not math.isfinite(value.get("NumberValue", 0.0)):
            raise validation_error(
                f"1 validation error detected: Value '{value['NumberValue']}' at "
                f"'parameters.{key}.member.numberValue' failed to satisfy constraint: "
                "Member must be a finite number"
            )


def _put_parameters(
    cx: sqlite3.Connection, component_id: int, parameters: Mapping[str, dict[str, Any]]
) -> None:
    cx.executemany(
        """
        INSERT INTO trial_component_parameter (trial_component_id, key, string_value, number_value)
        VALUES (?, ?, ?, ?)
        ON CONFLICT DO UPDATE
        SET string_value = excluded.string_value, number_value = excluded.number_value
        """,
        [
            (component_id, key, value.get("StringValue"), value.get("NumberValue"))
            for key, value in parameters.items()
        ],
    )


def _arn_of(context: Context, name: str) -> dict[str, Any]:
    return {"TrialComponentArn": context.arn(TRIAL_COMPONENT.resource_type, name)}
