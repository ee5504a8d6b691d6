"""How far a table is in step with SageMaker, as one value, and what changes it.

A table is Loading until all rows have been read once, and Ready from then on. An attempt that fails
makes it Failed until one succeeds. A user may have it Halted as long as it is not complete.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from smx_lab.core.errors import SmxError

MAX_FAILURES = 31
"""Failures are counted up to this number. The pause between attempts is at its longest by then."""


@dataclass(frozen=True)
class Loading:
    """The rows have not all been read yet."""


@dataclass(frozen=True)
class Ready:
    """All rows are as SageMaker had them at ``updated_time``."""

    updated_time: datetime


@dataclass(frozen=True)
class Failed:
    """The last attempt to read failed. The rows are as they were before it.

    ``failures`` counts the failed attempts since the last that succeeded, up to MAX_FAILURES.
    ``updated_time`` is that of the last complete rows, None if there were none.
    """

    error: SmxError
    failures: int
    updated_time: datetime | None


@dataclass(frozen=True)
class Halted:
    """The user has ended the reading before it was complete. ``before`` is the state it was in."""

    before: Loading | Failed


SyncState = Loading | Ready | Failed | Halted


def error_of(state: SyncState) -> SmxError | None:
    """Return why the last attempt failed; None if it did not."""
    before = state.before if isinstance(state, Halted) else state
    return before.error if isinstance(before, Failed) else None


def updated_time_of(state: SyncState) -> datetime | None:
    """Return when the rows were last known to be right; None before they are complete."""
    return state.updated_time if isinstance(state, Ready | Failed) else None


def is_complete(state: SyncState) -> bool:
    """Return whether all rows have been read at least once."""
    return updated_time_of(state) is not None


def fail(state: SyncState, error: SmxError) -> Failed | Halted:
    """Return the state after a failed attempt."""
    if isinstance(state, Halted):
        return Halted(_next_failure(state.before, error))
    return _next_failure(state, error)


def _next_failure(state: Loading | Ready | Failed, error: SmxError) -> Failed:
    failures = state.failures if isinstance(state, Failed) else 0
    return Failed(error, min(failures + 1, MAX_FAILURES), updated_time_of(state))


def halt(state: SyncState) -> SyncState:
    """Return the state after the user has ended the reading; complete rows stay as they are."""
    if isinstance(state, Halted | Ready) or is_complete(state):
        return state
    return Halted(state)


def resume(state: SyncState) -> Loading | Ready | Failed:
    """Return the state in which the next attempt begins."""
    return state.before if isinstance(state, Halted) else state


def restore(state: SyncState, updated_time: datetime) -> Ready | Failed:
    """Return the state with complete rows of another time: an error stays until rows are read."""
    before = resume(state)
    if isinstance(before, Failed):
        return replace(before, updated_time=updated_time)
    return Ready(updated_time)
