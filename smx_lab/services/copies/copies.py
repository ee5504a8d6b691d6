"""Copy an experiment from one connection to another, as an operation.

Nothing is overwritten: every copy has a tag with the ARN of its original, and a name that something
else has is an error. A second run recognises by the tags what was copied before, leaves it
unchanged, and copies the rest.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timezone
from typing import Any

from smx_lab.contract.bodies import CopyPlan
from smx_lab.core import wire
from smx_lab.core.copying import (
    COPIED_FROM,
    Component,
    Content,
    Members,
    Point,
    is_too_old,
    left_out,
    new_component,
    new_experiment,
    new_trial,
    why_no_metrics,
)
from smx_lab.core.errors import Conflict, InvalidRequest, NotFound, SmxError
from smx_lab.core.operation import Operation
from smx_lab.gateway.connections import Connections
from smx_lab.gateway.sagemaker import SageMaker
from smx_lab.services.copies.source import read_experiment, read_series
from smx_lab.services.operations.operations import Kind, Operations, StepDefinition
from smx_lab.services.operations.progress import Progress
from smx_lab.services.switches import Switches

MAX_POINTS_A_CALL = 10
"""The most that BatchPutMetrics takes (botocore's model)."""


@dataclass(frozen=True)
class Thing:
    """The names of one kind of entity in SageMaker."""

    noun: str
    kind: str

    @property
    def name_member(self) -> str:
        """``TrialComponentName``."""
        return f"{self.kind}Name"

    @property
    def arn_member(self) -> str:
        """``TrialComponentArn``."""
        return f"{self.kind}Arn"


EXPERIMENT = Thing("experiment", "Experiment")
TRIAL = Thing("trial", "Trial")
COMPONENT = Thing("trial component", "TrialComponent")

MAX_NAMES_CHECKED = 200
"""Trial components whose names are checked before anything is created. A choice; the names of the
others are checked when they are created."""


class Copies:
    """Plans copies and starts them as operations."""

    def __init__(
        self, connections: Connections, switches: Switches, operations: Operations
    ) -> None:
        """Copy between ``connections``, unless ``switches`` forbid all changes."""
        self._connections = connections
        self._switches = switches
        self._operations = operations
        operations.register(
            "experiment_copy", Kind(steps=self._steps, check=switches.require_writing)
        )

    def plan(self, source_id: str, target_id: str, experiment_name: str) -> CopyPlan:
        """Return what a copy would do. This only reads.

        Raises
        ------
        NotFound
            If the source has no such experiment.
        """
        source, target = self._ends(source_id, target_id)
        content = read_experiment(source, experiment_name, lambda _: None)
        notes = [note for component in content.components for note in left_out(component)]
        is_aws = target.connection.kind == "aws"
        metrics = 0
        for component in content.components:
            count = len(component.record.get("Metrics", []))
            reason = why_no_metrics(component.name, is_aws)
            if count and reason:
                notes.append(f"{component.name}: its metrics, since {reason}")
            elif count:
                metrics += count
                series = read_series(source, component)
                notes += _metric_notes(component, series, is_aws)
        return CopyPlan(
            experiment_name=experiment_name,
            trial_count=len(content.trials),
            trial_component_count=len(content.components),
            metric_count=metrics,
            taken=_find_taken(target, content),
            left_out=notes,
        )

    def copy(self, source_id: str, target_id: str, experiment_name: str) -> Operation:
        """Start a copy and return its operation."""
        source, target = self._ends(source_id, target_id)
        names = source.connection.label, target.connection.label
        return self._operations.submit(
            "experiment_copy",
            target_id,
            f"Copy {experiment_name} from {names[0]} to {names[1]}",
            {"source": source_id, "experiment_name": experiment_name},
            {"experiment_name": experiment_name, "source": source_id},
        )

    def _ends(self, source_id: str, target_id: str) -> tuple[SageMaker, SageMaker]:
        if source_id == target_id:
            raise InvalidRequest("Choose two different connections.", field="source")
        return self._connections.sagemaker(source_id), self._connections.sagemaker(target_id)

    def _steps(self, target_id: str, request: dict[str, Any]) -> Sequence[StepDefinition]:
        copy = _Copy(*self._ends(request["source"], target_id), request["experiment_name"])
        return (
            StepDefinition("Read the experiment", copy.read),
            StepDefinition("Experiment and trials", copy.create_trials),
            StepDefinition("Trial components", copy.create_components),
            StepDefinition("Metrics", copy.put_metrics),
        )


class _Copy:
    """One copy. Each step can be run again, also in another process."""

    def __init__(self, source: SageMaker, target: SageMaker, experiment_name: str) -> None:
        self._source = source
        self._target = target
        self._experiment_name = experiment_name
        self._content: Content | None = None
        self._notes: list[str] = []

    def read(self, progress: Progress) -> None:
        """Read the source, and raise if a name is taken, before anything is created."""
        self._content = self._read(progress)
        if taken := _find_taken(self._target, self._content):
            raise _name_taken(taken[0], self._target)

    def create_trials(self, progress: Progress) -> None:
        """Create the experiment and its trials."""
        content = self._read_once(progress)
        _create(self._target, EXPERIMENT, new_experiment(content), progress)
        for number, trial in enumerate(content.trials, 1):
            _create(self._target, TRIAL, new_trial(content, trial), progress)
            progress.say(f"Trials: {number} of {len(content.trials)}")

    def create_components(self, progress: Progress) -> None:
        """Create the trial components, and add each to its trials."""
        components = self._read_once(progress).components
        for number, component in enumerate(components, 1):
            _create(self._target, COMPONENT, new_component(component), progress)
            for trial_name in component.trial_names:
                progress.check()
                self._target.call(
                    "associate_trial_component",
                    TrialComponentName=component.name,
                    TrialName=trial_name,
                )
            self._note(progress, left_out(component))
            progress.say(f"Trial components: {number} of {len(components)}")

    def put_metrics(self, progress: Progress) -> None:
        """Write the series of metrics that the target accepts."""
        components = [c for c in self._read_once(progress).components if c.record.get("Metrics")]
        if not components:
            # The step is shown as skipped, with this reason: there is nothing to copy.
            progress.skip("There are none.")
            return
        is_aws = self._target.connection.kind == "aws"
        for number, component in enumerate(components, 1):
            progress.check()
            if reason := why_no_metrics(component.name, is_aws):
                self._note(progress, [f"{component.name}: its metrics, since {reason}"])
                continue
            series = read_series(self._source, component)
            self._note(progress, _metric_notes(component, series, is_aws))
            _put_missing(self._target, component.name, series, is_aws, progress)
            progress.say(f"Trial components: {number} of {len(components)}")

    def _read_once(self, progress: Progress) -> Content:
        if self._content is None:
            self._content = self._read(progress)
        return self._content

    def _read(self, progress: Progress) -> Content:
        def say(text: str) -> None:
            progress.check()
            progress.say(text)

        return read_experiment(self._source, self._experiment_name, say)

    def _note(self, progress: Progress, notes: Sequence[str]) -> None:
        if notes:
            self._notes += notes
            progress.log([f"Not copied: {note}" for note in self._notes])


def _create(target: SageMaker, thing: Thing, members: Members, progress: Progress) -> None:
    """Create something, unless a copy of the same thing exists.

    Raises
    ------
    Conflict
        If something else has its name.
    """
    progress.check()
    name = members[thing.name_member]
    try:
        target.call(f"create_{_snake(thing.kind)}", **members)
    except SmxError as error:
        # The call may have succeeded although its response was lost.
        if not isinstance(error, Conflict) and _find_origin(target, thing, name) is None:
            raise
        if _find_origin(target, thing, name) != _origin(members):
            raise _name_taken(f"The {thing.noun} {name}", target) from error


def _find_origin(target: SageMaker, thing: Thing, name: str) -> str | None:
    """Return the ARN of a copy's original, ``""`` if it is no copy, None if it does not exist."""
    arn = _arn(target, thing, name)
    if arn is None:
        return None
    return wire.tags(target.list_all("list_tags", "Tags", ResourceArn=arn)).get(COPIED_FROM, "")


def _arn(target: SageMaker, thing: Thing, name: str) -> str | None:
    if thing is EXPERIMENT:
        # Case does not matter in names, but DescribeExperiment does not ignore it everywhere.
        for summary in target.list_all("list_experiments", "ExperimentSummaries"):
            if summary["ExperimentName"].lower() == name.lower():
                return str(summary["ExperimentArn"])
        return None
    try:
        record = target.call(f"describe_{_snake(thing.kind)}", **{thing.name_member: name})
    except NotFound:
        return None
    return str(record[thing.arn_member])


def _find_taken(target: SageMaker, content: Content) -> list[str]:
    """Return what has a name of the copy but is none of it, each as the start of a sentence."""
    found = []
    wanted = [
        (
            EXPERIMENT,
            str(content.experiment["ExperimentName"]),
            content.experiment["ExperimentArn"],
        ),
        *((TRIAL, str(t["TrialName"]), t["TrialArn"]) for t in content.trials),
        *((COMPONENT, c.name, c.arn) for c in content.components[:MAX_NAMES_CHECKED]),
    ]
    for thing, name, arn in wanted:
        if _find_origin(target, thing, name) not in (None, arn):
            found.append(f"The {thing.noun} {name}")
    return found


def _name_taken(subject: str, target: SageMaker) -> Conflict:
    return Conflict(
        f"{subject} exists at {target.connection.label} already and is no copy of this one. "
        "Nothing is overwritten; rename or delete it there first."
    )


def _put_missing(
    target: SageMaker,
    component_name: str,
    series: Mapping[str, list[Point]],
    is_aws: bool,
    progress: Progress,
) -> None:
    """Write the points after those that the target has; points are always written in order."""
    described = target.call("describe_trial_component", TrialComponentName=component_name)
    there = {m["MetricName"]: int(m.get("Count", 0)) for m in described.get("Metrics", [])}
    now = datetime.now(timezone.utc)
    for name, points in series.items():
        usable = [p for p in points if not (is_aws and is_too_old(p, now))]
        left = usable[there.get(name, 0) :]
        for first in range(0, len(left), MAX_POINTS_A_CALL):
            progress.check()
            _put(target, component_name, name, left[first : first + MAX_POINTS_A_CALL])


def _put(target: SageMaker, component_name: str, name: str, points: Sequence[Point]) -> None:
    answer = target.call(
        "batch_put_metrics",
        service="sagemaker-metrics",
        TrialComponentName=component_name,
        MetricData=[
            {"MetricName": name, "Timestamp": p.time, "Step": p.step, "Value": p.value}
            for p in points
        ],
    )
    if errors := answer.get("Errors"):
        code = errors[0].get("Code", "")
        raise SmxError(
            f"SageMaker did not take the metric {name} of {component_name}: {code}.", aws_code=code
        )


def _metric_notes(
    component: Component, series: Mapping[str, list[Point]], is_aws: bool
) -> list[str]:
    now = datetime.now(timezone.utc)
    notes = []
    for name, points in series.items():
        if not points:
            notes.append(f"{component.name}: the metric {name}, of which only a summary is kept")
        elif is_aws and is_too_old(points[-1], now):
            notes.append(f"{component.name}: the metric {name}, older than AWS takes (two weeks)")
    return notes


def _origin(members: Members) -> str:
    return str(next(tag["Value"] for tag in members["Tags"] if tag["Key"] == COPIED_FROM))


def _snake(kind: str) -> str:
    return {"TrialComponent": "trial_component"}.get(kind, kind.lower())
