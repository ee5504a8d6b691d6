"""Metrics at the step where another one is at its best, so that all numbers are of one epoch.

SageMaker's summaries do not tell the step of an extreme, so these values come from the logged
series. Whoever reads those asks here what is due, and settles it.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Literal, NamedTuple

import numpy as np

from smx_lab.core.table.columns.numbers import NumberArray
from smx_lab.core.views.view import BestStep

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Mask = NDArray[np.bool_]
    Slots = NDArray[np.intp]

MAX_COLUMNS = 16
"""Columns kept for a table; more than a few are on no screen. Our choice."""

BestKey = tuple[str, BestStep]
"""The name of the metric that is shown, and the step at which it is."""


class Series(NamedTuple):
    """One metric as it was logged: steps, or instants, and the value at each."""

    x: Sequence[int]
    values: Sequence[float]


def best_x(series: Series, goal: Literal["Max", "Min"]) -> int | None:
    """Where a series is at its maximum or minimum, first of all; None without a number."""
    values = np.asarray(series.values, np.float64)
    numbers = ~np.isnan(values)
    if not numbers.any():
        return None
    best = np.nanmax(values) if goal == "Max" else np.nanmin(values)
    return int(np.asarray(series.x, np.int64)[values == best].min())


def value_at(series: Series, x: int | None) -> float | None:
    """Return the value of a series at one place; None where nothing was logged."""
    if x is None:
        return None
    found = np.flatnonzero(np.asarray(series.x, np.int64) == x)
    return float(series.values[int(found[-1])]) if found.size else None


def value_at_best(metric: Series, other: Series, goal: Literal["Max", "Min"]) -> float | None:
    """Return the value of a metric at the first step where another one is at its best."""
    return value_at(metric, best_x(other, goal))


class BestStepColumn:
    """One metric at the best step of another, by slot of the table."""

    def __init__(self, capacity: int) -> None:
        self.numbers = NumberArray(capacity)
        self.due: Mask = np.ones(capacity, np.bool_)
        """Slots whose value has not been worked out since their component changed."""
        self.known: Mask = np.zeros(capacity, np.bool_)
        """Slots whose value, or that there is none, is known. It may be due again."""

    def grow(self, capacity: int) -> None:
        """Make room for more slots."""
        more = capacity - len(self.due)
        self.numbers.slots.grow(capacity)
        self.due = np.append(self.due, np.ones(more, np.bool_))
        self.known = np.append(self.known, np.zeros(more, np.bool_))

    def shrink(self, capacity: int) -> None:
        """Take no more room than so many slots need."""
        self.numbers.slots.settle(capacity)
        self.due, self.known = self.due[:capacity].copy(), self.known[:capacity].copy()

    def forget(self, slot: int) -> None:
        """Note that the slot belongs to another component now."""
        self.due[slot], self.known[slot] = True, False
        if self.numbers.has(slot):
            self.numbers.clear(slot)

    def settle(self, slots: Sequence[int], values: Sequence[float | None]) -> None:
        """Put in what was worked out; None where there is no value."""
        for slot in slots:
            if self.numbers.has(slot):
                self.numbers.clear(slot)
        places = np.array(slots, np.intp)
        self.numbers.write(places, np.array(values, np.float64), values)
        self.due[places], self.known[places] = False, True


class BestSteps:
    """The columns of this kind that a table has been asked for."""

    def __init__(self) -> None:
        self._columns: OrderedDict[BestKey, BestStepColumn] = OrderedDict()

    def column(self, metric_name: str, at: BestStep, capacity: int) -> BestStepColumn:
        """Return the column of a metric at a step; a new one has everything due."""
        key = (metric_name, at)
        column = self._columns.get(key)
        if column is None:
            column = self._columns[key] = BestStepColumn(capacity)
            if len(self._columns) > MAX_COLUMNS:
                self._columns.popitem(last=False)
        self._columns.move_to_end(key)
        return column

    def items(self) -> Iterable[tuple[BestKey, BestStepColumn]]:
        """Return all columns, the one asked for last first."""
        return list(reversed(self._columns.items()))

    def grow(self, capacity: int) -> None:
        """Make room for more slots."""
        for column in self._columns.values():
            column.grow(capacity)

    def settle(self, capacity: int) -> None:
        """Take no more room than so many slots need."""
        for column in self._columns.values():
            column.shrink(capacity)

    def forget(self, slot: int) -> None:
        """Note that the slot belongs to another component now."""
        for column in self._columns.values():
            column.forget(slot)

    def outdate(self, slot: int) -> None:
        """Note that the slot's component has changed; its value stays until it is read again."""
        for column in self._columns.values():
            column.due[slot] = True
