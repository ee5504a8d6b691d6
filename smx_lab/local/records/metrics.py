"""Metrics of trial components: every point, and the six statistics of each metric.

NaN, infinity and values whose statistics a double cannot hold are refused: JSON has neither NaN nor
infinity. ``std_dev`` divides by n - 1, as the log of a recorded job shows; one
point gives 0.0, our choice.
"""

from __future__ import annotations

import math
import sqlite3
from collections.abc import Iterable
from dataclasses import dataclass, fields
from typing import NamedTuple

import msgspec

from smx_lab.local.context import Context
from smx_lab.local.records import entities, metric_search
from smx_lab.local.records.entities import TRIAL_COMPONENT


class _Summary(msgspec.Struct, gc=False):
    """A TrialComponentMetricSummary, as it is encoded."""

    MetricName: str
    SourceArn: str
    Max: float
    Min: float
    Last: float
    Count: int
    Avg: float
    StdDev: float
    TimeStamp: float


_SUMMARIES = """
    SELECT name, coalesce(source_arn, ?), max, min, last, count, avg, std_dev, last_time / 1000.0
    FROM metric WHERE trial_component_id = ? ORDER BY name
    """

MAX_VALUE = 1e150
"""Largest absolute value of a point, so that sums of its square are doubles too. Our choice."""


class MetricPoint(NamedTuple):
    """One value of one metric, `is_storable`. ``time`` is in milliseconds since the epoch."""

    name: str
    time: int
    value: float
    step: int | None = None


def is_storable(value: float) -> bool:
    """Return whether a value can be ordered and has finite statistics (no NaN, no infinity)."""
    return abs(value) <= MAX_VALUE


def put_metrics(
    cx: sqlite3.Connection,
    context: Context,
    trial_component_name: str,
    points: Iterable[MetricPoint],
    *,
    source_arn: str | None = None,
) -> None:
    """Add points to a trial component, oldest first, and update its LastModifiedTime.

    ``source_arn`` is the job the points come from, None for a client's own. Raises ServiceError
    (ResourceNotFound), ValueError for a value that is not storable.
    """
    component_id = entities.find_id(cx, context, TRIAL_COMPONENT, trial_component_name)
    by_name: dict[str, list[MetricPoint]] = {}
    for point in points:
        if not is_storable(point.value):
            raise ValueError(f"{point.name} is {point.value}")
        by_name.setdefault(point.name, []).append(point)
    if by_name:
        _append(cx, component_id, by_name, source_arn)
        metric_search.note(cx, context, component_id)
        entities.touch(cx, context, TRIAL_COMPONENT, component_id)


def summaries(cx: sqlite3.Connection, component_id: int, source_arn: str) -> msgspec.Raw:
    """Return all metrics of a trial component, sorted by name, as JSON.

    ``source_arn`` is used for points without a job. A page of Search has thousands of metrics, so
    rows are encoded directly, without dicts.
    """
    rows = cx.execute(_SUMMARIES, (source_arn, component_id))
    rows.row_factory = None
    return msgspec.Raw(msgspec.json.encode([_Summary(*row) for row in rows]))


@dataclass
class _Statistics:
    """The running statistics of one metric, under the names of their columns."""

    last: float = 0.0
    max: float = -math.inf
    min: float = math.inf
    avg: float = 0.0
    std_dev: float = 0.0
    count: int = 0
    total: float = 0.0
    total_error: float = 0.0
    m2: float = 0.0
    last_time: int = -(2**62)

    def add(self, time: int, value: float) -> None:
        """Add one more point."""
        # Neumaier's sum keeps what each addition rounds off, so that avg is fmean of the points.
        before = self.total
        self.total = total = before + value
        large, small = (before, value) if abs(before) >= abs(value) else (value, before)
        self.total_error += (large - total) + small
        self.count += 1
        if value < self.min:
            self.min = value
        if value > self.max:
            self.max = value
        distance = value - self.avg
        # A division may round the mean of equal values to a hair beside them.
        mean = (total + self.total_error) / self.count
        self.avg = mean = min(max(mean, self.min), self.max)
        self.m2 += distance * (value - mean)
        self.std_dev = math.sqrt(self.m2 / (self.count - 1)) if self.count > 1 else 0.0
        # The last is the latest, not the last to arrive; of one instant, the last to arrive.
        if time >= self.last_time:
            self.last, self.last_time = value, time

    def values(self) -> tuple[float, ...]:
        """Return what the columns hold."""
        return tuple(vars(self).values())


_COLUMNS = tuple(field.name for field in fields(_Statistics))
_SELECT = f"SELECT name, id, source_arn, {', '.join(_COLUMNS)} FROM metric"  # noqa: S608 - ours
_UPDATE = f"""
    UPDATE metric SET {", ".join(f"{column} = ?" for column in _COLUMNS)}, source_arn = ?
    WHERE id = ?
    """  # noqa: S608 - ours
_INSERT = f"""
    INSERT INTO metric ({", ".join(_COLUMNS)}, source_arn, trial_component_id, name)
    VALUES ({", ".join("?" * len(_COLUMNS))}, ?, ?, ?)
    """  # noqa: S608 - ours
_INSERT_POINT = """
    INSERT INTO metric_point (metric_id, number, time, step, value) VALUES (?, ?, ?, ?, ?)
    """


def _append(
    cx: sqlite3.Connection,
    component_id: int,
    by_name: dict[str, list[MetricPoint]],
    source_arn: str | None,
) -> None:
    """Add points to some metrics of a trial component, and update their statistics.

    One statement serves all metrics, since statements are most of the cost of a small write.
    """
    marks = ", ".join("?" * len(by_name))
    there = {
        row[0]: row
        for row in cx.execute(
            f"{_SELECT} WHERE trial_component_id = ? AND name IN ({marks})",
            (component_id, *by_name),
        )
    }
    changed, points = [], []
    for name, series in by_name.items():
        row = there.get(name)
        statistics = _Statistics(*row[3:]) if row else _Statistics()
        first_number = statistics.count + 1
        for _, time, value, _ in series:
            statistics.add(time, value)
        if row:
            metric_id: int = row[1]
            changed.append((*statistics.values(), source_arn or row[2], metric_id))
        else:
            new = (*statistics.values(), source_arn, component_id, name)
            metric_id = cx.execute(_INSERT, new).lastrowid or 0
        points += [
            (metric_id, number, time, step, value)
            for number, (_, time, value, step) in enumerate(series, first_number)
        ]
    cx.executemany(_UPDATE, changed)
    cx.executemany(_INSERT_POINT, points)
