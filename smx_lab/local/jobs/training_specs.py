"""Turns a CreateTrainingJob request into what the job's process needs, or refuses it."""

from __future__ import annotations

from pathlib import Path, PurePosixPath
from typing import Any

from smx_lab.local.context import Context, Request
from smx_lab.local.jobs.metric_lines import compile_error
from smx_lab.local.jobs.request_checks import (
    JobRefusedError,
    refuse_bad_locations,
    require_data,
    require_one_instance,
    require_writable,
    s3_member,
)
from smx_lab.local.jobs.script_environment import gets_keys, script_environment, stop_grace_s
from smx_lab.local.jobs.script_mode import Channel, JobSpec, decode
from smx_lab.local.records.training_jobs import max_runtime_s, model_location, output_location
from smx_lab.local.supervision.child_environment import python


@refuse_bad_locations()
def job_spec(request: Request, context: Context, folder: Path) -> JobSpec:
    """Return what the job's process is started with.

    Raises
    ------
    JobRefusedError
        If data or code are missing or cannot be read here, an output cannot be written, or the
        request needs something that the local service does not offer.
    """
    hyperparameters = request.get("HyperParameters", {})
    environment = request.get("Environment", {})
    resources = request.get("ResourceConfig", {})
    program, code = _code(context, hyperparameters, environment)
    output = request["OutputDataConfig"]["S3OutputPath"]
    require_writable(context, output)
    checkpoints = request.get("CheckpointConfig", {}).get("S3Uri")
    if checkpoints:
        require_writable(context, checkpoints)
    require_one_instance("Training", _instance_count(resources))
    return JobSpec(
        job_name=request["TrainingJobName"],
        job_arn=context.arn("training-job", request["TrainingJobName"]),
        region=context.region,
        folder=str(folder),
        python=python(),
        program=program,
        code=str(code),
        hyperparameters=hyperparameters,
        channels=_channels(context, request),
        instance_type=resources.get("InstanceType", "local"),
        instance_count=1,
        metric_definitions=_metric_definitions(request),
        model_archive=str(context.local_path(model_location(request))),
        output_archive=str(context.local_path(output_location(request, "output.tar.gz"))),
        checkpoints=str(context.local_path(checkpoints)) if checkpoints else None,
        max_runtime_s=max_runtime_s(request),
        stop_grace_s=stop_grace_s(),
        environment=script_environment(context, environment),
        gets_keys=gets_keys(environment),
    )


def _code(
    context: Context, hyperparameters: dict[str, str], environment: dict[str, str]
) -> tuple[str, Path]:
    """Return the script's name in its folder or archive, and that folder or archive."""
    program = _setting("program", hyperparameters, environment)
    location = _setting("submit_directory", hyperparameters, environment)
    if not program or not location:
        raise JobRefusedError(
            "The local service runs scripts, not images: set the hyperparameters sagemaker_program "
            "(the script) and sagemaker_submit_directory (its folder or .tar.gz)."
        )
    if PurePosixPath(program).is_absolute() or ".." in PurePosixPath(program).parts:
        raise JobRefusedError(f'The program "{program}" is not inside the code.')
    code = context.local_path(location)
    if not code.exists():
        raise JobRefusedError(f"Could not find the code at {location}.")
    if code.is_dir() and not (code / program).is_file():
        raise JobRefusedError(f"Could not find the program {program} in {location}.")
    return program, code


def _setting(name: str, hyperparameters: dict[str, str], environment: dict[str, str]) -> str:
    """Return one of the toolkit's own settings: a hyperparameter, JSON-encoded, or a variable."""
    value = hyperparameters.get(f"sagemaker_{name}")
    if value is None:
        return environment.get(f"SAGEMAKER_{name.upper()}", "")
    return str(decode(value))


def _channels(context: Context, request: Request) -> list[Channel]:
    """Return the channels, each with a name of its own that can be a folder's."""
    channels = request.get("InputDataConfig", [])
    names = [channel["ChannelName"] for channel in channels]
    for name in names:
        if name in (".", ".."):
            raise JobRefusedError(f'A channel cannot have the name "{name}".')
        if names.count(name) > 1:
            raise JobRefusedError(f"Channel {name} is given more than once.")
    return [_channel(context, request["RoleArn"], channel) for channel in channels]


def _channel(context: Context, role: str, channel: dict[str, Any]) -> Channel:
    name = channel["ChannelName"]
    source = s3_member(f"Channel {name}", channel.get("DataSource", {}), "S3DataSource")
    if source.get("S3DataType", "S3Prefix") != "S3Prefix":
        raise JobRefusedError(f"Channel {name}: {source['S3DataType']} is not offered locally.")
    mode = channel.get("InputMode", "File")
    if mode == "Pipe":
        raise JobRefusedError(f"Channel {name}: the input mode Pipe is not offered locally.")
    path = require_data(context, role, source["S3Uri"])
    config = {
        "TrainingInputMode": mode,
        "S3DistributionType": source.get("S3DataDistributionType", "FullyReplicated"),
        "RecordWrapperType": channel.get("RecordWrapperType", "None"),
    }
    if "ContentType" in channel:
        config["ContentType"] = channel["ContentType"]
    return Channel(name, str(path), config)


def _metric_definitions(request: Request) -> list[tuple[str, str]]:
    definitions = request.get("AlgorithmSpecification", {}).get("MetricDefinitions", [])
    for item in definitions:
        error = compile_error(item["Regex"])
        if error:
            raise JobRefusedError(f"The regex of metric {item['Name']} is not valid: {error}.")
    return [(item["Name"], item["Regex"]) for item in definitions]


def _instance_count(resources: dict[str, Any]) -> int:
    groups = resources.get("InstanceGroups", [])
    count: int = len(groups) if groups else resources.get("InstanceCount", 1)
    return count
