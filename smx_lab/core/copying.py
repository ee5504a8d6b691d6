"""What of an experiment can be created elsewhere, and what cannot: SageMaker's records to requests.

Source of the limits: botocore's model of SageMaker and of its metrics service; SageMaker sets times
of creation, creators and the job behind a trial component by itself, and nobody else can.
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
"""The tag that says what a copy was made of, by ARN, so that a second try knows its own work."""

METRIC_AGE = timedelta(weeks=2)
"""BatchPutMetrics of AWS takes no older points (SageMaker SDK, ``_metrics.py``)."""

_METRICS_NAME = re.compile(r"[a-z0-9](-*[a-z0-9]){0,119}")
_MEDIA_TYPE = re.compile(r"[-\w]+/[-\w+]+")


@dataclass(frozen=True)
class Component:
    """One trial component with its tags and the trials of the experiment that it is in."""

    record: Record
    tags: Mapping[str, str]
    trial_names: tuple[str, ...]

    @property
    def name(self) -> str:
        """Its name, unique in an account and region."""
        return str(self.record["TrialComponentName"])

    @property
    def arn(self) -> str:
        """Where it was found."""
        return str(self.record["TrialComponentArn"])


@dataclass(frozen=True)
class Content:
    """An experiment as a whole; tags are by ARN."""

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
    """Return what of a trial component no request can carry, as sentences."""
    notes = []
    if source := component.record.get("Source", {}).get("SourceArn"):
        notes.append(f"{component.name}: the link to {source}, which only SageMaker makes")
    notes += _left_out_tags(component.name, component.tags)
    return notes


def why_no_metrics(component_name: str, is_aws: bool) -> str | None:
    """Return why a trial component can take no metrics, as the end of a sentence, or None."""
    if is_aws and not _METRICS_NAME.fullmatch(component_name):
        return "AWS takes metrics only where the name is in lower case"
    return None


def is_too_old(point: Point, now: datetime) -> bool:
    """Tell whether AWS would refuse a point for its age."""
    return now - point.time > METRIC_AGE


def _present(record: Record, *names: str) -> Members:
    return {name: record[name] for name in names if record.get(name) not in (None, "", {})}


def _parameter(value: Record) -> Members:
    # A job's hyperparameters are answered in both forms; one is to be sent, and SDKs read this one.
    number = value.get("NumberValue")
    return {"NumberValue": number} if number is not None else _present(value, "StringValue")


def _artifact(artifact: Record) -> Members:
    media_type = artifact.get("MediaType") or ""
    # SageMaker's own ones need not follow its rule, e.g. "csv".
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
