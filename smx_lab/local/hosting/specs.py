"""Turns an endpoint's configuration and models into what its model servers are started with."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from smx_lab.local.context import Context
from smx_lab.local.hosting.model_process import ServerSpec
from smx_lab.local.hosting.model_servers import STARTUP_TIMEOUT_S
from smx_lab.local.records.endpoints import MadeOf
from smx_lab.local.records.hosting import container_of, model_data_location
from smx_lab.local.supervision.child_environment import child_environment, python, region_variables

# How long a container may take to respond to an invocation, in seconds. Source: SageMaker Developer
# Guide.
INVOCATION_TIMEOUT_S = 60.0


@dataclass(frozen=True)
class VariantSpec:
    """One production variant; only folder and address are missing to start it."""

    name: str
    weight: float
    startup_timeout_s: float
    invocation_timeout_s: float
    model_data: str | None
    submit_directory: str | None
    environment: dict[str, str]

    def server(self, folder: Path, address: str) -> ServerSpec:
        """Return what the process is started with."""
        return ServerSpec(
            folder=str(folder),
            python=python(),
            socket=address,
            model_data=self.model_data,
            submit_directory=self.submit_directory,
            environment=self.environment,
        )


def variant_specs(made_of: MadeOf, context: Context) -> list[VariantSpec]:
    """Return the variants of an endpoint.

    Raises
    ------
    LocationError
        If model data or code are not on this machine.
    """
    return [
        _variant_spec(variant, made_of.models[variant["ModelName"]], context)
        for variant in made_of.config["ProductionVariants"]
    ]


def submit_directory(container: dict[str, Any], context: Context) -> str | None:
    """Return the folder or archive of the container's code: a path, here or in the model.

    Raises
    ------
    LocationError
        If it is not on this machine.
    """
    location = container.get("Environment", {}).get("SAGEMAKER_SUBMIT_DIRECTORY")
    return str(context.local_path(location)) if location else None


def _variant_spec(variant: dict[str, Any], model: dict[str, Any], context: Context) -> VariantSpec:
    container = container_of(model)
    own = container.get("Environment", {})
    data = model_data_location(container)
    return VariantSpec(
        name=variant["VariantName"],
        weight=variant.get("InitialVariantWeight", 1.0),
        startup_timeout_s=variant.get(
            "ContainerStartupHealthCheckTimeoutInSeconds", STARTUP_TIMEOUT_S
        ),
        invocation_timeout_s=_invocation_timeout(own.get("SAGEMAKER_MODEL_SERVER_TIMEOUT", "")),
        model_data=str(context.local_path(data)) if data else None,
        submit_directory=submit_directory(container, context),
        environment=child_environment({**region_variables(context.region), **own}),
    )


def _invocation_timeout(text: str) -> float:
    """Read SAGEMAKER_MODEL_SERVER_TIMEOUT, which can shorten what SageMaker allows."""
    return min(float(text), INVOCATION_TIMEOUT_S) if text.isdigit() else INVOCATION_TIMEOUT_S
