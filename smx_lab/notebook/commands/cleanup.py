"""``cleanup``: show what would be deleted of some experiments, then delete it."""

from __future__ import annotations

import argparse
import time

from smx_lab.core.clean_up.plan import CleanUpPlan, StartCleanUpRequest
from smx_lab.core.operation import Operation, Step
from smx_lab.notebook.clean_up_results import CleanUpPreview, CleanUpResult, count_deleted
from smx_lab.notebook.commands.browse import require_experiment
from smx_lab.notebook.commands.command import Command
from smx_lab.notebook.errors import MagicError
from smx_lab.notebook.prompts import ask, confirm
from smx_lab.notebook.session import Session

SAY_EVERY_S = 5.0
"""How often a line says how far a long step is. A choice."""

Result = CleanUpPreview | CleanUpResult | None


def _add(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "experiments", metavar="EXPERIMENT", nargs="+", help="an experiment's name, or several"
    )
    parser.add_argument(
        "--keep-components", action="store_true", help="delete experiments and trials alone"
    )
    parser.add_argument(
        "--delete-endpoints",
        action="store_true",
        help="also endpoints that were deployed from these, with what only they use",
    )
    parser.add_argument("--dry-run", action="store_true", help="return the plan, delete nothing")
    parser.add_argument("--yes", action="store_true", help="do not ask")


def _clean_up(session: Session, options: argparse.Namespace) -> Result:
    for name in options.experiments:
        require_experiment(session, name)
    request = StartCleanUpRequest(
        experiments=options.experiments,
        keep_trial_components=options.keep_components,
        delete_endpoints=options.delete_endpoints,
    )
    plan = session.services.clean_ups.plan(session.connection_id, request)
    preview = CleanUpPreview(plan, options.delete_endpoints)
    if options.dry_run:
        return preview
    _show(preview)
    typed = plan.name_to_type or ""
    if not options.yes:
        answer = _ask_to_confirm(plan)
        if answer is None:
            print("Nothing was deleted.")  # noqa: T201
            return None
        typed = answer
    begun = session.services.clean_ups.start(
        session.connection_id,
        StartCleanUpRequest(
            experiments=options.experiments,
            keep_trial_components=options.keep_components,
            delete_endpoints=options.delete_endpoints,
            typed_name=typed,
            fingerprint=plan.fingerprint,
        ),
    )
    return _to_result(_print_progress(session, begun))


def _show(preview: CleanUpPreview) -> None:
    from IPython.display import display

    display(preview)  # type: ignore[no-untyped-call]


def _ask_to_confirm(plan: CleanUpPlan) -> str | None:
    """Return the name that was typed, empty if none is needed, or None if it is not confirmed."""
    count = plan.counts.to_delete
    if plan.name_to_type is None:
        return "" if confirm(f"Delete these {count} things? [y/N] ") else None
    typed = ask(f"Type {plan.name_to_type} to delete these {count} things: ")
    return typed if typed == plan.name_to_type else None


def _print_progress(session: Session, begun: Operation) -> Operation:
    """Print how far a clean up is until it has ended, and return it then.

    Interrupting the cell cancels the clean up after its current call.
    """
    operation, operations = begun, session.services.operations
    printed: dict[str, tuple[str, float]] = {}
    try:
        for operation in operations.follow(begun.id):
            for step in operation.steps:
                _print_step(step, printed)
    except KeyboardInterrupt:
        operations.cancel(begun.id)
        return operations.wait(begun.id)
    return operation


def _print_step(step: Step, printed: dict[str, tuple[str, float]]) -> None:
    """Print a step when it ends, and every ``SAY_EVERY_S`` before that."""
    line = f"{step.name}: {step.message or step.state}"
    last, when = printed.setdefault(step.name, ("", time.monotonic()))
    is_due = step.state not in ("waiting", "running") or time.monotonic() - when >= SAY_EVERY_S
    if step.state != "waiting" and is_due and line != last:
        printed[step.name] = (line, time.monotonic())
        print(line)  # noqa: T201


def _to_result(operation: Operation) -> CleanUpResult:
    result = CleanUpResult(operation)
    if operation.state == "succeeded":
        return result
    print(result)  # noqa: T201
    done = count_deleted(operation.outcome) if operation.outcome else ""
    reason = operation.error.message if operation.error else f"It was {operation.state}."
    raise MagicError(
        f"{operation.title}: {reason} Deleted so far: {done or 'nothing'}. "
        "Run the line again to go on."
    )


COMMANDS = (
    Command(
        "cleanup",
        "Delete an experiment with its trials and trial components, after a plan was shown.",
        (
            "%smx cleanup mnist",
            "%smx cleanup mnist --dry-run",
            "%smx cleanup mnist --keep-components",
            "%smx cleanup mnist --delete-endpoints --yes",
        ),
        _add,
        _clean_up,
    ),
)
