"""The progress of a running operation, which its steps report and read."""

from __future__ import annotations

import threading
import time
from collections.abc import Sequence
from datetime import datetime, timezone
from typing import Any

import msgspec

from smx_lab.core.operation import Operation, Outcome, Step
from smx_lab.services.operations.files import OperationFiles, Record

SAVE_EVERY_S = 15.0
"""How often a running operation is written at least; well below ``SILENT_AFTER_S``."""

MAX_LOG_LINES = 50
"""Lines of a log that an operation keeps. A choice."""


class Cancelled(Exception):  # noqa: N818  an outcome, not an error
    """The user asked the operation to end."""


class Interrupted(Exception):  # noqa: N818  an outcome, not an error
    """The server ended while the operation was running."""


class Progress:
    """One run of an operation. Its own thread writes to it, all others read.

    ``operation`` is replaced as a whole, so that a reader always sees a consistent one.
    """

    def __init__(self, record: Record, files: OperationFiles, closing: threading.Event) -> None:
        """Start from ``record``; ``closing`` is set when the server ends."""
        self.operation: Operation = record.operation
        self._record = record
        self._files = files
        self._closing = closing
        self._wake = threading.Event()
        self._index = 0
        self._saved = time.monotonic()

    @property
    def record(self) -> Record:
        """The record to write to disk."""
        return msgspec.structs.replace(self._record, operation=self.operation)

    def save(self) -> None:
        """Write the operation to disk."""
        self._files.write(self.record)
        self._saved = time.monotonic()

    def wake(self) -> None:
        """End a ``sleep`` early. Other threads call it."""
        self._wake.set()

    def check(self) -> None:
        """Raise if the operation should end here."""
        if self._closing.is_set():
            raise Interrupted
        if self._files.is_asked_to_cancel(self.operation.id):
            raise Cancelled
        if time.monotonic() - self._saved > SAVE_EVERY_S:
            self.save()

    def sleep(self, seconds: float) -> None:
        """Wait; look every second whether another process asked to cancel."""
        end = time.monotonic() + seconds
        self.check()
        while (left := end - time.monotonic()) > 0:
            self._wake.wait(min(left, 1.0))
            self._wake.clear()
            self.check()

    def begin_step(self, index: int) -> None:
        """Mark a step as running, and start its time."""
        self._index = index
        self._set_step(state="running", start_time=_now(), end_time=None, message=None)
        self.save()

    def end_step(self) -> None:
        """Mark the running step as done, unless it was skipped."""
        if self.operation.steps[self._index].state == "running":
            self._set_step(state="succeeded", end_time=_now())
        self.save()

    def skip(self, reason: str) -> None:
        """Mark the running step as skipped, since it had nothing to do."""
        self._set_step(state="skipped", end_time=_now(), message=reason)

    def fail(self, reason: str) -> None:
        """Mark the running step as failed and go on; the operation fails after its last step."""
        self._set_step(state="failed", end_time=_now(), message=reason)

    def say(self, message: str) -> None:
        """Set the message of the running step."""
        if self.operation.steps[self._index].message != message:
            self._set_step(message=message)

    def log(self, lines: Sequence[str]) -> None:
        """Keep the end of a log."""
        self._change(log_tail=tuple(lines[-MAX_LOG_LINES:]))

    @property
    def notes(self) -> dict[str, Any]:
        """Data that the steps keep for later runs; written with the next ``save``."""
        return self._record.notes

    def tell(self, outcome: Outcome) -> None:
        """Set the outcome so far."""
        self._change(outcome=outcome)

    def attempt(self, kind: str, name: str) -> bool:
        """Record on disk that something is about to be created.

        Return whether an earlier run came this far: if the thing exists, that run may have created
        it.
        """
        entry = f"{kind}/{name}"
        if entry in self._record.attempted:
            return True
        attempted = (*self._record.attempted, entry)
        self._record = msgspec.structs.replace(self._record, attempted=attempted)
        self.save()
        return False

    def created(self, kind: str, name: str) -> None:
        """Record on disk that this operation created something."""
        entry = f"{kind}/{name}"
        if entry not in self.operation.created:
            self._change(created=(*self.operation.created, entry))
        self.save()

    def has_created(self, kind: str, name: str) -> bool:
        """Return whether this operation, in this or an earlier run, created something."""
        return f"{kind}/{name}" in self.operation.created

    def removed(self, kind: str, name: str) -> None:
        """Record that something created before was deleted."""
        entry = f"{kind}/{name}"
        self._change(created=tuple(one for one in self.operation.created if one != entry))
        self.save()

    def _set_step(self, **changes: Any) -> None:
        steps: list[Step] = list(self.operation.steps)
        steps[self._index] = msgspec.structs.replace(steps[self._index], **changes)
        self._change(steps=tuple(steps))

    def _change(self, **changes: Any) -> None:
        self.operation = msgspec.structs.replace(self.operation, **changes)


def _now() -> datetime:
    return datetime.now(timezone.utc)
