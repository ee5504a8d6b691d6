"""boto3 clients of a local service, as a script makes them."""

from __future__ import annotations

from typing import Any

import boto3
from botocore.config import Config

from smx_lab.core.connection import LocalService


def make_client(name: str, service: LocalService, **overrides: Any) -> Any:
    """Return a boto3 client as a script makes it, without retries: a test sees each error."""
    arguments: dict[str, Any] = {
        "endpoint_url": service.sagemaker_url,
        "aws_access_key_id": service.access_key_id,
        "aws_secret_access_key": service.secret_access_key,
        "region_name": service.region,
        "config": Config(retries={"total_max_attempts": 1}, read_timeout=70),
    }
    # A session of its own: the default one would look for profiles and environment variables.
    return boto3.session.Session().client(name, **{**arguments, **overrides})
