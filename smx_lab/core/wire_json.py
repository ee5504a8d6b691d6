"""Decode the trial components in a response of Search, faster than ``core/wire`` can.

It handles what SageMaker nearly always returns. For anything else (a time as text, a ``NaN`` as
text, a null instead of a map) ``components`` returns None, and the caller uses ``core/wire``.
Members have the names of SageMaker's JSON, so that both mappings can be compared.
"""

from __future__ import annotations

from datetime import datetime, timezone
from typing import NamedTuple

import msgspec

from smx_lab.core.entities import Artifact, TrialParent
from smx_lab.core.search_record import SearchedComponent, SearchedMetric
from smx_lab.core.wire import PRIMARY_STATUSES, TYPE_BY_SOURCE


class _Shape(msgspec.Struct, gc=False):
    """A shape of SageMaker's JSON. It has no reference cycle, so no garbage collection either."""


class _Value(_Shape):
    NumberValue: float | None = None
    StringValue: str | None = None


class _Artifact(_Shape):
    Value: str | None = None
    MediaType: str | None = None


class _Parent(_Shape):
    TrialName: str
    ExperimentName: str


class _Tag(_Shape):
    Key: str
    Value: str


class _Source(_Shape):
    SourceArn: str | None = None
    SourceType: str | None = None


class _Status(_Shape):
    PrimaryStatus: str | None = None
    Message: str | None = None


class _Identity(_Shape):
    Arn: str | None = None


class _User(_Shape):
    UserProfileName: str | None = None
    IamIdentity: _Identity | None = None


class _TrialComponent(_Shape):
    TrialComponentName: str
    CreationTime: float
    TrialComponentArn: str | None = None
    DisplayName: str | None = None
    LastModifiedTime: float | None = None
    StartTime: float | None = None
    EndTime: float | None = None
    Source: _Source | None = None
    Status: _Status | None = None
    CreatedBy: _User | None = None
    Parameters: dict[str, _Value] | None = None
    InputArtifacts: dict[str, _Artifact] | None = None
    OutputArtifacts: dict[str, _Artifact] | None = None
    Metrics: list[SearchedMetric] | None = None
    Parents: list[_Parent] | None = None
    Tags: list[_Tag] | None = None


class _Result(_Shape):
    TrialComponent: _TrialComponent | None = None


class _Hits(_Shape):
    Value: int | None = None


class _Answer(_Shape):
    Results: list[_Result] | None = None
    NextToken: str | None = None
    TotalHits: _Hits | None = None


class Components(NamedTuple):
    """The content of one response of Search."""

    components: list[SearchedComponent]
    next_token: str | None
    hits: int | None


_DECODER = msgspec.json.Decoder(_Answer)


def components(body: bytes) -> Components | None:
    """Decode one response of Search for trial components; return None if it is unusual."""
    try:
        answer = _DECODER.decode(body)
    except msgspec.DecodeError:
        return None
    return Components(
        [
            _component(result.TrialComponent)
            for result in answer.Results or ()
            if result.TrialComponent is not None
        ],
        answer.NextToken,
        answer.TotalHits.Value if answer.TotalHits else None,
    )


def _component(given: _TrialComponent) -> SearchedComponent:
    source, status, name = given.Source, given.Status, given.TrialComponentName
    modified = given.LastModifiedTime
    return SearchedComponent(
        trial_component_name=name,
        trial_component_arn=given.TrialComponentArn or "",
        display_name=given.DisplayName or name,
        type=TYPE_BY_SOURCE.get(source.SourceType or "", "Undefined") if source else "Undefined",
        source_arn=source.SourceArn if source else None,
        status=PRIMARY_STATUSES.get(status.PrimaryStatus or "") if status else None,
        status_message=status.Message if status else None,
        creation_time=_instant(given.CreationTime),
        last_modified_time=_instant(given.CreationTime if modified is None else modified),
        start_time=None if given.StartTime is None else _instant(given.StartTime),
        end_time=None if given.EndTime is None else _instant(given.EndTime),
        created_by=_user(given.CreatedBy) if given.CreatedBy else None,
        parameters={
            key: (value.StringValue or "") if value.NumberValue is None else value.NumberValue
            for key, value in (given.Parameters or {}).items()
        },
        input_artifacts=_artifacts(given.InputArtifacts),
        output_artifacts=_artifacts(given.OutputArtifacts),
        metrics=given.Metrics or [],
        # A list comprehension: for so few items a generator takes twice as long.
        parents=tuple(
            [
                TrialParent(trial_name=parent.TrialName, experiment_name=parent.ExperimentName)
                for parent in given.Parents or ()
            ]
        ),
        tags={tag.Key: tag.Value for tag in given.Tags or ()},
    )


def _artifacts(given: dict[str, _Artifact] | None) -> dict[str, Artifact]:
    return {
        key: Artifact(value=artifact.Value or "", media_type=artifact.MediaType)
        for key, artifact in (given or {}).items()
    }


def _user(given: _User) -> str | None:
    arn = (given.IamIdentity.Arn or "") if given.IamIdentity else ""
    return given.UserProfileName or arn.rpartition("/")[2] or None


def _instant(seconds: float) -> datetime:
    return datetime.fromtimestamp(seconds, timezone.utc)
