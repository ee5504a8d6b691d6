"""Requests for deployments, and the plans of deployments and of deleting endpoints."""

from __future__ import annotations

from smx_lab.core.entities import Entity


class DeploymentRequest(Entity, frozen=True, kw_only=True):
    """The request of the Deploy model page. The plan fills in members that are not set."""

    trial_component_name: str
    endpoint_name: str = ""
    instance_type: str = "ml.m5.xlarge"
    instance_count: int = 1
    model_name: str | None = None
    variant_name: str = "AllTraffic"
    role_arn: str | None = None
    image: str | None = None
    environment: dict[str, str] = {}
    tags: dict[str, str] = {}


class FieldError(Entity, frozen=True, kw_only=True):
    """An error about one field of the page."""

    field: str
    message: str


class DeploymentPlan(Entity, frozen=True, kw_only=True):
    """What a deployment would create, its cost, and the errors of its fields.

    ``field_errors`` must be empty before the deployment can start. An empty endpoint name is not
    an error of the plan, but stops the deployment from starting.
    """

    trial_component_name: str
    display_name: str
    training_job_name: str
    training_job_status: str
    model_data: str
    training_image: str | None
    image: str | None
    role_arn: str | None
    endpoint_name: str
    endpoint_config_name: str
    model_name: str
    variant_name: str
    instance_type: str
    instance_count: int
    instance_types: tuple[str, ...]
    environment: dict[str, str] = {}
    tags: dict[str, str] = {}
    cost: str
    warnings: tuple[str, ...] = ()
    field_errors: tuple[FieldError, ...] = ()
    code: str = ""
    """A Python script for boto3 that does the same."""


class EndpointDeletionPlan(Entity, frozen=True, kw_only=True):
    """What would be deleted with an endpoint, and what would be kept and why."""

    endpoint_name: str
    endpoint_config_name: str | None
    endpoint_config_used_by: tuple[str, ...]
    """Other endpoints that use the configuration; it is kept while there are any."""
    models: tuple[str, ...]
    """Models that nothing else uses."""
    models_kept: dict[str, str]
    """Model name to the endpoint configuration that still uses it."""
    model_data: tuple[str, ...]
    """Where the model artifacts are; they are never deleted."""
