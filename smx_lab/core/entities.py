"""SageMaker's entities as frozen values, under SageMaker's names.

Times are aware and in UTC; in JSON of the REST API they are ISO 8601 text.
"""

from __future__ import annotations

from datetime import datetime
from typing import Literal

import msgspec

ComponentType = Literal["Training job", "Transform job", "Processing job", "Undefined"]
"""The values of the Type column: SageMaker's Source.SourceType, or Undefined without a source."""

PrimaryStatus = Literal["InProgress", "Completed", "Failed", "Stopping", "Stopped"]


class Entity(msgspec.Struct, frozen=True, kw_only=True):
    """Base of all entities: frozen, with keyword-only members, comparable."""


class Experiment(Entity, frozen=True, kw_only=True):
    """One experiment, as ListExperiments and Search summarise it."""

    experiment_name: str
    experiment_arn: str
    display_name: str
    description: str | None = None
    creation_time: datetime
    last_modified_time: datetime


class Trial(Entity, frozen=True, kw_only=True):
    """One trial, a run of an experiment."""

    trial_name: str
    trial_arn: str
    display_name: str
    experiment_name: str | None = None
    creation_time: datetime
    last_modified_time: datetime


class TrialComponentSummary(Entity, frozen=True, kw_only=True):
    """One trial component without its parameters and metrics."""

    trial_component_name: str
    trial_component_arn: str
    display_name: str
    type: ComponentType
    source_arn: str | None = None
    status: PrimaryStatus | None = None
    status_message: str | None = None
    creation_time: datetime
    last_modified_time: datetime
    start_time: datetime | None = None
    end_time: datetime | None = None
    created_by: str | None = None


class Artifact(Entity, frozen=True, kw_only=True):
    """An input or output artifact: a URI, and its media type where one was given."""

    value: str
    media_type: str | None = None


class MetricSummary(Entity, frozen=True, kw_only=True):
    """One metric of one trial component, in the metric's own unit.

    ``std_dev`` is the sample standard deviation (n − 1); one value gives 0.
    """

    metric_name: str
    last: float | None = None
    max: float | None = None
    min: float | None = None
    avg: float | None = None
    std_dev: float | None = None
    count: int | None = None
    time_stamp: datetime | None = None
    source_arn: str | None = None


class TrialParent(Entity, frozen=True, kw_only=True):
    """A trial that a trial component belongs to, and the trial's experiment."""

    trial_name: str
    experiment_name: str


class TrialComponentBody(TrialComponentSummary, frozen=True, kw_only=True):
    """One trial component in full, without its metrics."""

    parameters: dict[str, str | float] = {}
    input_artifacts: dict[str, Artifact] = {}
    output_artifacts: dict[str, Artifact] = {}
    parents: tuple[TrialParent, ...] = ()
    tags: dict[str, str] = {}


class TrialComponent(TrialComponentBody, frozen=True, kw_only=True):
    """One trial component in full."""

    metrics: tuple[MetricSummary, ...] = ()


class TrainingJob(Entity, frozen=True, kw_only=True):
    """The members of a training job that a deployment needs."""

    training_job_name: str
    training_job_arn: str
    training_job_status: str
    training_image: str | None = None
    model_data: str | None = None
    model_data_is_compressed: bool = True
    """Whether the artifact is one ``model.tar.gz``, and not a prefix of plain files."""
    role_arn: str | None = None
    hyper_parameters: dict[str, str] = {}
    environment: dict[str, str] = {}
    enable_network_isolation: bool = False
    vpc_config: dict[str, list[str]] | None = None
    failure_reason: str | None = None


class ProductionVariant(Entity, frozen=True, kw_only=True):
    """One variant of an endpoint: a model on instances."""

    variant_name: str
    model_name: str | None = None
    instance_type: str | None = None
    instance_count: int | None = None
    weight: float | None = None
    image: str | None = None
    model_data: str | None = None


class EndpointSummary(Entity, frozen=True, kw_only=True):
    """One endpoint, as ListEndpoints summarises it."""

    endpoint_name: str
    endpoint_arn: str
    endpoint_status: str
    creation_time: datetime
    last_modified_time: datetime


class Endpoint(EndpointSummary, frozen=True, kw_only=True):
    """One endpoint with its configuration and models."""

    endpoint_config_name: str
    failure_reason: str | None = None
    production_variants: tuple[ProductionVariant, ...] = ()
    trial_component_name: str | None = None
    """The trial component whose training job created the model, if it can be found."""
    log_tail: tuple[str, ...] = ()
    """The last lines of the model server's log, if it can be read."""
