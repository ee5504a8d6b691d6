"""Real boto3 clients on a real local service."""

from __future__ import annotations

from typing import Any

import pytest

from smx_lab.core.connection import LocalService
from tests.support.local.clients import make_client


@pytest.fixture(scope="module")
def sagemaker(local_service: LocalService) -> Any:
    """Return the control plane's client."""
    return make_client("sagemaker", local_service)


@pytest.fixture(scope="module")
def metrics_client(local_service: LocalService) -> Any:
    """Return the metrics service's client."""
    return make_client("sagemaker-metrics", local_service)


@pytest.fixture(scope="module")
def runtime(local_service: LocalService) -> Any:
    """Return the client that invokes endpoints."""
    return make_client("sagemaker-runtime", local_service)
