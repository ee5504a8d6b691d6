"""Recently changed trial components, to refresh the hits of earlier searches."""

from __future__ import annotations

import threading
from collections import OrderedDict

MAX_CHANGES = 4096
"""The most ids that are remembered. Our choice."""


class Changes:
    """Ids, each with the version of the store that its last change belongs to.

    A change is noted while it is made, on the writing thread, before its transaction is committed.
    One that is undone stays noted, which does no harm: its record is read again as it was.
    """

    def __init__(self, max_changes: int = MAX_CHANGES) -> None:
        self._max_changes = max_changes
        self._lock = threading.Lock()
        self._versions: OrderedDict[int, int] = OrderedDict()
        self._forgotten = 0
        """The newest version with a change that is no longer remembered."""

    def note(self, number: int, version: int) -> None:
        """Note that a record is created, changed or deleted; versions only rise."""
        with self._lock:
            self._versions[number] = version
            self._versions.move_to_end(number)
            if len(self._versions) > self._max_changes:
                _, self._forgotten = self._versions.popitem(last=False)

    def since(self, version: int, limit: int) -> list[int] | None:
        """Return the ids that may have changed since a version; None if unknown or too many."""
        found: list[int] = []
        with self._lock:
            if version < self._forgotten:
                return None
            for number in reversed(self._versions):
                if self._versions[number] <= version:
                    return found
                if len(found) == limit:
                    return None
                found.append(number)
        return found
