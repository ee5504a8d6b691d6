"""Trial components as the tests of the table need them."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone
from typing import Any

from smx_lab.core.entities import Artifact, MetricSummary, TrialComponent, TrialParent

MORNING = datetime(2024, 5, 17, 8, 0, tzinfo=timezone.utc)

ARN = "arn:aws:sagemaker:us-east-1:123456789012"


def parents(*trial_names: str, experiment: str = "mnist") -> tuple[TrialParent, ...]:
    """Links to trials of one experiment."""
    return tuple(TrialParent(trial_name=name, experiment_name=experiment) for name in trial_names)


def accuracy(last: float | None, **others: Any) -> MetricSummary:
    """The tutorial's metric."""
    return MetricSummary(metric_name="test:accuracy", last=last, **others)


def component(name: str, minutes: float = 0, **members: Any) -> TrialComponent:
    """A trial component, created some minutes after MORNING."""
    created = MORNING + timedelta(minutes=minutes)
    defaults: dict[str, Any] = {
        "trial_component_arn": f"{ARN}:experiment-trial-component/{name}",
        "display_name": name,
        "type": "Undefined",
        "creation_time": created,
        "last_modified_time": created,
        "parents": parents("trial-1"),
    }
    return TrialComponent(trial_component_name=name, **{**defaults, **members})


def training(job: str, minutes: float = 0, **members: Any) -> TrialComponent:
    """The trial component of a completed training job."""
    began = MORNING + timedelta(minutes=minutes)
    defaults: dict[str, Any] = {
        "display_name": "Training",
        "type": "Training job",
        "status": "Completed",
        "source_arn": f"{ARN}:training-job/{job}",
        "start_time": began,
        "end_time": began + timedelta(seconds=90),
        "output_artifacts": {"SageMaker.ModelArtifact": Artifact(value=f"s3://b/{job}.tar.gz")},
    }
    return component(f"{job}-aws-training-job", minutes, **{**defaults, **members})
