"""Read a whole experiment, to create it elsewhere."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from datetime import datetime, timezone

from smx_lab.core import wire
from smx_lab.core.copying import Component, Content, Point
from smx_lab.core.errors import AccessDenied, InvalidRequest
from smx_lab.gateway import series
from smx_lab.gateway.sagemaker import SageMaker

Say = Callable[[str], None]


def read_experiment(sagemaker: SageMaker, experiment_name: str, say: Say) -> Content:
    """Return everything of an experiment except the series of its metrics.

    Raises
    ------
    NotFound
        If there is no such experiment.
    """
    subject = f"The experiment {experiment_name}"
    experiment = sagemaker.call(
        "describe_experiment", subject=subject, ExperimentName=experiment_name
    )
    trials = []
    for summary in sagemaker.list_all(
        "list_trials", "TrialSummaries", ExperimentName=experiment_name
    ):
        trials.append(sagemaker.call("describe_trial", TrialName=summary["TrialName"]))
        say(f"Trials: {len(trials)}")
    arns = [experiment["ExperimentArn"], *(trial["TrialArn"] for trial in trials)]
    tags = {arn: _tags(sagemaker, arn) for arn in arns}
    names = [str(trial["TrialName"]) for trial in trials]
    components = _components(sagemaker, experiment_name, names, say)
    return Content(experiment, tuple(trials), components, tags)


def _components(
    sagemaker: SageMaker, experiment_name: str, trial_names: list[str], say: Say
) -> tuple[Component, ...]:
    try:
        return _search_components(sagemaker, experiment_name, say)
    except (AccessDenied, InvalidRequest):
        # Search may be denied, or be less capable than that of AWS. Then list instead.
        return _list_components(sagemaker, trial_names, say)


def _search_components(
    sagemaker: SageMaker, experiment_name: str, say: Say
) -> tuple[Component, ...]:
    condition = {
        "Name": "Parents.ExperimentName",
        "Operator": "Equals",
        "Value": experiment_name,
    }
    found: dict[str, Component] = {}
    for record in sagemaker.search_all(
        "ExperimentTrialComponent", {"Filters": [condition]}, sort_by="CreationTime"
    ):
        parents = [
            parent["TrialName"]
            for parent in record.get("Parents", [])
            if parent.get("ExperimentName") == experiment_name
        ]
        tags = wire.tags(record.get("Tags", []))
        component = Component(record, tags, tuple(dict.fromkeys(parents)))
        found[component.name] = component
        say(f"Trial components: {len(found)}")
    return tuple(found.values())


def _list_components(
    sagemaker: SageMaker, trial_names: list[str], say: Say
) -> tuple[Component, ...]:
    trials_by_component: dict[str, list[str]] = {}
    for trial_name in trial_names:
        for summary in sagemaker.list_all(
            "list_trial_components", "TrialComponentSummaries", TrialName=trial_name
        ):
            trials_by_component.setdefault(summary["TrialComponentName"], []).append(trial_name)
    found = []
    for name, trials in trials_by_component.items():
        record = sagemaker.call("describe_trial_component", TrialComponentName=name)
        tags = _tags(sagemaker, record["TrialComponentArn"])
        found.append(Component(record, tags, tuple(trials)))
        say(f"Trial components: {len(found)} of {len(trials_by_component)}")
    return tuple(found)


def _tags(sagemaker: SageMaker, arn: str) -> Mapping[str, str]:
    return wire.tags(sagemaker.list_all("list_tags", "Tags", ResourceArn=arn))


def read_series(sagemaker: SageMaker, component: Component) -> dict[str, list[Point]]:
    """Return the series of a trial component's metrics, by name and in the order of their steps.

    A metric with a summary but no series in SageMaker has no points. The service returns no times
    of steps, so every point has the time of the metric's last value.
    """
    summaries = {m["MetricName"]: m for m in component.record.get("Metrics", [])}
    found: dict[str, list[Point]] = {name: [] for name in summaries}
    arns = [component.arn, component.record.get("Source", {}).get("SourceArn")]
    for arn in filter(None, arns):
        missing = [name for name, points in found.items() if not points]
        queries = [series.SeriesQuery(arn, name) for name in missing]
        results = series.read_series(sagemaker, queries, "IterationNumber")
        for name, result in zip(missing, results, strict=True):
            time = summaries[name].get("TimeStamp") or datetime.now(timezone.utc)
            found[name] = [
                Point(step, value, time)
                for step, value in sorted(zip(result.x, result.values, strict=True))
                if math.isfinite(value)
            ]
    return found
