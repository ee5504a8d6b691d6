"""Waiting for what processes and threads do."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any, TypeVar

T = TypeVar("T")

PATIENCE_S = 120.0
"""How long a condition may take on a machine with much else to do; never what is asserted."""


def eventually(look: Callable[[], T], what: str = "") -> T:
    """Return what ``look`` returns as soon as it is true; fail when that takes far too long."""
    deadline = time.monotonic() + PATIENCE_S
    while True:
        seen = look()
        if seen:
            return seen
        assert time.monotonic() < deadline, f"waited in vain for {what or look}: {seen!r}"
        time.sleep(0.02)


def wait_for_job(sagemaker: Any, name: str, kind: str = "Training") -> dict[str, Any]:
    """Return what Describe says of a training, processing or transform job once it has ended."""
    describe = getattr(sagemaker, f"describe_{kind.lower()}_job")

    def ended() -> dict[str, Any] | None:
        job: dict[str, Any] = describe(**{f"{kind}JobName": name})
        return job if job[f"{kind}JobStatus"] in ("Completed", "Failed", "Stopped") else None

    return eventually(ended, f"the end of {name}")


def wait_for_endpoint(sagemaker: Any, name: str) -> dict[str, Any]:
    """Return what DescribeEndpoint says once the endpoint is up or failed."""

    def settled() -> dict[str, Any] | None:
        endpoint: dict[str, Any] = sagemaker.describe_endpoint(EndpointName=name)
        return endpoint if endpoint["EndpointStatus"] in ("InService", "Failed") else None

    return eventually(settled, f"endpoint {name}")
