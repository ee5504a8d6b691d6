"""One table's turn to read: one thread has it at a time, and gives it back when told to."""

from __future__ import annotations

import threading


class ReadingTurn:
    """Whether a thread reads a table, since when, and whether it should end.

    ``begin`` and ``close`` are called under the owner's lock; all else from any thread.
    """

    def __init__(self, now: float) -> None:
        self.began = now
        """When the last reading began."""
        self.is_closed = False
        """Whether nothing is to be read any more."""
        self.stopped = threading.Event()
        """Set while the reading is to end."""
        self._idle = threading.Event()
        self._idle.set()

    @property
    def is_taken(self) -> bool:
        """Whether a thread reads."""
        return not self._idle.is_set()

    def begin(self, now: float) -> None:
        """Take the turn, which is free."""
        self.stopped.clear()
        self._idle.clear()
        self.began = now

    def stop(self) -> None:
        """Have the reading end after the calls under way."""
        self.stopped.set()

    def close(self) -> None:
        """Have the reading end, and none begin after it."""
        self.is_closed = True
        self.stopped.set()

    def end(self) -> None:
        """Give the turn back."""
        self._idle.set()

    def wait(self, timeout_s: float | None = None) -> None:
        """Return once the turn is free, or time is up."""
        self._idle.wait(timeout_s)
