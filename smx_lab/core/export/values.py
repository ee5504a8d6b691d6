"""The values of a column as other programs read them again: exact, without our four digits."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from smx_lab.core.rows import Cell
from smx_lab.core.table import Snapshot, Values

CELLS_AT_ONCE = 50_000
"""How many cells a chunk has: some ten milliseconds of work, a few megabytes. A choice."""


def stretches(snapshot: Snapshot) -> Iterator[tuple[int, int]]:
    """Yield the rows in steps that cost about the same: the first row, and the one behind."""
    step = max(1, CELLS_AT_ONCE // max(1, len(snapshot.columns)))
    for first in range(0, len(snapshot), step):
        yield first, min(first + step, len(snapshot))


def values(column: Values, first: int, last: int) -> list[Cell]:
    """Return the cells of some rows: times as ISO 8601 in UTC, durations in seconds.

    Numbers are Python's own; NaN and the infinities are text, since JSON has none.
    """
    cells = column.cells(first, last)
    if column.type == "time":
        return _times(cells)
    if column.type == "duration":
        return [_seconds(cell) for cell in cells]
    return cells


def texts(column: Values, first: int, last: int) -> list[str | None]:
    """Return the same as texts; numbers in the shortest form that gives the same number again."""
    found = values(column, first, last)
    if column.type == "text":
        return found  # type: ignore[return-value]
    return [cell if cell is None or isinstance(cell, str) else repr(cell) for cell in found]


def _times(cells: list[Cell]) -> list[Cell]:
    instants = np.array([0 if cell is None else cell for cell in cells], "datetime64[ms]")
    written = np.datetime_as_string(instants, unit="ms").tolist()
    return [None if cell is None else f"{text}Z" for cell, text in zip(cells, written, strict=True)]


def _seconds(cell: Cell) -> Cell:
    if not isinstance(cell, float | int):
        return cell
    seconds = cell / 1000
    return int(seconds) if seconds == int(seconds) else seconds
