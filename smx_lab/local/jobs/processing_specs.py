"""Turns a CreateProcessingJob request into what the job's process needs, or refuses it."""

from __future__ import annotations

from pathlib import Path, PurePosixPath
from typing import Any

from smx_lab.local.context import Context, Request
from smx_lab.local.jobs.processing_process import Input, Output, ProcessingSpec
from smx_lab.local.jobs.request_checks import (
    JobRefusedError,
    refuse_bad_locations,
    require_data,
    require_offered,
    require_one_instance,
    require_writable,
    s3_member,
)
from smx_lab.local.jobs.script_environment import gets_keys, script_environment, stop_grace_s
from smx_lab.local.records.batch_kinds import PROCESSING, PROCESSING_MAX_RUNTIME_S
from smx_lab.local.records.tags import without_tags
from smx_lab.local.supervision.child_environment import python

CONTAINER_FOLDER = PurePosixPath("/opt/ml")


@refuse_bad_locations()
def processing_spec(request: Request, context: Context, folder: Path) -> ProcessingSpec:
    """Return what the job's process is started with.

    Raises
    ------
    JobRefusedError
        If inputs are missing, an output cannot be written, or the request needs something that the
        local service does not offer.
    """
    name = request["ProcessingJobName"]
    app = request["AppSpecification"]
    entrypoint = app.get("ContainerEntrypoint", [])
    if not entrypoint:
        raise JobRefusedError(
            "The local service runs commands, not images: set ContainerEntrypoint, for example "
            'to ["python3", "/opt/ml/processing/input/code/script.py"].'
        )
    cluster = _cluster(request)
    require_one_instance("Processing", cluster.get("InstanceCount", 1))
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
        stop_grace_s=stop_grace_s(),
        environment=script_environment(context, environment),
        gets_keys=gets_keys(environment),
    )


def _cluster(request: Request) -> dict[str, Any]:
    cluster: dict[str, Any] = request["ProcessingResources"]["ClusterConfig"]
    return cluster


def _input(context: Context, role: str, item: dict[str, Any]) -> Input:
    name = f"Input {item['InputName']}"
    source = s3_member(name, item, "S3Input")
    for member, offered in (
        ("S3DataType", "S3Prefix"),
        ("S3InputMode", "File"),
        ("S3CompressionType", "None"),
    ):
        require_offered(member, source.get(member, offered), offered, of=name)
    path = require_data(context, role, source["S3Uri"])
    return Input(str(path), _target(name, source))


def _output(context: Context, item: dict[str, Any]) -> Output:
    name = f"Output {item['OutputName']}"
    wanted = s3_member(name, item, "S3Output")
    require_writable(context, wanted["S3Uri"])
    path = str(context.local_path(wanted["S3Uri"]))
    is_continuous = wanted["S3UploadMode"] == "Continuous"
    return Output(_target(name, wanted), path, is_continuous)


def _target(what: str, part: dict[str, Any]) -> str:
    """Return a LocalPath as one below ``/opt/ml``."""
    path = PurePosixPath(part.get("LocalPath", ""))
    processing = CONTAINER_FOLDER / "processing"
    if ".." in path.parts or processing not in path.parents:
        # Source of the rule: SageMaker API Reference, ProcessingS3Input.
        raise JobRefusedError(f"{what}: the LocalPath must begin with {processing}/.")
    return str(path.relative_to(CONTAINER_FOLDER))
