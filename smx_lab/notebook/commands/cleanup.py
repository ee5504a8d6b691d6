"""``cleanup``: experiments with their trials and trial components, after a plan was shown."""

from __future__ import annotations

import argparse
import time

from smx_lab.core.clean_up.plan import CleanUpPlan, StartCleanUpRequest
from smx_lab.core.operation import Operation, Step
from smx_lab.notebook.clean_up_results import CleanUpPreview, CleanUpResult, deleted_words
from smx_lab.notebook.commands.browse import require_experiment
from smx_lab.notebook.commands.command import Command
from smx_lab.notebook.errors import MagicError
from smx_lab.notebook.prompts import ask, confirm
from smx_lab.notebook.session import Session

LOOK_EVERY_S = 0.2
SAY_EVERY_S = 5.0
"""A line on how far a long step is; a choice."""

Results = CleanUpPreview | CleanUpResult | None


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
    parser.add_argument("--dry-run", action="store_true", help="answer the plan, delete nothing")
    parser.add_argument("--yes", action="store_true", help="do not ask")


def _clean_up(session: Session, options: argparse.Namespace) -> Results:
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
        confirmed = _confirmed(plan)
        if confirmed is None:
            print("Nothing was deleted.")  # noqa: T201
            return None
        typed = confirmed
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
    return _ended(_followed(session, begun))


def _show(preview: CleanUpPreview) -> None:
    from IPython.display import display

    display(preview)  # type: ignore[no-untyped-call]


def _confirmed(plan: CleanUpPlan) -> str | None:
    """Return what was typed, None if it was no confirmation."""
    count = plan.counts.to_delete
    if plan.name_to_type is None:
        return "" if confirm(f"Delete these {count} things? [y/N] ") else None
    typed = ask(f"Type {plan.name_to_type} to delete these {count} things: ")
    return typed if typed == plan.name_to_type else None


def _followed(session: Session, operation: Operation) -> Operation:
    """Return a clean up once it has ended, having said how far it was.

    An interrupted cell stops it after the current call.
    """
    operations = session.services.operations
    said: dict[str, tuple[str, float]] = {}
    try:
        while True:
            for step in operation.steps:
                _say(step, said)
            if operation.state != "running":
                return operation
            operation = operations.wait(operation.id, LOOK_EVERY_S)
    except KeyboardInterrupt:
        operations.cancel(operation.id)
        return operations.wait(operation.id)


def _say(step: Step, said: dict[str, tuple[str, float]]) -> None:
    """Print a step when it ends, and now and then on its way."""
    words = f"{step.name}: {step.message or step.state}"
    last, when = said.get(step.name, ("", time.monotonic()))
    said.setdefault(step.name, (last, when))
    is_due = step.state not in ("waiting", "running") or time.monotonic() - when >= SAY_EVERY_S
    if step.state != "waiting" and is_due and words != last:
        said[step.name] = (words, time.monotonic())
        print(words)  # noqa: T201


def _ended(operation: Operation) -> CleanUpResult:
    result = CleanUpResult(operation)
    if operation.state == "succeeded":
        return result
    print(result)  # noqa: T201
    done = deleted_words(operation.outcome) if operation.outcome else ""
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
