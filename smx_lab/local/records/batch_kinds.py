"""Processing and transform jobs: how they differ in the store, and their records in answers."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import msgspec

from smx_lab.local.context import Context, JobWord, Request
from smx_lab.local.records.hosting import container_of, find_model_request, model_data_location

# Source: SageMaker API Reference, ProcessingStoppingCondition.
PROCESSING_MAX_RUNTIME_S = 86_400


@dataclass(frozen=True)
class BatchKind:
    """How the two kinds differ."""

    noun: str
    word: JobWord
    """Part of the names of tables, ARNs, folders and trial components."""
    source_type: str
    name_member: str
    has_exit_message: bool
    inputs: Callable[[sqlite3.Connection, Request], Request]
    """From the request to Parameters and InputArtifacts of the trial component."""
    outputs: Callable[[Request], dict[str, Any]]
    """From the request to OutputArtifacts of a job that has completed."""

    @property
    def table(self) -> str:
        """The table of its rows."""
        return f"{self.word}_job"

    @property
    def resource_type(self) -> str:
        """The word in its ARN."""
        return f"{self.word}-job"


def _processing_inputs(_: sqlite3.Connection, request: Request) -> Request:
    """Return Parameters and InputArtifacts of the trial component."""
    cluster = request["ProcessingResources"]["ClusterConfig"]
    artifacts = {"SageMaker.ImageUri": {"Value": request["AppSpecification"]["ImageUri"]}}
    for item in request.get("ProcessingInputs", []):
        if "S3Input" in item:
            artifacts[item["InputName"]] = {"Value": item["S3Input"]["S3Uri"]}
    parameters: dict[str, Any] = {
        "SageMaker.InstanceCount": {"NumberValue": float(cluster.get("InstanceCount", 1))},
        "SageMaker.VolumeSizeInGB": {"NumberValue": float(cluster["VolumeSizeInGB"])},
    }
    if "InstanceType" in cluster:
        parameters["SageMaker.InstanceType"] = {"StringValue": cluster["InstanceType"]}
    return {"Parameters": parameters, "InputArtifacts": artifacts}


def _processing_outputs(request: Request) -> dict[str, Any]:
    """Return OutputArtifacts of the trial component of a job that has completed."""
    return {
        item["OutputName"]: {"Value": item["S3Output"]["S3Uri"]}
        for item in request.get("ProcessingOutputConfig", {}).get("Outputs", [])
    }


PROCESSING = BatchKind(
    noun="Processing job",
    word="processing",
    source_type="SageMakerProcessingJob",
    name_member="ProcessingJobName",
    has_exit_message=True,
    inputs=_processing_inputs,
    outputs=_processing_outputs,
)


def _transform_inputs(cx: sqlite3.Connection, request: Request) -> Request:
    """Return Parameters and InputArtifacts of the trial component."""
    resources = request["TransformResources"]
    container = container_of(find_model_request(cx, request["ModelName"]) or {})
    texts = {
        "SageMaker.InstanceType": resources["InstanceType"],
        "SageMaker.ModelName": request["ModelName"],
        "SageMaker.ModelPrimary.DataUrl": model_data_location(container),
        "SageMaker.ModelPrimary.Image": container.get("Image"),
    }
    parameters: dict[str, Any] = {
        "SageMaker.InstanceCount": {"NumberValue": float(resources["InstanceCount"])},
        **{key: {"StringValue": text} for key, text in texts.items() if text},
    }
    given = request["TransformInput"]
    artifact = {"Value": given["DataSource"]["S3DataSource"]["S3Uri"]}
    if "ContentType" in given:
        artifact["MediaType"] = given["ContentType"]
    return {"Parameters": parameters, "InputArtifacts": {"SageMaker.TransformInput": artifact}}


def _transform_outputs(request: Request) -> dict[str, Any]:
    """Return OutputArtifacts of the trial component of a job that has completed."""
    return {"SageMaker.TransformOutput": {"Value": request["TransformOutput"]["S3OutputPath"]}}


TRANSFORM = BatchKind(
    noun="Transform job",
    word="transform",
    source_type="SageMakerTransformJob",
    name_member="TransformJobName",
    has_exit_message=False,
    inputs=_transform_inputs,
    outputs=_transform_outputs,
)


def processing_record(context: Context, row: sqlite3.Row) -> dict[str, Any]:
    """Return the members that Describe and Search share for a job."""
    request = _request_of(row)
    limit = {"MaxRuntimeInSeconds": PROCESSING_MAX_RUNTIME_S}
    return {
        **request,
        "StoppingCondition": request.get("StoppingCondition", limit),
        **processing_state(context, row),
    }


def processing_state(context: Context, row: sqlite3.Row) -> dict[str, Any]:
    """Return the members that List, Describe and Search share for a processing job."""
    return {
        "ProcessingJobName": row["name"],
        "ProcessingJobArn": context.arn(PROCESSING.resource_type, row["name"]),
        "ProcessingJobStatus": row["status"],
        "FailureReason": row["failure_reason"],
        "ExitMessage": row["exit_message"],
        **_times(row, "Processing"),
    }


def transform_record(context: Context, row: sqlite3.Row) -> dict[str, Any]:
    """Return the members that Describe and Search share for a job."""
    return {**_request_of(row), **transform_state(context, row)}


def transform_state(context: Context, row: sqlite3.Row) -> dict[str, Any]:
    """Return the members that List, Describe and Search share for a transform job."""
    return {
        "TransformJobName": row["name"],
        "TransformJobArn": context.arn(TRANSFORM.resource_type, row["name"]),
        "TransformJobStatus": row["status"],
        "FailureReason": row["failure_reason"],
        **_times(row, "Transform"),
    }


def _times(row: sqlite3.Row, prefix: str) -> dict[str, Any]:
    """Return the times of a job, under the names that its kind gives them."""
    return {
        "CreationTime": row["creation_time"],
        "LastModifiedTime": row["last_modified_time"],
        f"{prefix}StartTime": row["start_time"],
        f"{prefix}EndTime": row["end_time"],
    }


def _request_of(row: sqlite3.Row) -> dict[str, Any]:
    """Return the request that a job was made of."""
    request: dict[str, Any] = msgspec.json.decode(row["request"])
    return request
