"""Roll back a failed deployment: delete what it created and nothing else, newest first."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from smx_lab.core.errors import InvalidRequest
from smx_lab.gateway.connections import Connections
from smx_lab.gateway.sagemaker import SageMaker
from smx_lab.services.deployments.hosting_deletion import (
    delete_endpoint,
    delete_endpoint_config,
    delete_model,
    wait_until_gone,
)
from smx_lab.services.operations.operations import Kind, Operations, StepDefinition
from smx_lab.services.operations.progress import Progress
from smx_lab.services.switches import Switches


def register_rollback(operations: Operations, connections: Connections, switches: Switches) -> None:
    """Register the kind of operation that rolls a deployment back."""

    def steps(connection_id: str, request: dict[str, Any]) -> Sequence[StepDefinition]:
        sagemaker = connections.sagemaker(connection_id)
        return [
            _step(sagemaker, operations, request["operation_id"], entry)
            for entry in request["created"]
        ]

    operations.register("rollback", Kind(steps, lambda: switches.require("delete")))


def _endpoint(sagemaker: SageMaker, name: str, progress: Progress) -> None:
    delete_endpoint(sagemaker, name, progress)
    wait_until_gone(sagemaker, name, progress)


def _endpoint_config(sagemaker: SageMaker, name: str, _progress: Progress) -> None:
    delete_endpoint_config(sagemaker, name)


def _model(sagemaker: SageMaker, name: str, _progress: Progress) -> None:
    delete_model(sagemaker, name)


_DELETIONS: dict[str, tuple[str, Callable[[SageMaker, str, Progress], None]]] = {
    "endpoint": ("Delete endpoint", _endpoint),
    "endpoint_config": ("Delete endpoint configuration", _endpoint_config),
    "model": ("Delete model", _model),
}


def _step(
    sagemaker: SageMaker, operations: Operations, operation_id: str, entry: str
) -> StepDefinition:
    kind, _, name = entry.partition("/")
    if kind not in _DELETIONS:
        raise InvalidRequest(f"{entry} is nothing that can be taken back.")
    label, delete = _DELETIONS[kind]

    def run(progress: Progress) -> None:
        delete(sagemaker, name, progress)
        left = tuple(one for one in operations.describe(operation_id).created if one != entry)
        operations.amend(operation_id, created=left)

    return StepDefinition(f"{label} {name}", run)
