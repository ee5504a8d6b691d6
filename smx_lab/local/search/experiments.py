"""Experiments, trials and trial components as resources of Search."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from typing import Any

from smx_lab.core.statistics import STATISTICS
from smx_lab.local.context import Context
from smx_lab.local.records import entities
from smx_lab.local.records.entities import EXPERIMENT, TRIAL, TRIAL_COMPONENT, Kind
from smx_lab.local.records.experiments import experiment_record, trial_record
from smx_lab.local.records.tags import tags_of
from smx_lab.local.records.trial_components import source_of, trial_component_record
from smx_lab.local.search.properties import Parameters, Property, Value
from smx_lab.local.search.resources import Resource, json_map_property, searchable
from smx_lab.local.search.sources import source_details
from smx_lab.local.search.suggestions import fixed_keys, keys_of, recent_keys

_COLUMN_BY_STATISTIC = {
    statistic.lower(): f"s.{names.member}" for statistic, names in STATISTICS.items()
}
_ARTIFACT = ("Value", "MediaType")

_AUTHORS = {
    f"{author}.{member}": Value("text", text=f"json_extract(r.{column}, '$.{member}')")
    for author, column in (("CreatedBy", "created_by"), ("LastModifiedBy", "last_modified_by"))
    for member in ("UserProfileName", "UserProfileArn", "DomainId", "IamIdentity.Arn")
}
_COMMON = {
    "DisplayName": Value("text", text="r.display_name"),
    "CreationTime": Value("time", number="r.creation_time"),
    "LastModifiedTime": Value("time", number="r.last_modified_time"),
    **_AUTHORS,
}
_METADATA = {
    f"MetadataProperties.{member}": Value(
        "text", text=f"json_extract(r.metadata_properties, '$.{member}')"
    )
    for member in ("CommitId", "Repository", "GeneratedBy", "ProjectId")
}
# Nothing made here has a source, yet asking for one is no mistake.
_NO_SOURCE = {
    f"Source.{member}": Value("text", text="NULL") for member in ("SourceArn", "SourceType")
}


def _experiment_records(
    cx: sqlite3.Connection, context: Context, ids: Sequence[int]
) -> list[dict[str, Any]]:
    rows = _rows(cx, EXPERIMENT, ids)
    tags = tags_of(cx, EXPERIMENT.resource_type, [row["name"] for row in rows])
    return [
        {**experiment_record(context, row), "Tags": tags.get(row["name"].lower(), [])}
        for row in rows
    ]


def _trial_records(
    cx: sqlite3.Connection, context: Context, ids: Sequence[int]
) -> list[dict[str, Any]]:
    rows = _rows(cx, TRIAL, ids)
    tags = tags_of(cx, TRIAL.resource_type, [row["name"] for row in rows])
    experiments = _select(
        cx,
        """
        SELECT t.id, e.name FROM trial AS t JOIN experiment AS e ON e.id = t.experiment_id
        WHERE t.id IN ({ids})
        """,
        ids,
    )
    names = {row["id"]: row["name"] for row in experiments}
    components: dict[int, list[dict[str, Any]]] = {}
    for row in _select(
        cx,
        """
        SELECT a.trial_id, c.* FROM trial_component_association AS a
        JOIN trial_component AS c ON c.id = a.trial_component_id
        WHERE a.trial_id IN ({ids}) ORDER BY c.creation_time, c.id
        """,
        ids,
    ):
        summary = {
            "TrialComponentName": row["name"],
            "TrialComponentArn": context.arn(TRIAL_COMPONENT.resource_type, row["name"]),
            "TrialComponentSource": source_of(row),
            "CreationTime": row["creation_time"],
            "CreatedBy": entities.raw(row["created_by"]),
        }
        components.setdefault(row["trial_id"], []).append(summary)
    return [
        {
            **trial_record(context, row, names[row["id"]]),
            "Tags": tags.get(row["name"].lower(), []),
            "TrialComponentSummaries": components.get(row["id"], []),
        }
        for row in rows
    ]


def _trial_component_records(
    cx: sqlite3.Connection, context: Context, ids: Sequence[int]
) -> list[dict[str, Any]]:
    rows = _rows(cx, TRIAL_COMPONENT, ids)
    tags = tags_of(cx, TRIAL_COMPONENT.resource_type, [row["name"] for row in rows])
    details = source_details(cx, context, rows)
    parents: dict[int, list[dict[str, str]]] = {}
    for component_id, trial, experiment in _select(
        cx,
        """
        SELECT a.trial_component_id, t.name, e.name
        FROM trial_component_association AS a
        JOIN trial AS t ON t.id = a.trial_id
        JOIN experiment AS e ON e.id = t.experiment_id
        WHERE a.trial_component_id IN ({ids})
        ORDER BY a.trial_component_id, a.creation_time, t.id
        """,
        ids,
    ):
        parent = {"TrialName": trial, "ExperimentName": experiment}
        parents.setdefault(component_id, []).append(parent)
    return [
        {
            **trial_component_record(cx, context, row),
            "SourceDetail": details.get(row["source_arn"]),
            "RunName": row["run_name"],
            "Tags": tags.get(row["name"].lower(), []),
            "Parents": parents.get(row["id"], []),
        }
        for row in rows
    ]


def _rows(cx: sqlite3.Connection, kind: Kind, ids: Sequence[int]) -> list[sqlite3.Row]:
    """Return the rows with these ids, in this order."""
    found = _select(cx, f"SELECT * FROM {kind.table} WHERE id IN ({{ids}})", ids)  # noqa: S608
    by_id = {row["id"]: row for row in found}
    return [by_id[number] for number in ids if number in by_id]


def _select(cx: sqlite3.Connection, sql: str, ids: Sequence[int]) -> list[sqlite3.Row]:
    return cx.execute(sql.format(ids=", ".join("?" * len(ids))), ids).fetchall()


def _parameter(name: str, key: str, parameters: Parameters) -> Property:
    mark = parameters.add(key)
    return Property(
        name,
        f"parameters.{key.lower()}",
        Value("any", text="s.string_value", number="s.number_value"),
        f"FROM trial_component_parameter AS s WHERE s.key = {mark} COLLATE NOCASE",
        owner="s.trial_component_id",
        key_column="s.key",
    )


def _metric(name: str, rest: str, parameters: Parameters) -> Property | None:
    """A metric's name may hold dots itself: the last part is the statistic."""
    metric_name, _, statistic = rest.rpartition(".")
    column = _COLUMN_BY_STATISTIC.get(statistic.lower())
    if not metric_name or column is None:
        return None
    return Property(
        name,
        "metrics",
        Value("number", number=column),
        f"FROM metric_search AS s WHERE s.name = {parameters.add(metric_name)} COLLATE NOCASE",
        owner="s.trial_component_id",
        key_column="s.name",
    )


def _artifact(column: str, name: str, rest: str, parameters: Parameters) -> Property | None:
    key, _, member = rest.rpartition(".")
    members = {"value": "Value", "mediatype": "MediaType"}
    if not key or member.lower() not in members:
        return None
    return json_map_property(f"r.{column}", name, key, parameters, members[member.lower()])


_PARENTS = {
    "trialname": Value("name", text="t.name"),
    "experimentname": Value("name", text="e.name"),
}


def _parent(name: str, rest: str, _: Parameters) -> Property | None:
    value = _PARENTS.get(rest.lower())
    if value is None:
        return None
    source = (
        "FROM trial_component_association AS s JOIN trial AS t ON t.id = s.trial_id\n"
        "JOIN experiment AS e ON e.id = t.experiment_id WHERE TRUE"
    )
    return Property(
        name,
        f"parents.{rest.lower()}",
        value,
        source,
        owner="s.trial_component_id",
        is_many=True,
        presence="FROM trial_component_association AS s WHERE TRUE",
    )


def _component_of_trial(name: str, rest: str, _: Parameters) -> Property | None:
    if rest.lower() != "trialcomponentname":
        return None
    source = (
        "FROM trial_component_association AS s\n"
        "JOIN trial_component AS c ON c.id = s.trial_component_id WHERE TRUE"
    )
    value = Value("name", text="c.name")
    return Property(name, "trialcomponentsummaries", value, source, "s.trial_id", is_many=True)


searchable(
    Resource(
        name="Experiment",
        wrapper="Experiment",
        table="experiment",
        resource_type=EXPERIMENT.resource_type,
        records=_experiment_records,
        values={
            "ExperimentName": Value("name", text="r.name"),
            "Description": Value("text", text="r.description"),
            **_COMMON,
            **_NO_SOURCE,
        },
        often=frozenset({"experimentname", "displayname", "tags"}),
    )
)

searchable(
    Resource(
        name="ExperimentTrial",
        wrapper="Trial",
        table="trial",
        resource_type=TRIAL.resource_type,
        records=_trial_records,
        values={
            "TrialName": Value("name", text="r.name"),
            "ExperimentName": Value(
                "name", text="(SELECT name FROM experiment WHERE id = r.experiment_id)"
            ),
            **_COMMON,
            **_METADATA,
            **_NO_SOURCE,
        },
        prefixes={"trialcomponentsummaries": _component_of_trial},
        keys={"TrialComponentSummaries": fixed_keys("TrialComponentName")},
        lists=frozenset({"trialcomponentsummaries"}),
        often=frozenset({"trialname", "displayname", "tags"}),
    )
)

searchable(
    Resource(
        name="ExperimentTrialComponent",
        wrapper="TrialComponent",
        table="trial_component",
        resource_type=TRIAL_COMPONENT.resource_type,
        records=_trial_component_records,
        values={
            "TrialComponentName": Value("name", text="r.name"),
            "StartTime": Value("time", number="r.start_time"),
            "EndTime": Value("time", number="r.end_time"),
            "Status.PrimaryStatus": Value("text", text="r.primary_status"),
            "Status.Message": Value("text", text="r.status_message"),
            "Source.SourceArn": Value("name", text="r.source_arn"),
            "Source.SourceType": Value("text", text="r.source_type"),
            "SourceDetail.SourceArn": Value("name", text="r.source_arn"),
            "RunName": Value("text", text="r.run_name"),
            **_COMMON,
            **_METADATA,
        },
        prefixes={
            "parameters": _parameter,
            "metrics": _metric,
            "parents": _parent,
            "inputartifacts": lambda *names: _artifact("input_artifacts", *names),
            "outputartifacts": lambda *names: _artifact("output_artifacts", *names),
        },
        keys={
            "Parameters": keys_of("trial_component_parameter", "key"),
            "Metrics": keys_of("metric_search", "name", *STATISTICS),
            "Parents": fixed_keys("TrialName", "ExperimentName"),
            "InputArtifacts": recent_keys("trial_component", "input_artifacts", *_ARTIFACT),
            "OutputArtifacts": recent_keys("trial_component", "output_artifacts", *_ARTIFACT),
        },
        lists=frozenset({"parents"}),
        often=frozenset(
            {"trialcomponentname", "displayname", "tags", "inputartifacts", "outputartifacts"}
        ),
        has_changes=True,
    )
)
