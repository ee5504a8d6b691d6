"""Turn SageMaker's records of an experiment into the requests that create a copy of it.

Only SageMaker itself can set creation times, creators and the job of a trial component. Source of
the limits: botocore's models of SageMaker and of its metrics service.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from smx_lab.core.limits import MAX_TAGS

Record = Mapping[str, Any]
Members = dict[str, Any]

COPIED_FROM = "smx-lab:copied-from"
"""The tag of a copy with the ARN of its original, so that a second run recognises the copy."""

MAX_METRIC_AGE = timedelta(weeks=2)
"""AWS's BatchPutMetrics refuses older points (SageMaker SDK, ``_metrics.py``)."""

_METRICS_NAME = re.compile(r"[a-z0-9](-*[a-z0-9]){0,119}")
_MEDIA_TYPE = re.compile(r"[-\w]+/[-\w+]+")


@dataclass(frozen=True)
class Component:
    """One trial component with its tags and its trials in the experiment."""

    record: Record
    tags: Mapping[str, str]
    trial_names: tuple[str, ...]

    @property
    def name(self) -> str:
        """Its name, unique in an account and region."""
        return str(self.record["TrialComponentName"])

    @property
    def arn(self) -> str:
        """Its ARN in the source."""
        return str(self.record["TrialComponentArn"])


@dataclass(frozen=True)
class Content:
    """A whole experiment. ``tags`` are by ARN."""

    experiment: Record
    trials: tuple[Record, ...]
    components: tuple[Component, ...]
    tags: Mapping[str, Mapping[str, str]] = field(default_factory=dict)


@dataclass(frozen=True)
class Point:
    """One point of a metric's series."""

    step: int
    value: float
    time: datetime


def new_experiment(content: Content) -> Members:
    """Return CreateExperiment's members."""
    record = content.experiment
    members = _present(record, "ExperimentName", "DisplayName", "Description")
    return {**members, "Tags": _tags(content.tags, record["ExperimentArn"])}


def new_trial(content: Content, trial: Record) -> Members:
    """Return CreateTrial's members."""
    members = _present(trial, "TrialName", "ExperimentName", "DisplayName", "MetadataProperties")
    return {**members, "Tags": _tags(content.tags, trial["TrialArn"])}


def new_component(component: Component) -> Members:
    """Return CreateTrialComponent's members."""
    record = component.record
    members = _present(
        record, "TrialComponentName", "DisplayName", "StartTime", "EndTime", "MetadataProperties"
    )
    if status := record.get("Status"):
        members["Status"] = _present(status, "PrimaryStatus", "Message")
    members["Parameters"] = {
        name: _parameter(value) for name, value in record.get("Parameters", {}).items()
    }
    for member in ("InputArtifacts", "OutputArtifacts"):
        artifacts = record.get(member, {})
        members[member] = {name: _artifact(artifact) for name, artifact in artifacts.items()}
    members["Tags"] = _tags({component.arn: component.tags}, component.arn)
    return members


def left_out(component: Component) -> list[str]:
    """Return what cannot be copied of a trial component, one text each."""
    notes = []
    if source := component.record.get("Source", {}).get("SourceArn"):
        notes.append(f"{component.name}: the link to {source}, which only SageMaker makes")
    notes += _left_out_tags(component.name, component.tags)
    return notes


def why_no_metrics(component_name: str, is_aws: bool) -> str | None:
    """Return why a trial component cannot get metrics, as the end of a sentence, or None."""
    if is_aws and not _METRICS_NAME.fullmatch(component_name):
        return "AWS takes metrics only where the name is in lower case"
    return None


def is_too_old(point: Point, now: datetime) -> bool:
    """Return whether AWS would refuse a point for its age."""
    return now - point.time > MAX_METRIC_AGE


def _present(record: Record, *names: str) -> Members:
    return {name: record[name] for name in names if record.get(name) not in (None, "", {})}


def _parameter(value: Record) -> Members:
    # A job's hyperparameters have both values. Only one can be sent; SDKs read the number.
    number = value.get("NumberValue")
    return {"NumberValue": number} if number is not None else _present(value, "StringValue")


def _artifact(artifact: Record) -> Members:
    media_type = artifact.get("MediaType") or ""
    # Media types set by SageMaker itself can break its own rule, e.g. "csv".
    kept = {"MediaType": media_type} if _MEDIA_TYPE.fullmatch(media_type) else {}
    return {"Value": artifact["Value"], **kept}


def _own_tags(tags: Mapping[str, str]) -> dict[str, str]:
    own = {
        key: value
        for key, value in tags.items()
        if not key.lower().startswith("aws:") and key != COPIED_FROM
    }
    return dict(list(own.items())[: MAX_TAGS - 1])


def _tags(tags: Mapping[str, Mapping[str, str]], arn: str) -> list[dict[str, str]]:
    kept = {**_own_tags(tags.get(arn, {})), COPIED_FROM: arn}
    return [{"Key": key, "Value": value} for key, value in kept.items()]


def _left_out_tags(name: str, tags: Mapping[str, str]) -> list[str]:
    kept = _own_tags(tags)
    return [f"{name}: the tag {key}" for key in tags if key not in kept and key != COPIED_FROM]
