"""Trial components for tables: their metrics have times as numbers, for speed.

A large table has hundreds of thousands of metrics, and does not show their times. Everything else
is as in `TrialComponent`.
"""

from __future__ import annotations

import msgspec

from smx_lab.core.entities import TrialComponent, TrialComponentBody
from smx_lab.core.statistics import STATISTICS

_MEMBERS = {
    "metric_name": "MetricName",
    **{names.member: statistic for statistic, names in STATISTICS.items()},
    "epoch_s": "TimeStamp",
}
"""The names of the members in SageMaker's JSON."""


class SearchedMetric(msgspec.Struct, frozen=True, gc=False, rename=_MEMBERS):
    """One metric of one trial component; ``epoch_s`` is its ``time_stamp`` in seconds since 1970.

    The statistics are in the order of `STATISTICS`. It cannot be part of a reference cycle, so the
    garbage collector need not track it.
    """

    metric_name: str
    last: float | None = None
    max: float | None = None
    min: float | None = None
    avg: float | None = None
    std_dev: float | None = None
    count: int | None = None
    epoch_s: float | None = None


class SearchedComponent(TrialComponentBody, frozen=True, kw_only=True):
    """One trial component in full."""

    metrics: list[SearchedMetric] = []


def to_search_record(component: TrialComponent | SearchedComponent) -> SearchedComponent:
    """Return any trial component in the form that Search returns."""
    if isinstance(component, SearchedComponent):
        return component
    members = {name: getattr(component, name) for name in TrialComponentBody.__struct_fields__}
    # Written out: generated arguments take half as long again for a whole table.
    metrics = [
        SearchedMetric(
            metric_name=metric.metric_name,
            last=metric.last,
            max=metric.max,
            min=metric.min,
            avg=metric.avg,
            std_dev=metric.std_dev,
            count=metric.count,
            epoch_s=metric.time_stamp.timestamp() if metric.time_stamp else None,
        )
        for metric in component.metrics
    ]
    return SearchedComponent(**members, metrics=metrics)
