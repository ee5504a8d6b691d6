"""The trial component of a training job: its first content, and its later updates."""

from __future__ import annotations

import re
from typing import Any

from smx_lab.local.context import Request, from_ms
from smx_lab.local.records.jobs import MAX_MESSAGE_CHARS

_NUMERIC = re.compile(r"[-+]?(\d+\.?\d*|\.\d+)([eE][-+]?\d{1,2})?")


def component_request(component: str, request: Request) -> Request:
    """Return CreateTrialComponent's input for a job."""
    resources = request.get("ResourceConfig", {})
    algorithm = request.get("AlgorithmSpecification", {})
    own = {
        "SageMaker.ImageUri": algorithm.get("TrainingImage"),
        "SageMaker.InstanceCount": resources.get("InstanceCount"),
        "SageMaker.InstanceType": resources.get("InstanceType"),
        "SageMaker.VolumeSizeInGB": resources.get("VolumeSizeInGB"),
    }
    parameters: dict[str, Any] = {}
    for key, value in own.items():
        if isinstance(value, str):
            parameters[key] = {"StringValue": value}
        elif value is not None:
            parameters[key] = {"NumberValue": float(value)}
    for key, value in request.get("HyperParameters", {}).items():
        parameters[key] = {"StringValue": value}
        # Both, when the text is a number, as recorded jobs have it.
        if _NUMERIC.fullmatch(value):
            parameters[key]["NumberValue"] = float(value)
    result: Request = {
        "TrialComponentName": component,
        "Status": _status("InProgress", "Starting", None),
        "Parameters": parameters,
        "InputArtifacts": _input_artifacts(request),
        "Tags": request.get("Tags", []),
    }
    display_name = request.get("ExperimentConfig", {}).get("TrialComponentDisplayName")
    if display_name:
        result["DisplayName"] = display_name
    return result


def _input_artifacts(request: Request) -> dict[str, Any]:
    artifacts = {}
    for channel in request.get("InputDataConfig", []):
        artifact = {"Value": channel["DataSource"]["S3DataSource"]["S3Uri"]}
        if "ContentType" in channel:
            artifact["MediaType"] = channel["ContentType"]
        artifacts[channel["ChannelName"]] = artifact
    return artifacts


def component_update(
    component: str,
    *,
    status: str,
    secondary: str,
    failure_reason: str | None,
    start: int | None,
    end: int | None,
    model_artifacts: str | None,
) -> Request:
    """Return UpdateTrialComponent's input for the present state; times in milliseconds."""
    update: Request = {
        "TrialComponentName": component,
        "Status": _status(status, secondary, failure_reason),
    }
    if start is not None:
        update["StartTime"] = from_ms(start)
    if end is not None:
        update["EndTime"] = from_ms(end)
    if model_artifacts:
        update["OutputArtifacts"] = {"SageMaker.ModelArtifact": {"Value": model_artifacts}}
    return update


def _status(status: str, secondary: str, failure_reason: str | None) -> dict[str, str]:
    reason = failure_reason or ""
    message = f"Status: {status}, secondary status: {secondary}, failure reason: {reason}."
    return {"PrimaryStatus": status, "Message": message[:MAX_MESSAGE_CHARS]}
