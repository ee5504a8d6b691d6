"""Artifacts, and their associations with trial components and experiments.

This is the part of lineage that the SDKs need for curves, matrices and files of a run; contexts,
actions and queries along the graph are not offered.
"""

from __future__ import annotations

import hashlib
import sqlite3
from typing import Any, NamedTuple

import msgspec

from smx_lab.local.context import Answer, Context, Request
from smx_lab.local.errors import ServiceError, resource_not_found, validation_error
from smx_lab.local.protocol.registry import operation
from smx_lab.local.records.entities import (
    EXPERIMENT,
    TRIAL_COMPONENT,
    authorship,
    find,
    find_row,
    raw,
    split_arn,
    to_json,
)
from smx_lab.local.records.paging import list_rows
from smx_lab.local.records.tags import insert_tags

ARTIFACT = "artifact"

MAX_PROPERTIES = 30
"""Source: SageMaker API Reference, CreateArtifact and UpdateArtifact."""


class _End(NamedTuple):
    """One end of an association, as it is when the association is created."""

    arn: str
    type: str
    name: str | None


@operation("CreateArtifact", writes=True)
def create_artifact(cx: sqlite3.Connection, context: Context, request: Request) -> Answer:
    """Create an artifact; a source can have only one."""
    name = _name_of(request["Source"])
    arn = context.arn(ARTIFACT, name)
    if find_row(cx, ARTIFACT, name) is not None:
        raise validation_error(f"Artifact with arn ({arn}) already exists.")
    now = context.now_ms()
    cx.execute(
        """
        INSERT INTO artifact (
            name, artifact_name, artifact_type, source_uri, source, properties,
            metadata_properties, creation_time, last_modified_time, created_by, last_modified_by
        ) VALUES (
            :name, :artifact_name, :artifact_type, :source_uri, :source, :properties,
            :metadata_properties, :now, :now, :by, :by
        )
        """,
        {
            "name": name,
            "artifact_name": request.get("ArtifactName"),
            "artifact_type": request["ArtifactType"],
            "source_uri": request["Source"]["SourceUri"],
            "source": to_json(request["Source"]),
            "properties": to_json(request.get("Properties", {})),
            "metadata_properties": to_json(request.get("MetadataProperties")),
            "now": now,
            "by": context.user_context,
        },
    )
    insert_tags(cx, ARTIFACT, name, request.get("Tags", []))
    return {"ArtifactArn": arn}


@operation("DescribeArtifact")
def describe_artifact(cx: sqlite3.Connection, context: Context, request: Request) -> Answer:
    """Return one artifact in full."""
    row = _find(cx, context, request["ArtifactArn"])
    return {
        **_summary(context, row),
        "Properties": raw(row["properties"]),
        "MetadataProperties": raw(row["metadata_properties"]),
        **authorship(row),
    }


@operation("UpdateArtifact", writes=True)
def update_artifact(cx: sqlite3.Connection, context: Context, request: Request) -> Answer:
    """Change the members that were sent; properties are merged by key."""
    row = _find(cx, context, request["ArtifactArn"])
    properties = {**msgspec.json.decode(row["properties"]), **request.get("Properties", {})}
    for key in request.get("PropertiesToRemove", []):
        properties.pop(key, None)
    if len(properties) > MAX_PROPERTIES:
        raise validation_error(f"An artifact has at most {MAX_PROPERTIES} properties.")
    cx.execute(
        """
        UPDATE artifact
        SET artifact_name = :artifact_name, properties = :properties,
            last_modified_time = :now, last_modified_by = :by
        WHERE id = :id
        """,
        {
            "artifact_name": request.get("ArtifactName", row["artifact_name"]),
            "properties": to_json(properties),
            "now": context.now_ms(),
            "by": context.user_context,
            "id": row["id"],
        },
    )
    return {"ArtifactArn": context.arn(ARTIFACT, row["name"])}


@operation("DeleteArtifact", writes=True)
def delete_artifact(cx: sqlite3.Connection, context: Context, request: Request) -> Answer:
    """Delete an artifact that has no associations, by its ARN or its source."""
    if ("ArtifactArn" in request) == ("Source" in request):
        raise validation_error("Exactly one of ArtifactArn and Source must be specified.")
    arn = request.get("ArtifactArn") or context.arn(ARTIFACT, _name_of(request["Source"]))
    row = _find(cx, context, arn)
    used = cx.execute(
        "SELECT 1 FROM association WHERE source_arn = :arn OR destination_arn = :arn",
        {"arn": arn},
    ).fetchone()
    if used:
        raise validation_error(f"Artifact '{arn}' has associations and cannot be deleted.")
    cx.execute("DELETE FROM artifact WHERE id = :id", {"id": row["id"]})
    return {"ArtifactArn": context.arn(ARTIFACT, row["name"])}


@operation("ListArtifacts")
def list_artifacts(cx: sqlite3.Connection, context: Context, request: Request) -> Answer:
    """Return one page of artifacts, newest first unless asked otherwise."""
    where, values = _conditions(
        request, {"SourceUri": "source_uri", "ArtifactType": "artifact_type"}
    )
    rows, token = list_rows(cx, ARTIFACT, request, where=where, parameters=values)
    return {
        "ArtifactSummaries": [_summary(context, row) for row in rows],
        "NextToken": token,
    }


@operation("AddAssociation", writes=True)
def add_association(cx: sqlite3.Connection, context: Context, request: Request) -> Answer:
    """Associate two existing resources, once."""
    source = _end(cx, context, request["SourceArn"])
    destination = _end(cx, context, request["DestinationArn"])
    try:
        cx.execute(
            """
            INSERT INTO association (
                source_arn, source_type, source_name, destination_arn, destination_type,
                destination_name, association_type, creation_time, created_by
            ) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
            """,
            (
                *source,
                *destination,
                request.get("AssociationType"),
                context.now_ms(),
                context.user_context,
            ),
        )
    except sqlite3.IntegrityError:
        raise validation_error(
            f"Association with SourceArn ({source.arn}) and DestinationArn ({destination.arn}) "
            "already exists."
        ) from None
    return {"SourceArn": source.arn, "DestinationArn": destination.arn}


@operation("DeleteAssociation", writes=True)
def delete_association(cx: sqlite3.Connection, _: Context, request: Request) -> Answer:
    """Remove an association."""
    ends = {"source": request["SourceArn"], "destination": request["DestinationArn"]}
    gone = cx.execute(
        "DELETE FROM association WHERE source_arn = :source AND destination_arn = :destination",
        ends,
    )
    if not gone.rowcount:
        raise resource_not_found(
            f"Association from '{ends['source']}' to '{ends['destination']}' does not exist."
        )
    return {"SourceArn": ends["source"], "DestinationArn": ends["destination"]}


@operation("ListAssociations")
def list_associations(cx: sqlite3.Connection, _: Context, request: Request) -> Answer:
    """Return one page of associations, newest first unless asked otherwise."""
    columns = {
        "SourceArn": "source_arn",
        "DestinationArn": "destination_arn",
        "SourceType": "source_type",
        "DestinationType": "destination_type",
        "AssociationType": "association_type",
    }
    where, values = _conditions(request, columns)
    # Not AssociationType: no order of SageMaker either, and it may be absent.
    sort_columns = {m: f"r.{c}" for m, c in columns.items() if m != "AssociationType"}
    sort_columns["CreationTime"] = "r.creation_time"
    rows, token = list_rows(
        cx, "association", request, where=where, parameters=values, sort_columns=sort_columns
    )
    summaries = [
        {
            **{member: row[column] for member, column in columns.items()},
            "SourceName": row["source_name"],
            "DestinationName": row["destination_name"],
            "CreationTime": row["creation_time"],
            "CreatedBy": raw(row["created_by"]),
        }
        for row in rows
    ]
    return {"AssociationSummaries": summaries, "NextToken": token}


def _name_of(source: dict[str, Any]) -> str:
    """Return the name in the ARN of a source's artifact; equal sources have equal names."""
    types = sorted((item["SourceIdType"], item["Value"]) for item in source.get("SourceTypes", []))
    text = repr((source["SourceUri"], types))
    return hashlib.sha256(text.encode()).hexdigest()[:32]


def _find(cx: sqlite3.Connection, context: Context, arn: str) -> sqlite3.Row:
    resource_type, name = split_arn(context, arn) or ("", "")
    row = find_row(cx, ARTIFACT, name) if resource_type == ARTIFACT else None
    if row is None:
        raise _missing("Artifact", arn)
    return row


def _end(cx: sqlite3.Connection, context: Context, arn: str) -> _End:
    """Return the end that has this ARN. Raises ServiceError (ResourceNotFound)."""
    resource_type, name = split_arn(context, arn) or ("", "")
    if resource_type == ARTIFACT:
        row = _find(cx, context, arn)
        return _End(context.arn(ARTIFACT, row["name"]), row["artifact_type"], row["artifact_name"])
    if resource_type == EXPERIMENT.resource_type:
        row = find(cx, context, EXPERIMENT, name)
        return _End(context.arn(resource_type, row["name"]), "Experiment", row["name"])
    if resource_type == TRIAL_COMPONENT.resource_type:
        row = find(cx, context, TRIAL_COMPONENT, name)
        # Its source type, such as SageMakerTrainingJob; the other word is our choice.
        made_by = row["source_type"] or "TrialComponent"
        return _End(context.arn(resource_type, row["name"]), made_by, row["name"])
    raise _missing("Resource", arn)


def _summary(context: Context, row: sqlite3.Row) -> dict[str, Any]:
    return {
        "ArtifactArn": context.arn(ARTIFACT, row["name"]),
        "ArtifactName": row["artifact_name"],
        "Source": raw(row["source"]),
        "ArtifactType": row["artifact_type"],
        "CreationTime": row["creation_time"],
        "LastModifiedTime": row["last_modified_time"],
    }


def _conditions(request: Request, columns: dict[str, str]) -> tuple[list[str], dict[str, Any]]:
    given = {column: request[member] for member, column in columns.items() if member in request}
    return [f"r.{column} = :{column}" for column in given], given


def _missing(noun: str, arn: str) -> ServiceError:
    return resource_not_found(f"{noun} '{arn}' does not exist.")
