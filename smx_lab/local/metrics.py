"""Metrics of trial components: points kept one by one, their six statistics kept up to date.

A value that has no place in an order, or no statistics a double can hold, is refused: JSON has
neither NaN nor infinity. ``std_dev`` divides by n - 1, as the log of a recorded job shows; one
point gives 0.0, our choice.
"""

from __future__ import annotations

import math
import sqlite3
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, fields
from typing import Any, NamedTuple

from smx_lab.local.operations import entities
from smx_lab.local.operations.entities import TRIAL_COMPONENT
from smx_lab.local.operations.registry import Context

_SUMMARY = {
    "Max": "max",
    "Min": "min",
    "Last": "last",
    "Count": "count",
    "Avg": "avg",
    "StdDev": "std_dev",
    "TimeStamp": "last_time",
}


MAX_VALUE = 1e150
"""Largest absolute value of a point: its square, times many, is still a double. Our choice."""


class MetricPoint(NamedTuple):
    """One value of one metric, `is_storable`. ``time`` is in milliseconds since the epoch."""

    name: str
    time: int
    value: float
    step: int | None = None


def is_storable(value: float) -> bool:
    """Tell whether a value has a place in an order and finite statistics (no NaN, no infinity)."""
    return abs(value) <= MAX_VALUE


def put_metrics(
    cx: sqlite3.Connection,
    context: Context,
    trial_component_name: str,
    points: Iterable[MetricPoint],
    *,
    source_arn: str | None = None,
) -> None:
    """Add points to a trial component, oldest first, and move its LastModifiedTime.

    ``source_arn`` is the job the points come from, None for a client's own. Raises ServiceError
    (ResourceNotFound), ValueError for a value that is not storable.
    """
    component = entities.find(cx, context, TRIAL_COMPONENT, trial_component_name)
    by_name: dict[str, list[MetricPoint]] = {}
    for point in points:
        if not is_storable(point.value):
            raise ValueError(f"{point.name} is {point.value}")
        by_name.setdefault(point.name, []).append(point)
    for name, series in by_name.items():
        _append(cx, component["id"], name, series, source_arn)
    if by_name:
        entities.touch(cx, context, TRIAL_COMPONENT, component["id"])


def summaries(
    cx: sqlite3.Connection, component_ids: Sequence[int]
) -> dict[int, list[dict[str, Any]]]:
    """Return TrialComponentMetricSummary dicts by trial component, sorted by name.

    ``SourceArn`` is None for points of no job: the caller knows the component's own ARN.
    """
    marks = ", ".join("?" * len(component_ids))
    rows = cx.execute(
        f"""
        SELECT trial_component_id, name, source_arn, {", ".join(_SUMMARY.values())}
        FROM metric WHERE trial_component_id IN ({marks})
        ORDER BY trial_component_id, name
        """,  # noqa: S608 - columns from above and question marks
        component_ids,
    )
    found: dict[int, list[dict[str, Any]]] = {number: [] for number in component_ids}
    for component_id, name, source_arn, *statistics in rows:
        summary = {"MetricName": name, "SourceArn": source_arn}
        summary.update(zip(_SUMMARY, statistics, strict=True))
        found[component_id].append(summary)
    return found


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
        """Take in one more point."""
        # Neumaier's sum keeps what each addition rounds off, so that avg is fmean of the points.
        total = self.total + value
        large, small = (self.total, value) if abs(self.total) >= abs(value) else (value, self.total)
        self.total_error += (large - total) + small
        self.total = total
        self.count += 1
        distance = value - self.avg
        self.min, self.max = min(self.min, value), max(self.max, value)
        # A division may round the mean of equal values to a hair beside them.
        mean = (self.total + self.total_error) / self.count
        self.avg = min(max(mean, self.min), self.max)
        self.m2 += distance * (value - self.avg)
        self.std_dev = math.sqrt(self.m2 / (self.count - 1)) if self.count > 1 else 0.0
        # The last is the latest, not the last to arrive; of one instant, the last to arrive.
        if time >= self.last_time:
            self.last, self.last_time = value, time


_COLUMNS = tuple(field.name for field in fields(_Statistics))


def _append(
    cx: sqlite3.Connection,
    component_id: int,
    name: str,
    series: list[MetricPoint],
    source_arn: str | None,
) -> None:
    """Add points of one metric, and carry its statistics on."""
    row = cx.execute(
        f"""
        SELECT id, source_arn, {", ".join(_COLUMNS)} FROM metric
        WHERE trial_component_id = ? AND name = ?
        """,  # noqa: S608 - the columns of the class above
        (component_id, name),
    ).fetchone()
    statistics = _Statistics(*row[2:]) if row else _Statistics()
    first_number = statistics.count + 1
    for point in series:
        statistics.add(point.time, point.value)
    new = {**vars(statistics), "source_arn": source_arn or (row["source_arn"] if row else None)}
    if row:
        metric_id = row["id"]
        assignments = ", ".join(f"{column} = :{column}" for column in new)
        cx.execute(
            f"UPDATE metric SET {assignments} WHERE id = :id",  # noqa: S608
            {**new, "id": metric_id},
        )
    else:
        new.update(trial_component_id=component_id, name=name)
        marks = ", ".join(f":{column}" for column in new)
        metric_id = cx.execute(
            f"INSERT INTO metric ({', '.join(new)}) VALUES ({marks})",  # noqa: S608
            new,
        ).lastrowid
    cx.executemany(
        "INSERT INTO metric_point (metric_id, number, time, step, value) VALUES (?, ?, ?, ?, ?)",
        [
            (metric_id, number, point.time, point.step, point.value)
            for number, point in enumerate(series, first_number)
        ],
    )
