"""What a view names by a column id, found in a table: numbers or texts for each row."""

from __future__ import annotations

from typing import TYPE_CHECKING, get_args

import numpy as np

from smx_lab.core.errors import InvalidRequest
from smx_lab.core.rows import Cell
from smx_lab.core.statistics import Statistic
from smx_lab.core.table.columns.best import BestStepColumn
from smx_lab.core.table.columns.columns import (
    MetricColumn,
    NumberColumn,
    ParameterColumn,
    TextColumn,
)
from smx_lab.core.table.columns.numbers import NumberArray, is_logged_nan, present
from smx_lab.core.table.columns.text import NO_TEXT, Categories, number_text
from smx_lab.core.table.store import Table
from smx_lab.core.views.view import BestStep, CellType, ColumnKind, View

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Numbers = NDArray[np.float64]
    Codes = NDArray[np.int32]
    Mask = NDArray[np.bool_]
    Indices = NDArray[np.intp]


class NumberField:
    """A column of numbers, times or durations. ``slots`` maps rows to places in the array."""

    def __init__(self, cell_type: CellType, array: NumberArray, slots: Codes | Indices) -> None:
        self.type = cell_type
        self._array = array
        self._slots = slots

    def numbers(self) -> Numbers:
        """Each row's number; NaN where there is none."""
        return self._array.take(self._slots)

    @property
    def has_logged_nan(self) -> bool:
        """Whether a NaN among the numbers may be a value."""
        return self._array.has_logged_nan

    def at(self, rows: Indices) -> Numbers:
        """The numbers of some rows; NaN where there is none."""
        return self._array.take(self._slots[rows])

    def present(self) -> Mask:
        """Which rows have a value."""
        return present(self.numbers(), self._array.has_logged_nan)

    def order(self, rows: Indices, descending: bool) -> Indices:
        """The rows in the order of their values, equal ones as they were, blanks last."""
        numbers = self._array.take(self._slots[rows])
        ordered = np.argsort(-numbers if descending else numbers, kind="stable")
        if self._array.has_logged_nan:
            # NumPy puts every NaN last, which is right for both; the logged ones come first there.
            blank = ~present(numbers[ordered], True)
            ordered = np.concatenate([ordered[~blank], ordered[blank]])
        return rows[ordered]

    def cells(self, rows: Indices) -> list[Cell]:
        """The values of some rows: numbers; a NaN or an infinity as text, since JSON has none."""
        numbers = self._array.take(self._slots[rows])
        if self.type == "time":
            return [None if value != value else int(value) for value in numbers.tolist()]
        finite = np.isfinite(numbers)
        cells: list[Cell] = numbers.tolist()
        if not finite.all():
            logged = is_logged_nan(numbers) | np.isinf(numbers)
            for at in np.flatnonzero(~finite).tolist():
                cells[at] = number_text(float(numbers[at])) if logged[at] else None
        return cells

    def decimals(self) -> int | None:
        """How many decimals the column shows; None for times, durations, scientific notation."""
        return self._array.decimals() if self.type == "number" else None


class BestStepField(NumberField):
    """A metric at the best step of another; some values may still be on their way."""

    def __init__(self, column: BestStepColumn, logged: Mask, slots: Codes) -> None:
        """``logged``: by slot, whether the component has both metrics."""
        super().__init__("number", column.numbers, slots)
        self._column = column
        self._logged = logged

    def pending(self, rows: Indices) -> Mask:
        """Which of some rows have a value that is not known yet."""
        slots = self._slots[rows]
        return np.asarray(self._logged[slots] & ~self._column.known[slots])


class TextField:
    """A column of texts. ``codes`` holds a code for each row."""

    type: CellType = "text"

    def __init__(self, codes: Codes, categories: Categories) -> None:
        self.codes = codes
        self.categories = categories

    def present(self) -> Mask:
        """Which rows have a value."""
        return np.asarray(self.codes != NO_TEXT)

    def order(self, rows: Indices, descending: bool) -> Indices:
        """The rows in the order of their texts, equal ones as they were, blanks last."""
        ranks = self.categories.ranks()
        if descending:
            ranks = np.append(-ranks[:-1], ranks[-1])
        return rows[np.argsort(ranks[self.codes[rows]], kind="stable")]

    def cells(self, rows: Indices) -> list[Cell]:
        """The texts of some rows, as they are shown."""
        return list(self.categories.at(self.codes[rows]))

    def decimals(self) -> int | None:
        """None: texts have no decimals."""
        return None


Field = NumberField | TextField


def find_field(
    table: Table, column_id: str, statistic: Statistic, at: BestStep | None = None
) -> Field | None:
    """The field that a column id names; None if no row has such a column.

    A column may come or go with the rows, so a view that names it stays valid. With ``at`` it is
    the metric's value at that step.

    Raises
    ------
    InvalidRequest
        If the id is not made of a kind, a colon and a name, or a step is asked of no metric.
    """
    kind, name = _split(column_id)
    if at is not None:
        return _best_step(table, column_id, at)
    pairs = table.pairs
    if kind != "summary":
        store = table.by_kind[kind].get(name)
    elif name == "Experiment":
        return TextField(pairs.experiment_codes, pairs.experiments)
    elif name == "Trial":
        return TextField(pairs.trial_codes, pairs.trials)
    else:
        store = table.summary.get(name)
    if isinstance(store, MetricColumn):
        return NumberField("number", store.statistics[statistic], pairs.slots)
    if isinstance(store, NumberColumn) or (
        isinstance(store, ParameterColumn) and store.type == "number"
    ):
        return NumberField(store.type, store.numbers, pairs.slots)
    if isinstance(store, TextColumn | ParameterColumn):
        return TextField(store.codes_at(pairs.slots), store.categories)
    return None


def logged_at(table: Table, column_id: str, at: BestStep) -> Mask | None:
    """Which slots have both metrics; None if no row has one of them."""
    for metric_id in (column_id, at.metric):
        if _split(metric_id)[0] != "metric":
            raise InvalidRequest(
                f"“{metric_id}” is no metric, so nothing was logged of it at a step.", field="at"
            )
    stores = [table.by_kind["metric"].get(_split(each)[1]) for each in (column_id, at.metric)]
    one, other = stores
    if not isinstance(one, MetricColumn) or not isinstance(other, MetricColumn):
        return None
    return np.asarray(one.present() & other.present())


def _best_step(table: Table, column_id: str, at: BestStep) -> BestStepField | None:
    logged = logged_at(table, column_id, at)
    if logged is None:
        return None
    column = table.best.column(_split(column_id)[1], at, table.capacity)
    return BestStepField(column, logged, table.pairs.slots)


def _split(column_id: str) -> tuple[ColumnKind, str]:
    kind, colon, name = column_id.partition(":")
    if not colon or kind not in get_args(ColumnKind):
        raise InvalidRequest(
            f"“{column_id}” is no column: an id is a kind, a colon and a name, such as "
            "metric:loss.",
            field="column",
        )
    return kind, name  # type: ignore[return-value]


def statistic_of(view: View, column_id: str, statistic: Statistic | None) -> Statistic:
    """What a sort or filter means: the statistic given, or what the first such column shows."""
    if statistic is not None:
        return statistic
    shown = next((shown for shown in view.columns if shown.column == column_id), None)
    return (shown.statistic if shown else None) or view.default_statistic
