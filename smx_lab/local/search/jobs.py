"""Training jobs and endpoints as resources of Search."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Sequence
from typing import Any

from smx_lab.local.context import Context
from smx_lab.local.records import hosting, training_jobs
from smx_lab.local.records.endpoints import endpoint_record
from smx_lab.local.records.tags import tags_of
from smx_lab.local.search.properties import Parameters, Property, Value
from smx_lab.local.search.resources import Resource, json_hyperparameter, searchable
from smx_lab.local.search.suggestions import fixed_keys, recent_keys

_TIMES = {
    "CreationTime": Value("time", number="r.creation_time"),
    "LastModifiedTime": Value("time", number="r.last_modified_time"),
}
# Members of the request that can be asked for, as they stand in it.
_ASKED_FOR = (
    "RoleArn",
    "AlgorithmSpecification.TrainingImage",
    "AlgorithmSpecification.TrainingInputMode",
    "OutputDataConfig.S3OutputPath",
    "ResourceConfig.InstanceType",
    "ExperimentConfig.ExperimentName",
    "ExperimentConfig.TrialName",
    "ExperimentConfig.TrialComponentDisplayName",
    "ExperimentConfig.RunName",
)
_NUMBERS_ASKED_FOR = (
    "ResourceConfig.InstanceCount",
    "ResourceConfig.VolumeSizeInGB",
    "StoppingCondition.MaxRuntimeInSeconds",
)


def _records(
    table: str, resource_type: str, record: Callable[[Context, sqlite3.Row], dict[str, Any]]
) -> Callable[[sqlite3.Connection, Context, Sequence[int]], list[dict[str, Any]]]:
    """Return a function from ids to records with their tags."""

    def records(
        cx: sqlite3.Connection, context: Context, ids: Sequence[int]
    ) -> list[dict[str, Any]]:
        marks = ", ".join("?" * len(ids))
        rows = {
            row["id"]: row
            for row in cx.execute(
                f"SELECT * FROM {table} WHERE id IN ({marks})",  # noqa: S608 - two constants
                ids,
            )
        }
        tags = tags_of(cx, resource_type, [row["name"] for row in rows.values()])
        return [
            {**record(context, rows[number]), "Tags": tags.get(rows[number]["name"].lower(), [])}
            for number in ids
            if number in rows
        ]

    return records


_CHANNEL_MEMBERS = (
    "ChannelName",
    "ContentType",
    "CompressionType",
    "InputMode",
    "RecordWrapperType",
    "DataSource.S3DataSource.S3DataType",
    "DataSource.S3DataSource.S3Uri",
    "DataSource.S3DataSource.S3DataDistributionType",
)
_CHANNELS = (
    "FROM (SELECT j.id AS job, e.value AS channel\n"
    "FROM training_job AS j, json_each(j.request, '$.InputDataConfig') AS e) AS s WHERE TRUE"
)


def _channel(name: str, rest: str, _: Parameters) -> Property | None:
    """A member of any of the job's input channels."""
    member = next((known for known in _CHANNEL_MEMBERS if known.lower() == rest.lower()), None)
    if member is None:
        return None
    value = Value("text", text=f"json_extract(s.channel, '$.{member}')")
    return Property(name, "inputdataconfig", value, _CHANNELS, owner="s.job", is_many=True)


def _hyperparameter(name: str, key: str, parameters: Parameters) -> Property:
    column = "coalesce(json_extract(r.request, '$.HyperParameters'), '{}')"
    return json_hyperparameter(column, name, key, parameters)


def _final_metric(name: str, metric: str, parameters: Parameters) -> Property:
    """The final value of a metric of the job itself."""
    value = (
        "(SELECT json_extract(e.value, '$[0]') FROM json_each(r.final_metrics) AS e\n"  # noqa: S608
        f"WHERE e.key = {parameters.add(metric)} COLLATE NOCASE LIMIT 1)"
    )
    return Property(name, "metrics", Value("number", number=value))


searchable(
    Resource(
        name="TrainingJob",
        wrapper="TrainingJob",
        table="training_job",
        resource_type=training_jobs.RESOURCE_TYPE,
        records=_records(
            "training_job", training_jobs.RESOURCE_TYPE, training_jobs.training_record
        ),
        values={
            "TrainingJobName": Value("name", text="r.name"),
            "TrainingJobStatus": Value("text", text="r.status"),
            "SecondaryStatus": Value("text", text="r.secondary_status"),
            "FailureReason": Value("text", text="r.failure_reason"),
            "ModelArtifacts.S3ModelArtifacts": Value("text", text="r.model_artifacts"),
            "TrainingStartTime": Value("time", number="r.training_start_time"),
            "TrainingEndTime": Value("time", number="r.training_end_time"),
            # Nothing is tuned here, yet asking for it is no mistake.
            "TuningJobArn": Value("text", text="NULL"),
            **{
                path: Value("text", text=f"json_extract(r.request, '$.{path}')")
                for path in _ASKED_FOR
            },
            **{
                path: Value("number", number=f"json_extract(r.request, '$.{path}')")
                for path in _NUMBERS_ASKED_FOR
            },
            **_TIMES,
        },
        prefixes={
            "hyperparameters": _hyperparameter,
            "metrics": _final_metric,
            "inputdataconfig": _channel,
        },
        lists=frozenset({"inputdataconfig"}),
        keys={
            "HyperParameters": recent_keys(
                "training_job", "json_extract(request, '$.HyperParameters')"
            ),
            "Metrics": recent_keys("training_job", "final_metrics"),
            "InputDataConfig": fixed_keys(*_CHANNEL_MEMBERS),
        },
        often=frozenset({"trainingjobname", "tags"}),
    )
)

searchable(
    Resource(
        name="Endpoint",
        wrapper="Endpoint",
        table="endpoint",
        resource_type=hosting.ENDPOINT.resource_type,
        records=_records("endpoint", hosting.ENDPOINT.resource_type, endpoint_record),
        values={
            "EndpointName": Value("name", text="r.name"),
            "EndpointStatus": Value("text", text="r.status"),
            "FailureReason": Value("text", text="r.failure_reason"),
            "EndpointConfigName": Value(
                "name", text="json_extract(r.config, '$.EndpointConfigName')"
            ),
            **_TIMES,
        },
        often=frozenset({"endpointname", "tags"}),
    )
)
