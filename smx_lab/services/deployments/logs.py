"""Read the end of an endpoint's log from CloudWatch Logs."""

from __future__ import annotations

from smx_lab.core.errors import SmxError
from smx_lab.gateway.sagemaker import SageMaker

ENDPOINT_GROUP = "/aws/sagemaker/Endpoints/{name}"
"""The log group of a model server (SageMaker Developer Guide)."""


def endpoint_log_tail(sagemaker: SageMaker, endpoint_name: str, lines: int = 50) -> tuple[str, ...]:
    """Return the last lines of an endpoint's newest log stream.

    Return no lines if there is no log or it cannot be read: the log is an extra, and its absence
    must not hide the page or the error that it belongs to.
    """
    group = ENDPOINT_GROUP.format(name=endpoint_name)
    try:
        streams = sagemaker.call(
            "describe_log_streams",
            service="logs",
            logGroupName=group,
            orderBy="LastEventTime",
            descending=True,
            limit=1,
        ).get("logStreams", [])
        if not streams:
            return ()
        events = sagemaker.call(
            "get_log_events",
            service="logs",
            logGroupName=group,
            logStreamName=streams[0]["logStreamName"],
            limit=lines,
            startFromHead=False,
        ).get("events", [])
    except SmxError:
        return ()
    return tuple(event["message"].rstrip("\n") for event in events)
