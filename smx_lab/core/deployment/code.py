"""Write a Python script for boto3 that does the same as a deployment."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from smx_lab.core.connection import Connection

LOCAL_PRELUDE = """\
import boto3
from smx_lab.local.home.launch import ensure_running

local = ensure_running()
sagemaker = boto3.client(
    "sagemaker",
    endpoint_url=local.sagemaker_url,
    region_name=local.region,
    aws_access_key_id=local.access_key_id,
    aws_secret_access_key=local.secret_access_key,
)
"""

AWS_PRELUDE = """\
import boto3

session = boto3.Session({arguments})
sagemaker = session.client("sagemaker")
"""


def deployment_code(
    connection: Connection,
    create_model: Mapping[str, Any],
    create_endpoint_config: Mapping[str, Any],
    create_endpoint: Mapping[str, Any],
) -> str:
    """Return a script that makes the three calls and waits for the endpoint.

    It has no credentials in it.
    """
    name = create_endpoint["EndpointName"]
    lines = [
        prelude(connection),
        _call("create_model", create_model),
        _call("create_endpoint_config", create_endpoint_config),
        _call("create_endpoint", create_endpoint),
        'waiter = sagemaker.get_waiter("endpoint_in_service")\n',
    ]
    if connection.kind == "local":
        pace = '{"Delay": 1, "MaxAttempts": 600}'
        lines.append(f"waiter.wait(EndpointName={literal(name)}, WaiterConfig={pace})\n")
    else:
        lines.append(f"waiter.wait(EndpointName={literal(name)})\n")
    return "".join(lines)


def prelude(connection: Connection) -> str:
    """Return the lines that create the boto3 client ``sagemaker``, without credentials."""
    if connection.kind == "local":
        return LOCAL_PRELUDE
    chosen = {"profile_name": connection.profile, "region_name": connection.region}
    arguments = [f"{name}={literal(value)}" for name, value in chosen.items() if value]
    return AWS_PRELUDE.format(arguments=", ".join(arguments))


def _call(operation: str, members: Mapping[str, Any]) -> str:
    arguments = "".join(
        f"    {name}={literal(value, '    ')},\n" for name, value in members.items()
    )
    return f"sagemaker.{operation}(\n{arguments})\n"


def literal(value: Any, indent: str = "") -> str:
    """Return a value as Python, one member a line where there are members."""
    inner = indent + "    "
    if isinstance(value, Mapping) and value:
        members = "".join(
            f"{inner}{literal(key)}: {literal(member, inner)},\n" for key, member in value.items()
        )
        return f"{{\n{members}{indent}}}"
    if isinstance(value, (list, tuple)) and value:
        members = "".join(f"{inner}{literal(member, inner)},\n" for member in value)
        return f"[\n{members}{indent}]"
    if isinstance(value, str):
        # Double quotes, as formatters write them; repr escapes the text.
        text = repr("'" + value)[2:-1]
        return f'"{text}"' if repr("'" + value).startswith('"') else repr(value)
    return repr(value)
