"""Long work that outlives the tab which began it: steps, progress, an end, an error."""

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
"""What each is called: one of them, and several."""


class ErrorBody(Entity, frozen=True, kw_only=True):
    """The one shape of every error: a stable code, a sentence, and facts to unfold."""

    code: str
    message: str
    details: dict[str, str] = {}


def error_body(error: SmxError) -> ErrorBody:
    """Return an error as it travels."""
    return ErrorBody(code=error.code, message=error.message, details=dict(error.details))


class Outcome(Entity, frozen=True, kw_only=True):
    """What became of the things that an operation set out to delete.

    ``deleted`` counts them by kind. Of those kept and those that failed at most 100 are named.
    """

    deleted: dict[ThingKind, int] = {}
    kept: tuple[Thing, ...] = ()
    kept_count: int = 0
    failed: tuple[Thing, ...] = ()
    failed_count: int = 0


class Thing(Entity, frozen=True, kw_only=True):
    """Something of SageMaker's, and why it is still there. A ``link`` is named
    ``trial/trial component``."""

    kind: ThingKind
    name: str
    reason: str


class Step(Entity, frozen=True, kw_only=True):
    """One step of an operation, as its page lists it."""

    name: str
    state: StepState
    start_time: datetime | None = None
    end_time: datetime | None = None
    message: str | None = None


class Operation(Entity, frozen=True, kw_only=True):
    """Long work and how far it is. ``result`` holds names, e.g. ``endpoint_name``.

    ``created`` lists ``kind/name`` of what exists because of it, in the order of creation, so
    that a failed deployment can be taken back.
    ``interrupted``: the server stopped while it ran; it can be retried.
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
    """Of a clean up alone."""
