"""What a search has found beyond its page, kept for the next ones.

A page costs what finding costs, nearly whether it has a hundred records or some thousands; so more
than the page is found, and whoever turns it is answered from here. What was written since is looked
at again, and nothing else (`renewal.py`).
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

Key = tuple[object, ...]
"""The database's path, and the search or order without its page."""


class Hit(NamedTuple):
    """A record that was found, and where it stands: its value of the sort property, if any."""

    has_value: bool
    value: float | str | None
    id: int


class Known(NamedTuple):
    """Hits in a row that were found at a version of the store; ``is_last``: there are no more.

    ``spelling`` is that of the key sorted by.
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
    """The searches of late and what they found. Its methods may be called from any thread."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._kept: OrderedDict[Key, _Kept] = OrderedDict()

    def behind(self, key: Key, after: Hit) -> Known | None:
        """Return what was found behind a hit; None where that is not known."""
        with self._lock:
            kept = self._kept.get(key)
        if kept is None:
            return None
        place = kept.places.get(after.id)
        if place is None or kept.known.hits[place] != after:
            return None
        return kept.known._replace(hits=kept.known.hits[place + 1 :])

    def keep(self, key: Key, known: Known) -> None:
        """Keep hits in place of those of before."""
        if len(known.hits) > KEPT_ROWS:
            return
        kept = _Kept(known, {hit.id: at for at, hit in enumerate(known.hits)})
        with self._lock:
            self._kept[key] = kept
            self._kept.move_to_end(key)
            if len(self._kept) > KEPT_SEARCHES:
                self._kept.popitem(last=False)


results = Results()
