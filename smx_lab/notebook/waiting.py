"""Wait for an operation in a cell, and print a line for each of its steps."""

from __future__ import annotations

from smx_lab.core.operation import Operation
from smx_lab.notebook.errors import MagicError
from smx_lab.notebook.results import OperationResult
from smx_lab.notebook.session import Session


def follow(
    session: Session, operation: Operation, endpoint_name: str, wait: bool
) -> OperationResult:
    """Return an operation as a result; with ``wait``, print its steps until it has ended.

    Interrupting the cell ends the waiting, not the operation.

    Raises
    ------
    MagicError
        If the operation failed, was cancelled or was interrupted.
    """
    if wait:
        operation = _print_steps(session, operation)
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


def _print_steps(session: Session, begun: Operation) -> Operation:
    printed: set[tuple[str, str, str | None]] = set()
    operation = begun
    for operation in session.services.operations.follow(begun.id):
        for step in operation.steps:
            line = (step.name, step.state, step.message)
            if step.state != "waiting" and line not in printed:
                printed.add(line)
                print(f"{step.name}: {_words(step.state, step.message)}")  # noqa: T201
    return operation


def _words(state: str, message: str | None) -> str:
    return f"{state} ({message})" if message else state
