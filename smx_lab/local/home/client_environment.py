"""The environment variables that point an AWS SDK to the local service."""

from __future__ import annotations

import importlib
import json
import os
from pathlib import Path

from smx_lab.core.connection import LocalService
from smx_lab.local.home import data_dir as places

LOOPBACK = "127.0.0.1"

KEY_VARIABLES = ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN")

VARIABLES_IN_THE_WAY = (
    "AWS_PROFILE",
    "AWS_DEFAULT_PROFILE",
    "AWS_SESSION_TOKEN",
    "AWS_SECURITY_TOKEN",
    "AWS_IGNORE_CONFIGURED_ENDPOINT_URLS",
    "AWS_USE_FIPS_ENDPOINT",
    "AWS_USE_DUALSTACK_ENDPOINT",
)
"""With one of these set, botocore would use other endpoints, or other credentials."""

PYTHON_HOOK = Path(__file__).with_name("python_hook")
"""A folder that holds only a ``sitecustomize``; see there."""


def default_bucket(region: str, account: str) -> str:
    """Return the bucket that the ``sagemaker`` SDK uses by default."""
    return f"sagemaker-{region}-{account}"


def client_environment(service: LocalService) -> dict[str, str]:
    """Return the variables that point any AWS SDK to the service.

    The general endpoint applies to every other AWS service too. Our keys are not valid there, and
    an immediate error is better than a call that leaves the machine.
    """
    return {
        "AWS_ENDPOINT_URL": service.sagemaker_url,
        "AWS_ENDPOINT_URL_SAGEMAKER": service.sagemaker_url,
        "AWS_ENDPOINT_URL_SAGEMAKER_METRICS": service.metrics_url,
        "AWS_ENDPOINT_URL_SAGEMAKER_RUNTIME": service.runtime_url,
        "AWS_ENDPOINT_URL_STS": service.sagemaker_url,
        **({"AWS_ENDPOINT_URL_S3": service.s3_url} if service.s3_url else {}),
        "AWS_ACCESS_KEY_ID": service.access_key_id,
        "AWS_SECRET_ACCESS_KEY": service.secret_access_key,
        "AWS_DEFAULT_REGION": service.region,
        "AWS_REGION": service.region,
        "SAGEMAKER_USER_CONFIG_OVERRIDE": str(places.sdk_config_file(Path(service.data_dir))),
        "PYTHONPATH": _python_path(),
        **_proxy_exceptions(),
    }


def script_environment(service: LocalService) -> dict[str, str]:
    """Return the same variables without the service's keys: scripts of jobs get their own."""
    variables = client_environment(service)
    return {name: value for name, value in variables.items() if name not in KEY_VARIABLES}


def install_python_hook() -> None:
    """Install in this process what ``PYTHONPATH`` installs in those that it starts."""
    importlib.import_module("smx_lab.local.home.python_hook.sitecustomize")


def write_sdk_config(file: Path, service: LocalService) -> None:
    """Write the ``sagemaker`` SDK's defaults: no telemetry, and a bucket without a call to AWS.

    Source: SageMaker Python SDK, "Configuring and using defaults", whose schema it follows. JSON is
    YAML.
    """
    bucket = default_bucket(service.region, service.account)
    modules = {"TelemetryOptOut": True, "Session": {"DefaultS3Bucket": bucket}}
    config = {
        "SchemaVersion": "1.0",
        "SageMaker": {"PythonSDK": {"Modules": modules}},
    }
    places.write_private(file, json.dumps(config, indent=2).encode() + b"\n")


def _python_path() -> str:
    known = [part for part in os.environ.get("PYTHONPATH", "").split(os.pathsep) if part]
    return os.pathsep.join(
        [str(PYTHON_HOOK), *(part for part in known if part != str(PYTHON_HOOK))]
    )


def _proxy_exceptions() -> dict[str, str]:
    """Return the variables that keep calls to this machine away from a proxy, if one is set."""
    if not any(os.environ.get(name) for name in ("HTTP_PROXY", "http_proxy")):
        return {}
    # botocore reads the lower-case name first, as urllib does.
    known = os.environ.get("no_proxy") or os.environ.get("NO_PROXY") or ""
    hosts = [host.strip() for host in known.split(",") if host.strip()]
    if "*" not in hosts and LOOPBACK not in hosts:
        hosts.append(LOOPBACK)
    return dict.fromkeys(("no_proxy", "NO_PROXY"), ",".join(hosts))
