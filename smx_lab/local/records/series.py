"""Reads the series of a metric: one value for each step, or for each period."""

from __future__ import annotations

import sqlite3
import statistics
from collections.abc import Callable, Sequence
from typing import NamedTuple

from smx_lab.local.context import Context
from smx_lab.local.errors import validation_error
from smx_lab.local.records import entities
from smx_lab.local.records.entities import TRIAL_COMPONENT

MAX_VALUES = 100_000
"""The most values of one answer; with more it is Truncated. Our choice."""

PERIOD_MS = {"OneMinute": 60_000, "FiveMinute": 300_000, "OneHour": 3_600_000}

_STATISTICS: dict[str, Callable[[Sequence[float]], float]] = {
    "Min": min,
    "Max": max,
    "Avg": statistics.fmean,
    "Count": len,
    "StdDev": lambda values: statistics.stdev(values) if len(values) > 1 else 0.0,
    "Last": lambda values: values[-1],
}


class Query(NamedTuple):
    """One MetricQuery. ``start`` and ``end`` are steps or instants, both inclusive."""

    arn: str
    metric_name: str
    statistic: str
    period: str
    x_axis: str
    start: int | None = None
    end: int | None = None


class Series(NamedTuple):
    """``x`` is steps, or milliseconds since the epoch at the start of each period."""

    x: list[int]
    values: list[float]
    is_truncated: bool = False


def read_series(cx: sqlite3.Connection, context: Context, query: Query) -> Series:
    """Return what a query asks for, in the order of x.

    If no point of the metric has a step (as in a job's log), points are numbered from 0, so that a
    chart by iteration shows every point of a short local job.

    Raises
    ------
    ServiceError
        If the ARN names nothing, or period and axis do not go together.
    """
    by_step = query.x_axis == "IterationNumber"
    if by_step != (query.period == "IterationNumber"):
        raise validation_error(
            f"Period {query.period} cannot be used with XAxisType {query.x_axis}."
        )
    groups: dict[int, list[float]] = {}
    for x, value in _points(cx, _component_ids(cx, context, query.arn), query, by_step):
        groups.setdefault(x, []).append(value)
    reduce = _STATISTICS[query.statistic]
    xs = sorted(groups)
    kept = xs[:MAX_VALUES]
    return Series(kept, [float(reduce(groups[x])) for x in kept], len(kept) < len(xs))


def _component_ids(cx: sqlite3.Connection, context: Context, arn: str) -> list[int]:
    """Return the trial component of an ARN, or those of a training job's."""
    resource_type, name = entities.split_arn(context, arn) or ("", "")
    if resource_type == TRIAL_COMPONENT.resource_type:
        return [entities.find(cx, context, TRIAL_COMPONENT, name)["id"]]
    rows = cx.execute("SELECT id FROM trial_component WHERE source_arn = :arn", {"arn": arn})
    found = [row["id"] for row in rows]
    if not found:
        raise validation_error(f"Resource '{arn}' does not exist.")
    return found


def _points(
    cx: sqlite3.Connection, component_ids: list[int], query: Query, by_step: bool
) -> list[tuple[int, float]]:
    """Return x and value of every point within the bounds, oldest first."""
    marks = ", ".join("?" * len(component_ids))
    rows = cx.execute(
        f"""
        SELECT p.step, p.number, p.time, p.value
        FROM metric AS m JOIN metric_point AS p ON p.metric_id = m.id
        WHERE m.trial_component_id IN ({marks}) AND m.name = ?
        ORDER BY p.time, m.id, p.number
        """,  # noqa: S608 - question marks alone are put into it
        [*component_ids, query.metric_name],
    ).fetchall()
    if by_step:
        has_steps = any(step is not None for step, _, _, _ in rows)
        points = [
            (step if has_steps else number - 1, value)
            for step, number, _, value in rows
            if not has_steps or step is not None
        ]
        start, end = query.start, query.end
    else:
        length = PERIOD_MS[query.period]
        points = [(time - time % length, value) for _, _, time, value in rows]
        start, end = _as_ms(query.start), _as_ms(query.end)
        start = start - start % length if start is not None else None
    return [
        (x, value)
        for x, value in points
        if (start is None or x >= start) and (end is None or x <= end)
    ]


def _as_ms(instant: int | None) -> int | None:
    """Return milliseconds; the unit is not documented, so small numbers are taken as seconds."""
    if instant is None or instant > 10**11:
        return instant
    return instant * 1000
