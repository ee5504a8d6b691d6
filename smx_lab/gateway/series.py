"""Logged series through BatchGetMetrics: many metrics of many resources in few calls."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Literal, NamedTuple

from smx_lab.core.errors import ServiceUnavailable
from smx_lab.gateway.sagemaker import SageMaker

METRICS = "sagemaker-metrics"

MAX_QUERIES = 100
"""The most queries in one call (SageMaker API Reference, BatchGetMetrics)."""

Axis = Literal["IterationNumber", "Timestamp"]
"""What a series runs over: steps, or epoch milliseconds."""

_PERIODS: dict[Axis, str] = {"IterationNumber": "IterationNumber", "Timestamp": "OneMinute"}


class SeriesQuery(NamedTuple):
    """One metric of one resource: a trial component, or the training job it comes from."""

    resource_arn: str
    metric_name: str


class Points(NamedTuple):
    """A series as it was logged; empty if it was not, over this axis."""

    x: list[int]
    values: list[float]


def read_series(sagemaker: SageMaker, queries: Sequence[SeriesQuery], axis: Axis) -> list[Points]:
    """Return the series of some metrics, in the order of the queries.

    A metric or resource that SageMaker does not know has no points.

    Raises
    ------
    SmxError
        If they cannot be read.
    """
    found = [Points([], []) for _ in queries]
    starts: dict[int, int | None] = dict.fromkeys(range(len(queries)))
    while starts:
        asked = list(starts.items())[:MAX_QUERIES]
        members = [_members(queries[at], axis, start) for at, start in asked]
        reply = sagemaker.call("batch_get_metrics", service=METRICS, MetricQueries=members)
        for (at, _), result in zip(asked, reply["MetricQueryResults"], strict=True):
            del starts[at]
            points = _points(result)
            found[at].x.extend(points.x)
            found[at].values.extend(points.values)
            if result["Status"] == "Truncated" and points.x:
                starts[at] = points.x[-1] + 1
    return found


def _members(query: SeriesQuery, axis: Axis, start: int | None) -> dict[str, Any]:
    members: dict[str, Any] = {
        "MetricName": query.metric_name,
        "ResourceArn": query.resource_arn,
        "MetricStat": "Last",
        "Period": _PERIODS[axis],
        "XAxisType": axis,
    }
    return members if start is None else {**members, "Start": start}


def _points(result: Mapping[str, Any]) -> Points:
    status = result["Status"]
    if status == "InternalError":
        raise ServiceUnavailable(result.get("Message") or "SageMaker could not read the metrics.")
    if status == "ValidationError":
        return Points([], [])
    # botocore leaves "NaN" and "Infinity" as text, which float reads.
    values = [float(value) for value in result.get("MetricValues", [])]
    return Points([int(x) for x in result.get("XAxisValues", [])], values)
