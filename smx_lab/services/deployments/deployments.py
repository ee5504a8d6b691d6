"""Plan the deployment of a training job's model, and run it as an operation."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

import msgspec

from smx_lab.core import wire
from smx_lab.core.deployment.code import deployment_code
from smx_lab.core.deployment.plan import DeploymentPlan, DeploymentRequest, FieldError
from smx_lab.core.deployment.rules import (
    InferenceImage,
    environment_problems,
    image_problems,
    inference_image,
    role_problems,
    script_environment,
    tag_problems,
)
from smx_lab.core.entities import TrainingJob, TrialComponent
from smx_lab.core.errors import AccessDenied, InvalidRequest, NotFound
from smx_lab.core.names import free_name, name_problem, training_job_name
from smx_lab.core.operation import Operation
from smx_lab.gateway.connections import Connections
from smx_lab.gateway.sagemaker import SageMaker
from smx_lab.services.deployments.steps import deployment_steps
from smx_lab.services.operations.operations import Kind, Operations
from smx_lab.services.switches import Switches

COST = {
    "aws": "Billed by AWS from creation until it is deleted",
    "local": "Runs on this machine",
}

DEFAULT_INSTANCE_TYPE = DeploymentRequest(trial_component_name="").instance_type


class Deployments:
    """Plans deployments and starts them as operations."""

    def __init__(
        self,
        connections: Connections,
        switches: Switches,
        operations: Operations,
        instance_types: tuple[str, ...],
    ) -> None:
        """Only ``instance_types`` can be chosen."""
        self._connections = connections
        self._switches = switches
        self._operations = operations
        self._instance_types = instance_types
        operations.register(
            "deployment",
            Kind(
                lambda connection_id, members: deployment_steps(
                    connections.sagemaker(connection_id), members
                ),
                lambda: switches.require("deploy"),
                can_roll_back=True,
            ),
        )

    def plan(self, connection_id: str, request: DeploymentRequest) -> DeploymentPlan:
        """Return what a deployment would create, and the errors of its fields.

        Raises
        ------
        InvalidRequest
            If the trial component has no model to deploy.
        """
        sagemaker = self._connections.sagemaker(connection_id)
        return self._make_plan(sagemaker, request).plan

    def create(self, connection_id: str, request: DeploymentRequest) -> Operation:
        """Start a deployment and return its operation.

        Raises
        ------
        InvalidRequest
            If the plan has errors; the details map each field to its error.
        """
        self._switches.require("deploy")
        planned = self._make_plan(self._connections.sagemaker(connection_id), request)
        plan, errors = planned.plan, list(planned.plan.field_errors)
        if not plan.endpoint_name:
            errors.insert(
                0, FieldError(field="endpoint_name", message="Enter a name for the endpoint.")
            )
        if errors:
            by_field = {error.field: error.message for error in reversed(errors)}
            raise InvalidRequest(errors[0].message, **{**by_field, "field": errors[0].field})
        return self._operations.submit(
            "deployment",
            connection_id,
            f"Deploy {plan.display_name} as {plan.endpoint_name}",
            planned.members,
            {
                "endpoint_name": plan.endpoint_name,
                "endpoint_config_name": plan.endpoint_config_name,
                "model_name": plan.model_name,
                "trial_component_name": plan.trial_component_name,
            },
        )

    def _make_plan(self, sagemaker: SageMaker, request: DeploymentRequest) -> Planned:
        component, job = _component_and_job(sagemaker, request.trial_component_name)
        model_data = _model_data(job)
        connection = sagemaker.connection
        instance_type = self._instance_type(request)
        image = _image(sagemaker, job, request, instance_type)
        names, name_errors = _names(sagemaker, job, request)
        plan = DeploymentPlan(
            trial_component_name=component.trial_component_name,
            display_name=component.display_name,
            training_job_name=job.training_job_name,
            training_job_status=job.training_job_status,
            model_data=model_data,
            training_image=job.training_image,
            image=image.image,
            role_arn=request.role_arn or job.role_arn,
            endpoint_name=names.endpoint,
            endpoint_config_name=names.endpoint_config,
            model_name=names.model,
            variant_name=request.variant_name,
            instance_type=instance_type,
            instance_count=request.instance_count,
            instance_types=self._instance_types,
            environment={
                **script_environment(job.hyper_parameters, job.environment),
                **request.environment,
            },
            tags=request.tags,
            cost=COST[connection.kind],
            warnings=(*image.warnings, *_inheritance_notes(job)),
        )
        errors = (*name_errors, *self._problems(sagemaker, plan))
        members = _members(plan, job)
        code = deployment_code(
            connection,
            members["create_model"],
            members["create_endpoint_config"],
            members["create_endpoint"],
        )
        return Planned(msgspec.structs.replace(plan, field_errors=errors, code=code), members)

    def _instance_type(self, request: DeploymentRequest) -> str:
        """Return the type asked for; if the default is not offered, the first that is."""
        wanted = request.instance_type
        if wanted == DEFAULT_INSTANCE_TYPE and wanted not in self._instance_types:
            return next(iter(self._instance_types), wanted)
        return wanted

    def _problems(self, sagemaker: SageMaker, plan: DeploymentPlan) -> Sequence[FieldError]:
        found: list[FieldError] = []
        if plan.instance_type not in self._instance_types:
            offered = ", ".join(self._instance_types)
            message = f"This server offers {offered}, and not {plan.instance_type}."
            found.append(FieldError(field="instance_type", message=message))
        if plan.instance_count < 1:
            message = "Give a whole number of instances, from 1."
            found.append(FieldError(field="instance_count", message=message))
        if problem := name_problem(plan.variant_name):
            found.append(FieldError(field="variant_name", message=problem))
        if sagemaker.connection.kind == "aws" or plan.role_arn:
            found += role_problems(plan.role_arn)
        if sagemaker.connection.kind == "aws" or plan.image:
            found += image_problems(plan.image)
        return [*found, *environment_problems(plan.environment), *tag_problems(plan.tags)]


class Planned(NamedTuple):
    """A plan, and the members of the three calls that carry it out."""

    plan: DeploymentPlan
    members: dict[str, dict[str, Any]]


class Names(NamedTuple):
    """What the three new resources are called."""

    endpoint: str
    endpoint_config: str
    model: str


def _component_and_job(sagemaker: SageMaker, name: str) -> tuple[TrialComponent, TrainingJob]:
    component = wire.trial_component(
        sagemaker.call(
            "describe_trial_component",
            subject=f"The trial component {name}",
            TrialComponentName=name,
        )
    )
    if component.type != "Training job" or component.source_arn is None:
        raise InvalidRequest(
            f"{component.display_name} does not come from a training job, so it has no model.",
            field="trial_component_name",
        )
    job_name = training_job_name(component.trial_component_name, component.source_arn)
    described = sagemaker.call(
        "describe_training_job",
        subject=f"The training job {job_name}",
        TrainingJobName=job_name,
    )
    return component, wire.training_job(described)


def _model_data(job: TrainingJob) -> str:
    """Return where the model artifact is; a stopped job may have written one too."""
    name, status = job.training_job_name, job.training_job_status
    if status not in ("Completed", "Stopped"):
        raise InvalidRequest(
            f"The training job {name} is {status}; a model can be deployed once it is Completed.",
            field="trial_component_name",
        )
    if not job.model_data:
        raise InvalidRequest(
            f"The training job {name} has left no model artifact.", field="trial_component_name"
        )
    return job.model_data


def _image(
    sagemaker: SageMaker, job: TrainingJob, request: DeploymentRequest, instance_type: str
) -> InferenceImage:
    if request.image:
        return InferenceImage(request.image)
    if sagemaker.connection.kind == "local":
        # The local service runs no container: the image is only recorded.
        return InferenceImage(job.training_image)
    return inference_image(job.training_image, instance_type)


def _inheritance_notes(job: TrainingJob) -> Sequence[str]:
    found = []
    if job.vpc_config:
        found.append("The model is placed in the training job's VPC.")
    if job.enable_network_isolation:
        found.append("The model is isolated from the network, as the training job was.")
    return found


def _names(
    sagemaker: SageMaker, job: TrainingJob, request: DeploymentRequest
) -> tuple[Names, list[FieldError]]:
    """Choose free names, and return errors for given names that cannot be used."""
    errors = []
    endpoint, config = request.endpoint_name.strip(), ""
    if endpoint:
        if problem := name_problem(endpoint):
            errors.append(FieldError(field="endpoint_name", message=problem))
        elif _exists(sagemaker, "describe_endpoint", EndpointName=endpoint):
            message = f"There is an endpoint named {endpoint} already."
            errors.append(FieldError(field="endpoint_name", message=message))
        else:
            taken = _taken(sagemaker, "list_endpoint_configs", "EndpointConfig", endpoint)
            config = free_name(endpoint, taken)
    model = (request.model_name or "").strip()
    if not model:
        wanted = job.training_job_name
        model = free_name(wanted, _taken(sagemaker, "list_models", "Model", wanted))
    elif problem := name_problem(model):
        errors.append(FieldError(field="model_name", message=problem))
    elif _exists(sagemaker, "describe_model", ModelName=model):
        message = f"There is a model named {model} already."
        errors.append(FieldError(field="model_name", message=message))
    return Names(endpoint, config or endpoint, model), errors


def _exists(sagemaker: SageMaker, operation: str, **members: str) -> bool:
    """Return whether a name is taken. Without the permission to look, False: creation will fail."""
    try:
        sagemaker.call(operation, **members)
    except (NotFound, AccessDenied):
        return False
    return True


def _taken(sagemaker: SageMaker, operation: str, kind: str, wanted: str) -> set[str]:
    """Return the existing names that begin like ``wanted``."""
    # A name may have been shortened to make room for its number.
    beginning = wanted[:59].rstrip("-")
    try:
        found = sagemaker.list_all(operation, f"{kind}s", NameContains=beginning)
        return {record[f"{kind}Name"] for record in found}
    except AccessDenied:
        return set()


def _members(plan: DeploymentPlan, job: TrainingJob) -> dict[str, dict[str, Any]]:
    """Return the members of CreateModel, CreateEndpointConfig and CreateEndpoint."""
    tags = {"Tags": wire.tag_list(plan.tags)} if plan.tags else {}
    container: dict[str, Any] = {"Image": plan.image} if plan.image else {}
    if job.model_data_is_compressed:
        container["ModelDataUrl"] = plan.model_data
    else:
        source = {
            "S3Uri": plan.model_data.rstrip("/") + "/",
            "S3DataType": "S3Prefix",
            "CompressionType": "None",
        }
        container["ModelDataSource"] = {"S3DataSource": source}
    if plan.environment:
        container["Environment"] = plan.environment
    model: dict[str, Any] = {"ModelName": plan.model_name, "PrimaryContainer": container}
    if plan.role_arn:
        model["ExecutionRoleArn"] = plan.role_arn
    if job.vpc_config:
        model["VpcConfig"] = job.vpc_config
    if job.enable_network_isolation:
        model["EnableNetworkIsolation"] = True
    variant = {
        "VariantName": plan.variant_name,
        "ModelName": plan.model_name,
        "InstanceType": plan.instance_type,
        "InitialInstanceCount": plan.instance_count,
        "InitialVariantWeight": 1.0,
    }
    config = {"EndpointConfigName": plan.endpoint_config_name, "ProductionVariants": [variant]}
    endpoint = {
        "EndpointName": plan.endpoint_name,
        "EndpointConfigName": plan.endpoint_config_name,
    }
    return {
        "create_model": {**model, **tags},
        "create_endpoint_config": {**config, **tags},
        "create_endpoint": {**endpoint, **tags},
    }
