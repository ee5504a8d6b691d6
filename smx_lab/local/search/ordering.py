"""Records in the order of a property that lies in a side table, read a block at a time.

The block that was read last is kept for each order while nothing is written, so that the next pages
cost no second walk over all values.
"""

from __future__ import annotations

import sqlite3
import threading
from collections import OrderedDict
from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple

from smx_lab.local.search.properties import Parameters, Property

FIRST_BLOCK, BLOCK_GROWTH = 16, 4
"""Pages' worth of records in the first block, and how many times as many are in the next. Our
choice."""

FIRST_LOOK = 4
"""Pages' worth of a block that are handed out first: mostly they are enough. Our choice."""

KEPT_BLOCKS, KEPT_ROWS = 8, 10_000
"""What is kept at most: so many orders, none of them longer, together some 10 MB. Our choice."""


class Row(NamedTuple):
    """A record, and its value of the property."""

    id: int
    value: float | str


@dataclass(frozen=True)
class _Kept:
    version: int
    rows: list[Row]
    is_last: bool


class Kept:
    """The blocks read last, by order. Its methods may be called from any thread."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._blocks: OrderedDict[tuple[object, ...], _Kept] = OrderedDict()

    def behind(
        self, key: tuple[object, ...], version: int, after: Row | None
    ) -> tuple[list[Row], bool]:
        """Return the rows behind a position that are known, and whether there are no more."""
        with self._lock:
            kept = self._blocks.get(key)
        if kept is None or kept.version != version:
            return [], False
        if after is None:
            return [], False  # where the block begins is not known
        try:
            return kept.rows[kept.rows.index(after) + 1 :], kept.is_last
        except ValueError:
            return [], False

    def keep(
        self, key: tuple[object, ...], version: int, rows: list[Row], *, is_last: bool
    ) -> None:
        """Keep a block in place of the one before."""
        if len(rows) > KEPT_ROWS:
            return
        with self._lock:
            self._blocks[key] = _Kept(version, rows, is_last)
            self._blocks.move_to_end(key)
            if len(self._blocks) > KEPT_BLOCKS:
                self._blocks.popitem(last=False)


_kept = Kept()


@dataclass(frozen=True)
class Order:
    """One order of the records of one resource.

    Parameters
    ----------
    key : tuple
        What tells it from other orders: resource, property and its spelling, direction, database.
    version : int
        How many commits the database had before the present snapshot was taken.
    """

    key: tuple[object, ...]
    version: int
    sort: Property
    descending: bool
    parameters: Parameters

    def blocks(self, cx: sqlite3.Connection, after: Row | None, page: int) -> Iterator[list[Row]]:
        """Yield the records behind a position; the caller ends it when it has enough."""
        rows, is_last = _kept.behind(self.key, self.version, after)
        if rows:
            yield from _in_looks(rows, page)
            after = rows[-1]
        size = FIRST_BLOCK * page
        while not is_last:
            rows = self.read(cx, after, size)
            is_last = len(rows) < size
            _kept.keep(self.key, self.version, rows, is_last=is_last)
            yield from _in_looks(rows, page)
            after, size = rows[-1] if rows else None, size * BLOCK_GROWTH

    def read(self, cx: sqlite3.Connection, after: Row | None, limit: int) -> list[Row]:
        """Return the first records behind a position."""
        value = self.sort.value
        if value.kind != "any":
            return self._part(cx, value.sort, "TRUE", after, limit)
        # SQLite puts numbers before text, and has an index that begins with the numbers.
        parts = [(value.number, "TRUE", False), (value.text, f"{value.number} IS NULL", True)]
        found: list[Row] = []
        for expression, condition, is_text in reversed(parts) if self.descending else parts:
            if after is not None and is_text != isinstance(after.value, str):
                if is_text == self.descending:
                    continue  # all of this part lies before the position
                found += self._part(cx, expression, condition, None, limit - len(found))
            else:
                found += self._part(cx, expression, condition, after, limit - len(found))
            if len(found) >= limit:
                break
        return found

    def _part(
        self, cx: sqlite3.Connection, value: str, condition: str, after: Row | None, limit: int
    ) -> list[Row]:
        parameters, owner = Parameters(self.parameters), self.sort.owner
        conditions = [condition, f"{value} IS NOT NULL"]
        order, sign = ("DESC", "<") if self.descending else ("ASC", ">")
        if after is not None:
            position = f"({parameters.add(after.value)}, {parameters.add(after.id)})"
            conditions.append(f"({value}, {owner}) {sign} {position}")
        sql = (
            f"SELECT {owner}, {value} {self.sort.source}\n"
            f"AND {' AND '.join(conditions)}\n"
            f"ORDER BY {value} {order}, {owner} {order} LIMIT {parameters.add(limit)}"
        )
        return [Row(row[0], row[1]) for row in cx.execute(sql, parameters)]


def _in_looks(rows: list[Row], page: int) -> Iterator[list[Row]]:
    for part in (rows[: FIRST_LOOK * page], rows[FIRST_LOOK * page :]):
        if part:
            yield part
