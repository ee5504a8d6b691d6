"""The hits of recent searches beyond their page, kept for the next pages.

Finding some thousands of records costs hardly more than finding a hundred, so a search finds more
than its page, and the next pages are taken from here. Only records written since are looked at
again (`refresh.py`).
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from dataclasses import dataclass
from typing import NamedTuple

AHEAD = 16
"""The number of pages found at once where that costs little more than one. Our choice."""

MAX_SEARCHES, MAX_ROWS = 8, 20_000
"""The most searches that are kept, and the most records of each: about 15 MB in all. Our choice."""

Key = tuple[object, ...]
"""The database's path, and the search or order without its page."""


class Hit(NamedTuple):
    """A record that was found, and its value of the sort property, if it has one."""

    has_value: bool
    value: float | str | None
    id: int


class Known(NamedTuple):
    """Consecutive hits found at a version of the store; ``is_last``: there are no more.

    ``spelling`` is that of the key they are sorted by.
    """

    version: int
    spelling: str | None
    hits: list[Hit]
    is_last: bool


@dataclass(frozen=True)
class _Kept:
    known: Known
    places: dict[int, int]


class Results:
    """Recent searches and their hits. The methods may be called from any thread."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._kept: OrderedDict[Key, _Kept] = OrderedDict()

    def after(self, key: Key, after: Hit) -> Known | None:
        """Return the hits found after a hit; None if they are not known."""
        with self._lock:
            kept = self._kept.get(key)
        if kept is None:
            return None
        place = kept.places.get(after.id)
        if place is None or kept.known.hits[place] != after:
            return None
        return kept.known._replace(hits=kept.known.hits[place + 1 :])

    def keep(self, key: Key, known: Known) -> None:
        """Keep hits in place of the search's earlier ones."""
        if len(known.hits) > MAX_ROWS:
            return
        kept = _Kept(known, {hit.id: at for at, hit in enumerate(known.hits)})
        with self._lock:
            self._kept[key] = kept
            self._kept.move_to_end(key)
            if len(self._kept) > MAX_SEARCHES:
                self._kept.popitem(last=False)


results = Results()
