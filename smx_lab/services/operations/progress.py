"""What a step of an operation may tell and ask while it runs."""

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
"""How often a runner shows that it lives; well below ``SILENT_AFTER_S``."""

MAX_LOG_LINES = 50
"""Lines of a log that an operation keeps; a choice."""


class Cancelled(Exception):  # noqa: N818  an outcome, not an error
    """The user asked the operation to end."""


class Interrupted(Exception):  # noqa: N818  an outcome, not an error
    """The server ends while the operation runs."""


class Progress:
    """One run of an operation, written to by its thread and read by all others.

    ``operation`` is replaced as a whole, so that a reader always sees a consistent one.
    """

    def __init__(self, record: Record, files: OperationFiles, closing: threading.Event) -> None:
        """Begin with what ``record`` says; ``closing`` is set when the server ends."""
        self.operation: Operation = record.operation
        self._record = record
        self._files = files
        self._closing = closing
        self._wake = threading.Event()
        self._index = 0
        self._saved = time.monotonic()

    @property
    def record(self) -> Record:
        """What is to be on disk."""
        return msgspec.structs.replace(self._record, operation=self.operation)

    def save(self) -> None:
        """Write the operation to disk."""
        self._files.write(self.record)
        self._saved = time.monotonic()

    def wake(self) -> None:
        """End a ``sleep`` now; called by other threads."""
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
        """Wait, in slices so that a request of another process to cancel is seen soon."""
        end = time.monotonic() + seconds
        self.check()
        while (left := end - time.monotonic()) > 0:
            self._wake.wait(min(left, 1.0))
            self._wake.clear()
            self.check()

    def begin_step(self, index: int) -> None:
        """Mark a step as running. Its time is that of its first start, also in a later run."""
        self._index = index
        self._set_step(state="running", start_time=_now(), end_time=None, message=None)
        self.save()

    def end_step(self) -> None:
        """Mark the running step as done, unless it was skipped."""
        if self.operation.steps[self._index].state == "running":
            self._set_step(state="succeeded", end_time=_now())
        self.save()

    def skip(self, reason: str) -> None:
        """Say that the running step had nothing to do."""
        self._set_step(state="skipped", end_time=_now(), message=reason)

    def fail(self, reason: str) -> None:
        """Say that the running step ended badly, and go on: the operation fails after its last."""
        self._set_step(state="failed", end_time=_now(), message=reason)

    def say(self, message: str) -> None:
        """Say how the running step stands."""
        if self.operation.steps[self._index].message != message:
            self._set_step(message=message)

    def log(self, lines: Sequence[str]) -> None:
        """Keep the end of a log."""
        self._change(log_tail=tuple(lines[-MAX_LOG_LINES:]))

    @property
    def notes(self) -> dict[str, Any]:
        """What the steps remember, also in a later run; on disk with the next ``save``."""
        return self._record.notes

    def tell(self, outcome: Outcome) -> None:
        """Say what became of the things so far."""
        self._change(outcome=outcome)

    def attempt(self, kind: str, name: str) -> bool:
        """Remember, on disk, that something is about to be created.

        Answers whether an earlier run was as far as this: what is found may then be its work.
        """
        entry = f"{kind}/{name}"
        if entry in self._record.attempted:
            return True
        attempted = (*self._record.attempted, entry)
        self._record = msgspec.structs.replace(self._record, attempted=attempted)
        self.save()
        return False

    def created(self, kind: str, name: str) -> None:
        """Remember, on disk, that something exists because of this operation."""
        entry = f"{kind}/{name}"
        if entry not in self.operation.created:
            self._change(created=(*self.operation.created, entry))
        self.save()

    def has_created(self, kind: str, name: str) -> bool:
        """Tell whether something exists because of this operation, an earlier run included."""
        return f"{kind}/{name}" in self.operation.created

    def removed(self, kind: str, name: str) -> None:
        """Remember that something is no more."""
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
