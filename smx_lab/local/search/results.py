"""What a search has found beyond its page, kept for the next ones while nothing is written.

A page costs what finding costs, nearly whether it has a hundred records or some thousands; so more
than the page is found, and whoever turns it is answered from here.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from dataclasses import dataclass
from typing import NamedTuple

AHEAD = 16
"""Pages that are found at once where it costs little more than one. Our choice."""

KEPT_SEARCHES, KEPT_ROWS = 8, 20_000
"""What is kept at most: so many searches, each of so many records, together some 15 MB. Our
choice."""

Key = tuple[str, str]
"""The database's path, and the search without its page."""


class Hit(NamedTuple):
    """A record that was found, and where it stands: its value of the sort property, if any."""

    has_value: bool
    value: float | str | None
    id: int


@dataclass(frozen=True)
class _Kept:
    version: int
    hits: list[Hit]
    is_last: bool
    places: dict[int, int]


class Results:
    """The searches of late and what they found. Its methods may be called from any thread."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._kept: OrderedDict[Key, _Kept] = OrderedDict()

    def behind(self, key: Key, version: int, after: Hit, limit: int) -> list[Hit] | None:
        """Return the hits behind one: more than ``limit``, or all; None where that is not known."""
        with self._lock:
            kept = self._kept.get(key)
        if kept is None or kept.version != version:
            return None
        place = kept.places.get(after.id)
        if place is None or kept.hits[place] != after:
            return None
        hits = kept.hits[place + 1 : place + 2 + limit]
        return hits if len(hits) > limit or kept.is_last else None

    def keep(self, key: Key, version: int, hits: list[Hit], *, is_last: bool) -> None:
        """Keep hits in a row in place of those of before."""
        if len(hits) > KEPT_ROWS:
            return
        kept = _Kept(version, hits, is_last, {hit.id: at for at, hit in enumerate(hits)})
        with self._lock:
            self._kept[key] = kept
            self._kept.move_to_end(key)
            if len(self._kept) > KEPT_SEARCHES:
                self._kept.popitem(last=False)


results = Results()
