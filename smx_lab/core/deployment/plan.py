"""From a training job's model to an endpoint: what is asked for, and what would be done."""

from __future__ import annotations

from smx_lab.core.entities import Entity


class DeploymentRequest(Entity, frozen=True, kw_only=True):
    """What the Deploy model page sends. Unset members take the plan's defaults."""

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
    """A sentence that stands beside the field it is about."""

    field: str
    message: str


class DeploymentPlan(Entity, frozen=True, kw_only=True):
    """What a deployment would create, at what cost, and what is wrong with it yet.

    ``field_errors`` must be empty before it can be confirmed; an empty endpoint name is no error
    of the plan, only of the confirmation.
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
    """Python lines for boto3 that do the same."""


class EndpointDeletionPlan(Entity, frozen=True, kw_only=True):
    """What deleting an endpoint would take along, and what stays and why."""

    endpoint_name: str
    endpoint_config_name: str | None
    endpoint_config_used_by: tuple[str, ...]
    """Other endpoints that name the configuration; it is kept while there are any."""
    models: tuple[str, ...]
    """Models that nothing else uses."""
    models_kept: dict[str, str]
    """Model name to the endpoint configuration that still uses it."""
    model_data: tuple[str, ...]
    """Where the model artifacts are; they are never deleted."""
