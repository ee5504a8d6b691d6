"""The distinct values of a column, with how many rows have each: what a filter can offer."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from smx_lab.core.rows import Cell
from smx_lab.core.table.columns.numbers import is_logged_nan
from smx_lab.core.table.columns.text import NO_TEXT, number_text, order_key
from smx_lab.core.table.query.fields import Field, NumberField, TextField

if TYPE_CHECKING:
    from smx_lab.core.table.query.fields import Indices


class Distinct(NamedTuple):
    """Values with the number of rows that have them, in the column's own order.

    ``distinct`` counts all values that were looked for, also those beyond the limit; ``empty`` the
    rows without a value.
    """

    values: list[tuple[Cell, int]]
    distinct: int
    empty: int


def distinct_values(field: Field | None, rows: Indices, contains: str, limit: int) -> Distinct:
    """Count the values of some rows; beyond ``limit``, those that most rows have.

    With ``contains``, only values whose text holds it, in whatever case.
    """
    if field is None:
        return Distinct([], 0, len(rows))
    counted = _texts(field, rows) if isinstance(field, TextField) else _numbers(field, rows)
    empty = len(rows) - sum(counted.values())
    part = contains.casefold()
    found = [(value, count) for value, count in counted.items() if part in _text(value).casefold()]
    kept = found
    if len(found) > limit:
        kept = sorted(found, key=lambda pair: -pair[1])[:limit]
    if isinstance(field, TextField):
        kept = sorted(kept, key=lambda pair: order_key(str(pair[0])))
    else:
        kept = sorted(kept, key=lambda pair: _rank(pair[0]))
    return Distinct(kept, len(found), empty)


def _texts(field: TextField, rows: Indices) -> dict[Cell, int]:
    codes = field.codes[rows]
    found, counts = np.unique(codes[codes != NO_TEXT], return_counts=True)
    counted: dict[Cell, int] = {}
    # Texts that show alike, such as sgd with and without JSON's quotes, are one value here.
    for code, count in zip(found.tolist(), counts.tolist(), strict=True):
        text = field.categories.shown[code]
        counted[text] = counted.get(text, 0) + count
    return counted


def _numbers(field: NumberField, rows: Indices) -> dict[Cell, int]:
    numbers = field.numbers()[rows]
    # A zero is a zero: -0.0 becomes 0.0.
    found, counts = np.unique(numbers[~np.isnan(numbers)] + 0.0, return_counts=True)
    counted: dict[Cell, int] = {
        value if np.isfinite(value) else number_text(value): count
        for value, count in zip(found.tolist(), counts.tolist(), strict=True)
    }
    logged_nan = int(is_logged_nan(numbers).sum())
    if logged_nan:
        counted["NaN"] = logged_nan
    return counted


def _text(value: Cell) -> str:
    return value if isinstance(value, str) else number_text(float(value or 0))


def _rank(value: Cell) -> tuple[bool, float]:
    """Return a number's place; infinities are texts here, and NaN is behind everything."""
    number = float(value or 0)
    return number != number, number
