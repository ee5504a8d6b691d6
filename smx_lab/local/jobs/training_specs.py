"""From a CreateTrainingJob request to what the job's process needs, and what is wrong with it."""

from __future__ import annotations

import os
from pathlib import Path, PurePosixPath
from typing import Any

from smx_lab.local.context import Context, Request
from smx_lab.local.files.locations import LocationError, bucket_of
from smx_lab.local.jobs.metric_lines import compile_error
from smx_lab.local.jobs.script_mode import Channel, JobSpec, decode
from smx_lab.local.records.training_jobs import max_runtime_s, model_location, output_location
from smx_lab.local.supervision.child_environment import child_environment, python

# SIGKILL follows SIGTERM after this many seconds. Source: SageMaker Developer Guide, "How Amazon
# SageMaker runs your training image".
STOP_GRACE_S = 120.0
STOP_GRACE_VARIABLE = "SMX_LAB_STOP_GRACE_S"
# With one of these in its Environment a job means to be somebody else, somewhere else.
OWN_CREDENTIALS = ("AWS_ACCESS_KEY_ID", "AWS_PROFILE", "AWS_DEFAULT_PROFILE")


class JobRefusedError(ValueError):
    """The request asks for what is not there or not offered; the message is a sentence."""


def job_spec(request: Request, context: Context, folder: Path) -> JobSpec:
    """Return what the job's process is started with.

    Raises
    ------
    JobRefusedError
        If data or code are missing or cannot be read here, an output cannot be written, or the
        request needs something that the local service does not offer.
    """
    try:
        return _job_spec(request, context, folder)
    except LocationError as error:
        raise JobRefusedError(str(error)) from error


def _job_spec(request: Request, context: Context, folder: Path) -> JobSpec:
    hyperparameters = request.get("HyperParameters", {})
    environment = request.get("Environment", {})
    resources = request.get("ResourceConfig", {})
    program, code = _code(context, hyperparameters, environment)
    output = request["OutputDataConfig"]["S3OutputPath"]
    require_writable(context, output)
    checkpoints = request.get("CheckpointConfig", {}).get("S3Uri")
    if checkpoints:
        require_writable(context, checkpoints)
    _require_one_instance(resources)
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
        stop_grace_s=float(os.environ.get(STOP_GRACE_VARIABLE, STOP_GRACE_S)),
        environment=script_environment(context, environment),
        gets_keys=gets_keys(environment),
    )


def script_environment(context: Context, environment: dict[str, str]) -> dict[str, str]:
    """Return what a script inherits: no keys of ours yet, and the job's own Environment over all.

    The job's PYTHONPATH goes in front of what our ``sitecustomize`` is found by.
    """
    ours = dict(context.client_variables) if gets_keys(environment) else {}
    both = [environment.get("PYTHONPATH"), ours.get("PYTHONPATH")]
    path = os.pathsep.join(part for part in both if part)
    return child_environment({**ours, **environment, **({"PYTHONPATH": path} if path else {})})


def gets_keys(environment: dict[str, str]) -> bool:
    """Tell whether a job asks the service: as its role, unless it brings credentials of its own."""
    return not any(name in environment for name in OWN_CREDENTIALS)


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
    source = channel.get("DataSource", {}).get("S3DataSource")
    if source is None:
        raise JobRefusedError(f"Channel {name} has no S3DataSource; others are not offered here.")
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


def require_data(context: Context, role: str, location: str) -> Path:
    """Return where an input is; raises JobRefusedError if nothing is there."""
    path = context.local_path(location)
    if not _holds_a_file(path):
        raise JobRefusedError(_nothing_found(context, role, location, path))
    return path


def _nothing_found(context: Context, role: str, location: str, path: Path) -> str:
    """Return SageMaker's own sentence for a bucket, and its beginning for a file."""
    found = f'No S3 objects found under S3 URL "{location}" given in input data source. Please '
    bucket = bucket_of(location)
    if bucket is None:
        return f"{found}ensure that there is a file at {path}, and that you may read it."
    return (
        f"{found}ensure that the bucket exists in the selected region ({context.region}), that "
        f'objects exist under that S3 prefix, and that the role "{role}" has "s3:ListBucket" '
        f'permissions on bucket "{bucket}".'
    )


def _holds_a_file(path: Path) -> bool:
    if not path.is_dir():
        return path.exists() and os.access(path, os.R_OK)
    return any(files for _, _, files in os.walk(path))


def _metric_definitions(request: Request) -> list[tuple[str, str]]:
    definitions = request.get("AlgorithmSpecification", {}).get("MetricDefinitions", [])
    for item in definitions:
        error = compile_error(item["Regex"])
        if error:
            raise JobRefusedError(f"The regex of metric {item['Name']} is not valid: {error}.")
    return [(item["Name"], item["Regex"]) for item in definitions]


def _require_one_instance(resources: dict[str, Any]) -> None:
    groups = resources.get("InstanceGroups", [])
    count = resources.get("InstanceCount", 1) if not groups else len(groups)
    if count > 1:
        raise JobRefusedError("Training on more than one instance is not offered locally.")


def require_writable(context: Context, location: str) -> None:
    """Refuse now what would otherwise fail after hours of training."""
    folder = context.local_path(location)
    bucket = bucket_of(location)
    if bucket is not None and not context.local_path(f"s3://{bucket}").is_dir():
        raise JobRefusedError(f'The bucket "{bucket}" of {location} does not exist.')
    existing = next(path for path in (folder, *folder.parents) if path.exists())
    if not existing.is_dir() or not os.access(existing, os.W_OK | os.X_OK):
        raise JobRefusedError(f"The output path {location} cannot be written to.")
