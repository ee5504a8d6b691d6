"""Records in the order of a property that lies in a side table, read a block at a time.

The last block of each order is kept, so that the next pages need not read all values again; records
written since are read again (`refresh.py`).
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import msgspec

from smx_lab.local.search.limits import SearchLimits
from smx_lab.local.search.properties import Parameters, Property
from smx_lab.local.search.refresh import refresh
from smx_lab.local.search.results import Hit, Key, Known, Results

_kept = Results()


@dataclass(frozen=True)
class Order:
    """One order of the records of one resource.

    Parameters
    ----------
    key : tuple
        Identifies the order: resource, property and its spelling, direction, database.
    version : int
        The number of commits before the present snapshot was taken.
    changed_since : callable
        From a version to the ids of the records written since, None if that is not known.
    """

    key: Key
    version: int
    sort: Property
    descending: bool
    parameters: Parameters
    changed_since: Callable[[int], list[int] | None]
    limits: SearchLimits

    def blocks(self, cx: sqlite3.Connection, after: Hit | None, page: int) -> Iterator[list[Hit]]:
        """Yield blocks of records after a position; the caller stops when it has enough."""
        known = self._known(cx, after) if after else None
        if known and known.hits:
            yield from _split(known.hits, self.limits.first_look * page)
            after = known.hits[-1]
        size = self.limits.first_block * page
        is_last = known is not None and known.is_last
        while not is_last:
            rows = self.read(cx, after, size)
            is_last = len(rows) < size
            self._keep(Known(self.version, None, rows, is_last), after)
            yield from _split(rows, self.limits.first_look * page)
            after, size = rows[-1] if rows else None, size * self.limits.block_growth

    def _known(self, cx: sqlite3.Connection, after: Hit) -> Known | None:
        """Return the records read earlier after a position, as they are now; None if not known."""
        known = _kept.after(self.key, after)
        if known is None or known.version == self.version:
            return known
        changed = self.changed_since(known.version)
        if changed is None:
            return None
        again = self._read_again(cx, changed)
        known = refresh(known, after, set(changed), again, self.version, descending=self.descending)
        self._keep(known, after)
        return known

    def _keep(self, known: Known, after: Hit | None) -> None:
        _kept.keep(self.key, known._replace(hits=[after, *known.hits] if after else known.hits))

    def _read_again(self, cx: sqlite3.Connection, numbers: list[int]) -> list[Hit]:
        """Return those of the records with these ids that have the property."""
        parameters, owner, value = Parameters(self.parameters), self.sort.owner, self.sort.value
        mark = parameters.add(msgspec.json.encode(numbers).decode())
        sql = (
            f"SELECT {owner}, {value.sort} {self.sort.source}\n"  # noqa: S608 - no value is put in
            f"AND {owner} IN (SELECT value FROM json_each({mark})) AND {value.sort} IS NOT NULL"
        )
        return [Hit(True, row[1], row[0]) for row in cx.execute(sql, parameters)]

    def read(self, cx: sqlite3.Connection, after: Hit | None, limit: int) -> list[Hit]:
        """Return the first records after a position."""
        value = self.sort.value
        if value.kind != "any":
            return self._part(cx, value.sort, "TRUE", after, limit)
        # SQLite puts numbers before text, and has an index that begins with the numbers.
        parts = [(value.number, "TRUE", False), (value.text, f"{value.number} IS NULL", True)]
        found: list[Hit] = []
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
        self, cx: sqlite3.Connection, value: str, condition: str, after: Hit | None, limit: int
    ) -> list[Hit]:
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
        return [Hit(True, row[1], row[0]) for row in cx.execute(sql, parameters)]


def _split(rows: list[Hit], size: int) -> Iterator[list[Hit]]:
    """Yield parts of a block: the first of this size, each following twice as long."""
    start = 0
    while start < len(rows):
        yield rows[start : start + size]
        start, size = start + size, 2 * size
