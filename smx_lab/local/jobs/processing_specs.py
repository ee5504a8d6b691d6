"""From a CreateProcessingJob request to what the job's process needs, and what is wrong with it."""

from __future__ import annotations

import os
from pathlib import Path, PurePosixPath
from typing import Any

from smx_lab.local.context import Context, Request
from smx_lab.local.files.locations import LocationError
from smx_lab.local.jobs.processing_process import Input, Output, ProcessingSpec
from smx_lab.local.jobs.training_specs import (
    STOP_GRACE_S,
    STOP_GRACE_VARIABLE,
    JobRefusedError,
    gets_keys,
    require_data,
    require_writable,
    script_environment,
)
from smx_lab.local.records.batch_kinds import PROCESSING, PROCESSING_MAX_RUNTIME_S
from smx_lab.local.records.tags import without_tags
from smx_lab.local.supervision.child_environment import python

CONTAINER_FOLDER = PurePosixPath("/opt/ml")


def processing_spec(request: Request, context: Context, folder: Path) -> ProcessingSpec:
    """Return what the job's process is started with.

    Raises
    ------
    JobRefusedError
        If inputs are missing, an output cannot be written, or the request needs something that the
        local service does not offer.
    """
    try:
        return _processing_spec(request, context, folder)
    except LocationError as error:
        raise JobRefusedError(str(error)) from error


def _processing_spec(request: Request, context: Context, folder: Path) -> ProcessingSpec:
    name = request["ProcessingJobName"]
    app = request["AppSpecification"]
    entrypoint = app.get("ContainerEntrypoint", [])
    if not entrypoint:
        raise JobRefusedError(
            "The local service runs commands, not images: set ContainerEntrypoint, for example "
            'to ["python3", "/opt/ml/processing/input/code/script.py"].'
        )
    cluster = _cluster(request)
    if cluster.get("InstanceCount", 1) > 1:
        raise JobRefusedError("Processing on more than one instance is not offered locally.")
    arn = context.arn(PROCESSING.resource_type, name)
    environment = request.get("Environment", {})
    outputs = request.get("ProcessingOutputConfig", {}).get("Outputs", [])
    limit = request.get("StoppingCondition", {}).get(
        "MaxRuntimeInSeconds", PROCESSING_MAX_RUNTIME_S
    )
    return ProcessingSpec(
        job_name=name,
        job_arn=arn,
        region=context.region,
        folder=str(folder),
        python=python(),
        command=[*entrypoint, *app.get("ContainerArguments", [])],
        inputs=[
            _input(context, request["RoleArn"], item)
            for item in request.get("ProcessingInputs", [])
        ],
        outputs=[_output(context, item) for item in outputs],
        config={"ProcessingJobArn": arn, **without_tags(request)},
        instance_type=cluster.get("InstanceType", "local"),
        max_runtime_s=limit,
        stop_grace_s=float(os.environ.get(STOP_GRACE_VARIABLE, STOP_GRACE_S)),
        environment=script_environment(context, environment),
        gets_keys=gets_keys(environment),
    )


def _cluster(request: Request) -> dict[str, Any]:
    cluster: dict[str, Any] = request["ProcessingResources"]["ClusterConfig"]
    return cluster


def _input(context: Context, role: str, item: dict[str, Any]) -> Input:
    name, source = item["InputName"], item.get("S3Input")
    if source is None or item.get("AppManaged"):
        raise JobRefusedError(f"Input {name} has no S3Input; others are not offered here.")
    for member, offered in (
        ("S3DataType", "S3Prefix"),
        ("S3InputMode", "File"),
        ("S3CompressionType", "None"),
    ):
        if source.get(member, offered) != offered:
            raise JobRefusedError(
                f"Input {name}: the {member} {source[member]} is not offered locally."
            )
    path = require_data(context, role, source["S3Uri"])
    return Input(str(path), _target(f"Input {name}", source))


def _output(context: Context, item: dict[str, Any]) -> Output:
    name, wanted = item["OutputName"], item.get("S3Output")
    if wanted is None or item.get("AppManaged"):
        raise JobRefusedError(f"Output {name} has no S3Output; others are not offered here.")
    require_writable(context, wanted["S3Uri"])
    path = str(context.local_path(wanted["S3Uri"]))
    is_continuous = wanted["S3UploadMode"] == "Continuous"
    return Output(_target(f"Output {name}", wanted), path, is_continuous)


def _target(what: str, part: dict[str, Any]) -> str:
    """Return a LocalPath as one below ``/opt/ml``."""
    path = PurePosixPath(part.get("LocalPath", ""))
    processing = CONTAINER_FOLDER / "processing"
    if ".." in path.parts or processing not in path.parents:
        # Source of the rule: SageMaker API Reference, ProcessingS3Input.
        raise JobRefusedError(f"{what}: the LocalPath must begin with {processing}/.")
    return str(path.relative_to(CONTAINER_FOLDER))
