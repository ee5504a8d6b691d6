"""The steps of a deployment. Each can be run again after it was interrupted anywhere."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import timedelta
from typing import Any

from smx_lab.core import wire
from smx_lab.core.errors import Conflict, NotFound, OperationFailed
from smx_lab.gateway.retry import CONFIG_READ_LAG, RetryPolicy
from smx_lab.gateway.sagemaker import SageMaker
from smx_lab.services.deployments.hosting_deletion import (
    POLL_S,
    delete_endpoint,
    endpoint_status,
    wait_until_gone,
)
from smx_lab.services.deployments.logs import endpoint_log_tail
from smx_lab.services.operations.operations import StepDefinition
from smx_lab.services.operations.progress import Progress

CREATE_ENDPOINT = "Create endpoint"

CLOCK_SKEW = timedelta(minutes=5)
"""How far this computer's clock may be off; SageMaker refuses calls beyond that."""


def deployment_steps(
    sagemaker: SageMaker, members: Mapping[str, dict[str, Any]]
) -> Sequence[StepDefinition]:
    """Return the steps. ``members`` holds the members of the three calls, by boto3's names."""
    model, config = members["create_model"], members["create_endpoint_config"]
    endpoint = members["create_endpoint"]
    return [
        StepDefinition("Create model", lambda p: _create_model(sagemaker, model, p)),
        StepDefinition(
            "Create endpoint configuration", lambda p: _create_config(sagemaker, config, p)
        ),
        StepDefinition(CREATE_ENDPOINT, lambda p: _create_endpoint(sagemaker, endpoint, p)),
        # A Failed endpoint can only be deleted, so a retry has to create it again.
        StepDefinition(
            "InService", lambda p: _wait_in_service(sagemaker, endpoint, p), CREATE_ENDPOINT
        ),
    ]


def _create_model(sagemaker: SageMaker, members: dict[str, Any], progress: Progress) -> None:
    def is_ours(found: dict[str, Any]) -> bool:
        wanted, there = members["PrimaryContainer"], (wire.containers(found) or [{}])[0]
        return (
            wire.model_data(there) == wire.model_data(wanted)
            and there.get("Image") == wanted.get("Image")
            and there.get("Environment", {}) == wanted.get("Environment", {})
        )

    name = members["ModelName"]
    _create(sagemaker, progress, "model", name, members, {"ModelName": name}, is_ours)


def _create_config(sagemaker: SageMaker, members: dict[str, Any], progress: Progress) -> None:
    def is_ours(found: dict[str, Any]) -> bool:
        variants = found.get("ProductionVariants", [])
        return [variant.get("ModelName") for variant in variants] == [
            variant["ModelName"] for variant in members["ProductionVariants"]
        ]

    name = members["EndpointConfigName"]
    described_by = {"EndpointConfigName": name}
    _create(sagemaker, progress, "endpoint_config", name, members, described_by, is_ours)


def _create_endpoint(sagemaker: SageMaker, members: dict[str, Any], progress: Progress) -> None:
    def is_ours(found: dict[str, Any]) -> bool:
        return bool(found.get("EndpointConfigName") == members["EndpointConfigName"])

    name = members["EndpointName"]
    if progress.has_created("endpoint", name):
        status = endpoint_status(sagemaker, name)
        if status in ("Creating", "InService"):
            return
        progress.say("Deleting the endpoint that failed")
        delete_endpoint(sagemaker, name, progress)
        wait_until_gone(sagemaker, name, progress)
        progress.removed("endpoint", name)
    # The API Reference advises to read the configuration before CreateEndpoint.
    sagemaker.call("describe_endpoint_config", EndpointConfigName=members["EndpointConfigName"])
    described_by = {"EndpointName": name}
    RetryPolicy(CONFIG_READ_LAG, progress.sleep, kinds=(NotFound,)).call(
        lambda: _create(sagemaker, progress, "endpoint", name, members, described_by, is_ours)
    )


def _create(
    sagemaker: SageMaker,
    progress: Progress,
    kind: str,
    name: str,
    members: dict[str, Any],
    described_by: dict[str, str],
    is_ours: Callable[[dict[str, Any]], bool],
) -> None:
    """Create one resource, unless an earlier run has created it already."""
    if progress.has_created(kind, name):
        return
    attempted = progress.attempt(kind, name)
    progress.say(name)
    try:
        sagemaker.call(f"create_{kind}", **members)
    except Conflict:
        if not attempted or not _is_our_work(sagemaker, progress, kind, described_by, is_ours):
            raise
    progress.created(kind, name)


def _is_our_work(
    sagemaker: SageMaker,
    progress: Progress,
    kind: str,
    described_by: dict[str, str],
    is_ours: Callable[[dict[str, Any]], bool],
) -> bool:
    """Return whether this operation created the resource: it matches and is not older."""
    try:
        found = sagemaker.call(f"describe_{kind}", **described_by)
    except NotFound:
        return False
    made = wire.instant(found["CreationTime"])
    return is_ours(found) and made > progress.operation.start_time - CLOCK_SKEW


def _wait_in_service(sagemaker: SageMaker, members: dict[str, Any], progress: Progress) -> None:
    name = members["EndpointName"]
    while True:
        described = sagemaker.call(
            "describe_endpoint", subject=f"The endpoint {name}", EndpointName=name
        )
        status = described["EndpointStatus"]
        progress.say(status)
        if status == "InService":
            return
        if status not in ("Creating", "Updating", "SystemUpdating"):
            progress.log(endpoint_log_tail(sagemaker, name))
            reason = described.get("FailureReason") or f"The endpoint is {status}."
            raise OperationFailed(reason, endpoint_status=status)
        progress.sleep(POLL_S[sagemaker.connection.kind])
