"""Turn SageMaker's records of an experiment into an experiment and runs of MLflow.

A trial component becomes a run. Source of the limits: ``mlflow/utils/validation.py`` of MLflow 2.14
to 3; the smaller value where they differ.
"""

from __future__ import annotations

import os
import posixpath
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from itertools import count

from smx_lab.core import wire
from smx_lab.core.copying import Component, Content, Point
from smx_lab.core.entities import TrialComponent

EXPORTED_FROM = "smx-lab.exported-from"
"""The tag with the ARN of the original, so that a second export recognises its own work. It has a
dot, since MLflow on Windows allows no colon in names."""

STATE = "smx-lab.export"
"""The tag that says whether a run is `COMPLETE` or `INCOMPLETE`."""
COMPLETE = "complete"
INCOMPLETE = "incomplete"

MAX_KEY_LENGTH = 250
MAX_PARAM_LENGTH = 6000
MAX_TAG_LENGTH = 5000

_FORBIDDEN = re.compile(r"[^/\w.\- ]" if os.name == "nt" else r"[^/\w.\- :]")
_RESERVED = ("mlflow.", "smx-lab.")
_STATUS = {"InProgress": "RUNNING", "Stopping": "RUNNING", "Failed": "FAILED", "Stopped": "KILLED"}


@dataclass(frozen=True)
class MlflowExperiment:
    """An experiment for MLflow. ``notes`` say what had to be changed or left out."""

    name: str
    origin: str
    tags: Mapping[str, str]
    notes: tuple[str, ...]


@dataclass(frozen=True)
class MlflowRun:
    """A run for MLflow. Times are in epoch milliseconds."""

    name: str
    origin: str
    tags: Mapping[str, str]
    params: Mapping[str, str]
    status: str
    start_time: int
    end_time: int
    notes: tuple[str, ...]

    @property
    def is_over(self) -> bool:
        """Whether the trial component has ended."""
        return self.status != "RUNNING"


@dataclass(frozen=True)
class MlflowMetric:
    """A metric under its name in MLflow."""

    key: str
    points: tuple[Point, ...]


class _Entries:
    """Names and values that MLflow accepts, and notes about what had to be changed."""

    def __init__(self, subject: str, max_length: int) -> None:
        self._subject = subject
        self._max_length = max_length
        self.values: dict[str, str] = {}
        self.notes: list[str] = []

    def add_all(self, noun: str, members: Mapping[str, str]) -> None:
        """Add members under the names that users gave them, changed where MLflow needs it."""
        for name, key in _keys(members, self.values).items():
            if key != name:
                self.notes.append(f"{self._subject}: the {noun} {name} is named {key}")
            self.add(key, members[name], f"the {noun} {name}")

    def add(self, key: str, value: str, what: str = "") -> None:
        """Add a value under a valid key; cut it if it is too long."""
        if len(value) > self._max_length:
            note = f"{what or key} is cut to {self._max_length} characters"
            self.notes.append(f"{self._subject}: {note}")
        self.values[key] = value[: self._max_length]


def experiment_of(content: Content) -> MlflowExperiment:
    """Map an experiment, with notes on what MLflow cannot store of its trials."""
    experiment = wire.experiment(content.experiment)
    name, arn = experiment.experiment_name, experiment.experiment_arn
    tags = _Entries(name, MAX_TAG_LENGTH)
    tags.add(EXPORTED_FROM, arn)
    if experiment.description:
        tags.add("mlflow.note.content", experiment.description)
    if experiment.display_name != name:
        tags.add("smx-lab.display-name", experiment.display_name)
    tags.add_all("tag", content.tags.get(arn, {}))
    return MlflowExperiment(name, arn, tags.values, (*tags.notes, *_trial_notes(content)))


def _trial_notes(content: Content) -> Iterable[str]:
    used = {name for component in content.components for name in component.trial_names}
    for record in sorted(content.trials, key=lambda trial: str(trial["TrialName"])):
        name = record["TrialName"]
        if name not in used:
            yield f"The trial {name}: it has no trial components"
        if record.get("DisplayName", name) != name:
            yield f"The trial {name}: its display name"
        if tags := content.tags.get(record["TrialArn"]):
            yield f"The trial {name}: its tags {', '.join(sorted(tags))}"


def run_of(component: Component) -> MlflowRun:
    """Map a trial component, without its metrics."""
    entity = wire.trial_component(component.record)
    params = _Entries(component.name, MAX_PARAM_LENGTH)
    params.add_all("parameter", {k: _text(v) for k, v in entity.parameters.items()})
    tags = _Entries(component.name, MAX_TAG_LENGTH)
    for key, value in _facts(component, entity).items():
        if value:
            tags.add(key, value)
    for side, artifacts in (("input", entity.input_artifacts), ("output", entity.output_artifacts)):
        uris = {f"smx-lab.{side}.{name}": artifact.value for name, artifact in artifacts.items()}
        for name, key in _keys(uris, tags.values, reserved=()).items():
            tags.add(key, uris[name])
    tags.add_all("tag", component.tags)
    return MlflowRun(
        name=entity.display_name,
        origin=component.arn,
        tags=tags.values,
        params=params.values,
        status=_STATUS.get(entity.status or "", "FINISHED"),
        start_time=milliseconds(entity.start_time or entity.creation_time),
        end_time=milliseconds(entity.end_time or entity.last_modified_time),
        notes=(*params.notes, *tags.notes),
    )


def _facts(component: Component, entity: TrialComponent) -> dict[str, str | None]:
    metadata = component.record.get("MetadataProperties", {})
    return {
        EXPORTED_FROM: component.arn,
        "smx-lab.trial-component": component.name,
        "smx-lab.trials": ", ".join(sorted(component.trial_names)),
        "smx-lab.type": entity.type,
        "smx-lab.source-arn": entity.source_arn,
        "smx-lab.status": entity.status,
        "smx-lab.status-message": entity.status_message,
        "smx-lab.generated-by": metadata.get("GeneratedBy"),
        "smx-lab.project-id": metadata.get("ProjectId"),
        "mlflow.source.git.commit": metadata.get("CommitId"),
        "mlflow.source.git.repoURL": metadata.get("Repository"),
        "mlflow.user": entity.created_by,
    }


def metrics_of(
    component: Component, series: Mapping[str, list[Point]], is_over: bool
) -> tuple[list[MlflowMetric], list[str]]:
    """Return metrics and notes. A metric without a series has its last value as the only point."""
    entity = wire.trial_component(component.record)
    summaries = {metric.metric_name: metric for metric in entity.metrics}
    found, notes = [], []
    for name, key in _keys(summaries, (), reserved=()).items():
        subject = f"{component.name}: the metric {name}"
        points, summary = series.get(name, []), summaries[name]
        if not points and not is_over:
            notes.append(f"{subject} has no series, and its last value is not known yet")
            continue
        if not points and summary.last is None:
            notes.append(f"{subject} has no value that is a number")
            continue
        if not points and summary.last is not None:
            points = [Point(0, summary.last, summary.time_stamp or entity.last_modified_time)]
            notes.append(f"{subject} is its last value alone, since it has no series")
        if key != name:
            notes.append(f"{subject} is named {key}")
        found.append(MlflowMetric(key, tuple(points)))
    return found, notes


def milliseconds(time: datetime) -> int:
    """Return a time in epoch milliseconds, as MLflow stores it."""
    return round(time.timestamp() * 1000)


def _text(value: str | float) -> str:
    from smx_lab.core.table.columns.text import unquote  # late, since NumPy comes with it

    if isinstance(value, str):
        return unquote(value)
    # SageMaker stores all numbers as decimals. A whole one was most likely an integer.
    return str(int(value)) if value.is_integer() and abs(value) < 2**53 else repr(value)


def _keys(
    names: Iterable[str], taken: Iterable[str], reserved: tuple[str, ...] = _RESERVED
) -> dict[str, str]:
    """Return a different valid name for each name; always the same for the same names."""
    used = set(taken)
    keys: dict[str, str] = {}
    # Names that are valid already come first, so that no changed name takes theirs.
    for name in sorted(names, key=lambda name: (_key(name, reserved) != name, name)):
        key = _key(name, reserved)
        if key in used:
            others = (f"{key[: MAX_KEY_LENGTH - 6]}_{number}" for number in count(2))
            key = next(other for other in others if other not in used)
        used.add(key)
        keys[name] = key
    return keys


def _key(name: str, reserved: tuple[str, ...]) -> str:
    key = f"tag.{name}" if name.startswith(reserved) else name
    key = _FORBIDDEN.sub("_", key)[:MAX_KEY_LENGTH]
    # MLflow may use names as paths, and refuses those that lead elsewhere.
    if posixpath.normpath(key) != key or key.startswith("/"):
        key = key.replace("/", "_")
    if key.startswith("..") or key in ("", "."):
        key = f"_{key}"[:MAX_KEY_LENGTH]
    return key
