"""Long work followed to its end, with a line for each step."""

from __future__ import annotations

from smx_lab.core.operation import Operation
from smx_lab.notebook.errors import MagicError
from smx_lab.notebook.results import OperationResult
from smx_lab.notebook.session import Session

LOOK_EVERY_S = 0.3


def follow(
    session: Session, operation: Operation, endpoint_name: str, wait: bool
) -> OperationResult:
    """Return an operation; after its end, with ``wait``, having printed its steps.

    An interrupted cell stops the waiting, not the work.

    Raises
    ------
    MagicError
        If it failed.
    """
    if wait:
        operation = _wait(session, operation)
    if operation.state in ("failed", "cancelled", "interrupted"):
        reason = operation.error.message if operation.error else f"It was {operation.state}."
        log = "".join(f"\n  {line}" for line in operation.log_tail)
        raise MagicError(f"{operation.title}: {reason}{log}")
    return OperationResult(
        operation.title,
        [(step.name, _words(step.state, step.message)) for step in operation.steps],
        endpoint_name=endpoint_name,
        state=operation.state,
        operation_id=operation.id,
    )


def _wait(session: Session, operation: Operation) -> Operation:
    operations = session.services.operations
    told: set[tuple[str, str, str | None]] = set()
    while True:
        for step in operation.steps:
            said = (step.name, step.state, step.message)
            if step.state != "waiting" and said not in told:
                told.add(said)
                print(f"{step.name}: {_words(step.state, step.message)}")  # noqa: T201
        if operation.state != "running":
            return operation
        operation = operations.wait(operation.id, LOOK_EVERY_S)


def _words(state: str, message: str | None) -> str:
    return f"{state} ({message})" if message else state
