"""The rows of trial components, and what they look like in answers."""

from __future__ import annotations

import math
import sqlite3
from collections.abc import Mapping
from typing import Any, NamedTuple

import msgspec

from smx_lab.local.context import Context, Request, to_ms
from smx_lab.local.errors import validation_error
from smx_lab.local.records import entities, metrics
from smx_lab.local.records.entities import TRIAL_COMPONENT
from smx_lab.local.records.tags import insert_tags

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
        The job it is created for. ``CreatedBy`` is then the job's creator, and there is no
        ``LastModifiedBy``.

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

    Keys of parameters and artifacts in the request are added or replaced, others stay. A key that
    is both set and removed is removed. With ``by_service`` the change has no author. Raises
    ServiceError.
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
    """Return the members that Describe and Search share for a trial component."""
    arn = context.arn(TRIAL_COMPONENT.resource_type, row["name"])
    source = source_of(row)
    return {
        "TrialComponentName": row["name"],
        "TrialComponentArn": arn,
        "DisplayName": row["display_name"],
        "Source": source,
        "Sources": entities.raw(row["sources"]) or ([source] if source else None),
        "Status": status_of(row),
        "StartTime": row["start_time"],
        "EndTime": row["end_time"],
        "Parameters": entities.raw(row["parameters"]),
        "InputArtifacts": entities.raw(row["input_artifacts"]),
        "OutputArtifacts": entities.raw(row["output_artifacts"]),
        "MetadataProperties": entities.raw(row["metadata_properties"]),
        "Metrics": metrics.summaries(cx, row["id"], row["source_arn"] or arn),
        **entities.authorship(row),
    }


def source_of(row: sqlite3.Row) -> dict[str, str] | None:
    """Return the TrialComponentSource of a row, None for one without a job."""
    if row["source_arn"] is None:
        return None
    return {"SourceArn": row["source_arn"], "SourceType": row["source_type"]}


def status_of(row: sqlite3.Row) -> dict[str, str] | None:
    """Return the Status of a row, None if it has neither status nor message."""
    status = {"PrimaryStatus": row["primary_status"], "Message": row["status_message"]}
    return {name: value for name, value in status.items() if value is not None} or None


def _plain_changes(request: Request) -> dict[str, Any]:
    """Return status and times of the request, by column."""
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
