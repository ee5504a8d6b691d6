"""Long work with steps, progress and a result, which goes on when its tab is closed."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from smx_lab.core.entities import Entity
from smx_lab.core.errors import SmxError

OperationState = Literal["running", "succeeded", "failed", "cancelled", "interrupted"]
StepState = Literal["waiting", "running", "succeeded", "failed", "skipped"]
OperationKind = Literal[
    "clean_up", "deployment", "endpoint_deletion", "experiment_copy", "rollback"
]
ThingKind = Literal[
    "endpoint", "endpoint_config", "model", "link", "trial_component", "trial", "experiment"
]

NOUNS: dict[ThingKind, tuple[str, str]] = {
    "endpoint": ("endpoint", "endpoints"),
    "endpoint_config": ("endpoint configuration", "endpoint configurations"),
    "model": ("model", "models"),
    "link": ("trial component", "trial components"),
    "trial_component": ("trial component", "trial components"),
    "trial": ("trial", "trials"),
    "experiment": ("experiment", "experiments"),
}
"""The noun for each kind, singular and plural."""


class ErrorBody(Entity, frozen=True, kw_only=True):
    """The shape of all errors in JSON: a stable code, a sentence, and details."""

    code: str
    message: str
    details: dict[str, str] = {}


def error_body(error: SmxError) -> ErrorBody:
    """Return the JSON shape of an error."""
    return ErrorBody(code=error.code, message=error.message, details=dict(error.details))


class Outcome(Entity, frozen=True, kw_only=True):
    """The results for the things that an operation was to delete.

    ``deleted`` counts them by kind. Of those kept and those that failed at most 100 are named.
    """

    deleted: dict[ThingKind, int] = {}
    kept: tuple[Thing, ...] = ()
    kept_count: int = 0
    failed: tuple[Thing, ...] = ()
    failed_count: int = 0


class Thing(Entity, frozen=True, kw_only=True):
    """Something in SageMaker that was not deleted, and why.

    The name of a ``link`` is ``trial/trial component``.
    """

    kind: ThingKind
    name: str
    reason: str


class Step(Entity, frozen=True, kw_only=True):
    """One step of an operation."""

    name: str
    state: StepState
    start_time: datetime | None = None
    end_time: datetime | None = None
    message: str | None = None


class Operation(Entity, frozen=True, kw_only=True):
    """Long work and its progress. ``result`` has names, e.g. ``endpoint_name``.

    ``created`` lists ``kind/name`` of what it created, in that order, so that a failed deployment
    can be rolled back. The state is ``interrupted`` if the server stopped while it was running; it
    can then be retried.
    """

    id: str
    kind: OperationKind
    connection_id: str
    title: str
    state: OperationState
    steps: tuple[Step, ...]
    start_time: datetime
    end_time: datetime | None = None
    error: ErrorBody | None = None
    result: dict[str, str] = {}
    created: tuple[str, ...] = ()
    log_tail: tuple[str, ...] = ()
    can_retry: bool = False
    can_roll_back: bool = False
    outcome: Outcome | None = None
    """Set for a clean up only."""
