"""Trial components as tables take them: all of one but its metrics is as everywhere else.

A large table has hundreds of thousands of metrics. They are decoded from JSON as they stand
here, with times as numbers, since no table shows these.
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
"""What each is called on the wire."""


class SearchedMetric(msgspec.Struct, frozen=True, gc=False, rename=_MEMBERS):
    """One metric of one trial component; ``epoch_s`` is its ``time_stamp`` in seconds since 1970.

    It holds no cycle: the collector has nothing to look for in it.
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
    """A trial component that came in another way, as if it had been searched for."""
    if isinstance(component, SearchedComponent):
        return component
    members = {name: getattr(component, name) for name in TrialComponentBody.__struct_fields__}
    metrics = [
        SearchedMetric(
            metric_name=metric.metric_name,
            **{names.member: getattr(metric, names.member) for names in STATISTICS.values()},
            epoch_s=metric.time_stamp.timestamp() if metric.time_stamp else None,
        )
        for metric in component.metrics
    ]
    return SearchedComponent(**members, metrics=metrics)
