"""Which columns tell the rows of a view apart, and how far their numbers reach."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from smx_lab.core.rows import Extent
from smx_lab.core.statistics import Statistic
from smx_lab.core.table.columns.numbers import is_logged_nan, present
from smx_lab.core.table.columns.text import NO_TEXT
from smx_lab.core.table.query.fields import Field, NumberField, TextField, find_field
from smx_lab.core.table.store import Table

if TYPE_CHECKING:
    from smx_lab.core.table.query.fields import Indices, Mask


class Differences:
    """Compares some rows, column by column. Ask under the table's lock."""

    def __init__(self, table: Table, rows: Indices) -> None:
        self._table = table
        self._rows = rows
        field = find_field(table, "summary:Type", "Last")
        assert isinstance(field, TextField)
        self._types = field.codes[rows] + 1
        self._of_type = np.bincount(self._types)

    def differ(self, column: str, statistic: Statistic) -> bool:
        """Whether a column has different values in the rows.

        To have none differs from having one only between rows of the same type: a preprocessing
        step has no batch size, and that tells nothing about the training jobs beside it.
        """
        table = self._table
        field = find_field(table, column, statistic)
        if column == "summary:Trial component":
            # Several may show the same display name: their real names tell them apart.
            field = TextField(table.names.codes_at(table.pairs.slots), table.names.categories)
        if field is None or not len(self._rows):
            return False
        if isinstance(field, NumberField):
            there, different = _numbers(field, self._rows)
        else:
            there, different = _texts(field, self._rows)
        return different or self._is_partly(there)

    def _is_partly(self, there: Mask) -> bool:
        if there.all() or not there.any():
            return False
        counts = np.bincount(self._types[there], minlength=len(self._of_type))
        return bool(((counts > 0) & (counts < self._of_type)).any())


def _numbers(field: NumberField, rows: Indices) -> tuple[Mask, bool]:
    numbers = field.at(rows)
    there = present(numbers, field.has_logged_nan)
    lowest, highest = np.fmin.reduce(numbers), np.fmax.reduce(numbers)
    different = bool(lowest < highest)
    if field.has_logged_nan and not different:
        odd = is_logged_nan(numbers)
        different = bool(odd.any() and (there & ~odd).any())
    return there, different


def _texts(field: TextField, rows: Indices) -> tuple[Mask, bool]:
    codes = field.codes[rows]
    there = codes != NO_TEXT
    texts = field.categories.alike()[codes[there]]
    return there, bool(texts.size and (texts != texts[0]).any())


def extent(field: Field | None, rows: Indices) -> Extent | None:
    """The lowest and highest number of some rows; None without any. What is not finite is none."""
    if not isinstance(field, NumberField):
        return None
    numbers = field.at(rows)
    if not np.isfinite(lowest := np.fmin.reduce(numbers, initial=np.nan)) or not np.isfinite(
        highest := np.fmax.reduce(numbers, initial=np.nan)
    ):
        numbers = numbers[np.isfinite(numbers)]
        if not numbers.size:
            return None
        lowest, highest = numbers.min(), numbers.max()
    return Extent(lowest=float(lowest), highest=float(highest))
