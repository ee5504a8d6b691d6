"""Which trial components were written of late, for what was found by a search before that."""

from __future__ import annotations

import threading
from collections import OrderedDict

KEPT = 4096
"""So many are remembered. Our choice."""


class Changes:
    """Ids, each with the version of the store that its last change belongs to.

    A change is noted while it is made, on the writing thread, before its transaction is kept. One
    that is undone is noted all the same: whoever looks at its record finds it as it was.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._versions: OrderedDict[int, int] = OrderedDict()
        self._forgotten = 0
        """The newest version of which something is no longer remembered."""

    def note(self, number: int, version: int) -> None:
        """Note that a record is made, changed or deleted; versions only rise."""
        with self._lock:
            self._versions[number] = version
            self._versions.move_to_end(number)
            if len(self._versions) > KEPT:
                _, self._forgotten = self._versions.popitem(last=False)

    def since(self, version: int, limit: int) -> list[int] | None:
        """Return what may have changed after a version; None if not all of it or too much."""
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
