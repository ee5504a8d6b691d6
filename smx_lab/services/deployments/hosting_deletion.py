"""Delete endpoints, endpoint configurations and models.

What does not exist counts as deleted, so that every call can be repeated. Model data, roles and
logs are never touched.
"""

from __future__ import annotations

from smx_lab.core.errors import Conflict, NotFound
from smx_lab.gateway.sagemaker import SageMaker
from smx_lab.services.operations.progress import Progress

IN_PROGRESS = ("Creating", "Updating", "SystemUpdating", "RollingBack")
"""Statuses in which SageMaker refuses to delete an endpoint."""

POLL_S = {"local": 0.5, "aws": 15.0}
"""How often to ask for the status of an endpoint while waiting for it."""


def delete_endpoint(sagemaker: SageMaker, endpoint_name: str, progress: Progress) -> None:
    """Delete an endpoint; wait while its status does not allow it.

    Raises
    ------
    Conflict
        If SageMaker refuses twice in a row although the status allows it. The first time, the
        status may have changed between the refusal and the look at it.
    """
    subject = f"The endpoint {endpoint_name}"
    settled = False
    while True:
        try:
            sagemaker.call("delete_endpoint", subject=subject, EndpointName=endpoint_name)
            return
        except NotFound:
            return
        except Conflict:
            status = endpoint_status(sagemaker, endpoint_name)
            if status is None or status == "Deleting":
                return
            if status not in IN_PROGRESS:
                if settled:
                    raise
                settled = True
                continue
            settled = False
            progress.say(f"Waiting, since the endpoint is {status}")
            progress.sleep(POLL_S[sagemaker.connection.kind])


def wait_until_gone(sagemaker: SageMaker, endpoint_name: str, progress: Progress) -> None:
    """Wait until the endpoint does not exist; from then on it is not billed."""
    while (status := endpoint_status(sagemaker, endpoint_name)) is not None:
        progress.say(status)
        progress.sleep(POLL_S[sagemaker.connection.kind])
        if status != "Deleting":
            delete_endpoint(sagemaker, endpoint_name, progress)


def delete_endpoint_config(sagemaker: SageMaker, name: str) -> None:
    """Delete an endpoint configuration."""
    try:
        sagemaker.call("delete_endpoint_config", EndpointConfigName=name)
    except NotFound:
        return


def delete_model(sagemaker: SageMaker, name: str) -> None:
    """Delete a model, but not its artifact."""
    try:
        sagemaker.call("delete_model", ModelName=name)
    except NotFound:
        return


def endpoint_status(sagemaker: SageMaker, endpoint_name: str) -> str | None:
    """Return an endpoint's status, or None if there is no such endpoint."""
    try:
        reply = sagemaker.call("describe_endpoint", EndpointName=endpoint_name)
    except NotFound:
        return None
    status: str = reply["EndpointStatus"]
    return status
