"""Turns a CreateTransformJob request into what the job's process needs, or refuses it."""

from __future__ import annotations

import sqlite3
from pathlib import Path

from smx_lab.local.context import Context, Request
from smx_lab.local.hosting.model_process import ServerSpec
from smx_lab.local.hosting.model_servers import STARTUP_TIMEOUT_S
from smx_lab.local.hosting.specs import submit_directory
from smx_lab.local.jobs.request_checks import (
    JobRefusedError,
    refuse_bad_locations,
    require_data,
    require_offered,
    require_one_instance,
    require_writable,
)
from smx_lab.local.jobs.transform_process import TransformSpec
from smx_lab.local.records.hosting import (
    container_of,
    find_model_request,
    model_data_location,
)
from smx_lab.local.supervision.child_environment import child_environment, python, region_variables

# Source of the defaults: SageMaker API Reference, CreateTransformJob and ModelClientConfig.
DEFAULT_PAYLOAD_MB = 6
DEFAULT_TIMEOUT_S = 600
DEFAULT_RETRIES = 3


def find_model(cx: sqlite3.Connection, name: str) -> Request:
    """Return the request that a model was made of; raises JobRefusedError if there is none."""
    model = find_model_request(cx, name)
    if model is None:
        raise JobRefusedError(f'Could not find model "{name}".')
    return model


@refuse_bad_locations()
def transform_spec(
    request: Request, context: Context, folder: Path, model: Request, address: str
) -> TransformSpec:
    """Return what the job's process is started with.

    Raises
    ------
    JobRefusedError
        If data are missing, an output cannot be written, or the request needs something that the
        local service does not offer.
    """
    given, wanted = request["TransformInput"], request["TransformOutput"]
    _require_offered(request)
    source = given["DataSource"]["S3DataSource"]
    role = model.get("ExecutionRoleArn", "")
    path = require_data(context, role, source["S3Uri"])
    require_writable(context, wanted["S3OutputPath"])
    client = request.get("ModelClientConfig", {})
    payload_mb = request.get("MaxPayloadInMB", DEFAULT_PAYLOAD_MB) or DEFAULT_PAYLOAD_MB
    return TransformSpec(
        server=_server(request, context, folder, model, address),
        source=str(path),
        target=str(context.local_path(wanted["S3OutputPath"])),
        content_type=given.get("ContentType", "application/octet-stream"),
        accept=wanted.get("Accept", "*/*"),
        is_gzip=given.get("CompressionType", "None") == "Gzip",
        by_line=given.get("SplitType", "None") == "Line",
        many_at_once=request.get("BatchStrategy", "MultiRecord") == "MultiRecord",
        with_newlines=wanted.get("AssembleWith", "None") == "Line",
        max_payload_bytes=payload_mb * 2**20,
        startup_timeout_s=STARTUP_TIMEOUT_S,
        invocation_timeout_s=client.get("InvocationsTimeoutInSeconds", DEFAULT_TIMEOUT_S),
        retries=client.get("InvocationsMaxRetries", DEFAULT_RETRIES),
    )


def _server(
    request: Request, context: Context, folder: Path, model: Request, address: str
) -> ServerSpec:
    container = container_of(model)
    data = model_data_location(container)
    path = context.local_path(data) if data else None
    if path is not None and not path.exists():
        raise JobRefusedError(f"Could not find model data at {data}.")
    environment = {
        **region_variables(context.region),
        # Source: SageMaker Developer Guide, "Use your own inference code with batch transform".
        "SAGEMAKER_BATCH": "true",
        "SAGEMAKER_MAX_PAYLOAD_IN_MB": str(request.get("MaxPayloadInMB", DEFAULT_PAYLOAD_MB)),
        "SAGEMAKER_BATCH_STRATEGY": request.get("BatchStrategy", "MultiRecord"),
        "SAGEMAKER_MAX_CONCURRENT_TRANSFORMS": "1",
        **container.get("Environment", {}),
        **request.get("Environment", {}),
    }
    return ServerSpec(
        folder=str(folder),
        python=python(),
        socket=address,
        model_data=str(path) if path else None,
        submit_directory=submit_directory(container, context),
        environment=child_environment(environment),
    )


def _require_offered(request: Request) -> None:
    given = request["TransformInput"]
    source = given["DataSource"]["S3DataSource"]
    processing = request.get("DataProcessing", {})
    for member, value, offered in (
        ("S3DataType", source["S3DataType"], ("S3Prefix",)),
        ("SplitType", given.get("SplitType", "None"), ("None", "Line")),
        ("JoinSource", processing.get("JoinSource", "None"), ("None",)),
        ("InputFilter", processing.get("InputFilter", "$"), ("$",)),
        ("OutputFilter", processing.get("OutputFilter", "$"), ("$",)),
    ):
        require_offered(member, value, *offered)
    require_one_instance("Transforming", request["TransformResources"]["InstanceCount"])
