"""``smx-lab copy``: copy an experiment from one connection to another, without Jupyter."""

from __future__ import annotations

import argparse
import sys
from contextlib import closing
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from smx_lab.contract.bodies import CopyPlan
    from smx_lab.core.operation import Operation
    from smx_lab.services.container import Services

DESCRIPTION = """\
Creates an experiment of one connection in another too: trials, trial components with parameters,
artifacts as addresses, tags and the series of metrics. Nothing is overwritten, and what a first try
has done already is left as it is, so the same command finishes what was interrupted."""


def add_copy(subparsers: Any) -> None:
    """``smx-lab copy --from C --to C --experiment E``."""
    parser = subparsers.add_parser(
        "copy", help="copy an experiment to another connection", description=DESCRIPTION
    )
    where = "local, aws, aws:PROFILE, the last two also with @REGION"
    parser.add_argument(
        "--from", dest="source", metavar="CONNECTION", required=True, help=f"where it is: {where}"
    )
    parser.add_argument(
        "--to", dest="target", metavar="CONNECTION", required=True, help="where it is to be too"
    )
    parser.add_argument("--experiment", metavar="E", required=True, help="the experiment's name")
    parser.add_argument(
        "--dry-run", action="store_true", help="say what would be done, and do nothing"
    )
    parser.set_defaults(run=run_command)


def run_command(options: argparse.Namespace) -> int:
    """Run the subcommand and return the exit status."""
    from smx_lab.options import build_services, load_options

    with closing(build_services(load_options())) as services:
        if options.dry_run:
            plan = services.copies.plan(options.source, options.target, options.experiment)
            return _show_plan(plan, options)
        return _copy(services, options)


def _show_plan(plan: CopyPlan, options: argparse.Namespace) -> int:
    print(
        f"Would copy {plan.experiment_name} to {options.target}: trials: {plan.trial_count}, "
        f"trial components: {plan.trial_component_count}, metrics: {plan.metric_count}."
    )
    for note in plan.left_out:
        print(f"Cannot be copied: {note}")
    for subject in plan.taken:
        print(f"{subject} exists there already and is no copy of this one.", file=sys.stderr)
    return 1 if plan.taken else 0


def _copy(services: Services, options: argparse.Namespace) -> int:
    begun = services.copies.copy(options.source, options.target, options.experiment)
    shown = ""
    operation = begun
    for operation in services.operations.follow(begun.id):
        if (line := _line(operation)) != shown:
            shown = line
            print(line, file=sys.stderr)
    for line in operation.log_tail:
        print(line)
    if operation.error is not None:
        print(f"smx-lab: {operation.error.message}", file=sys.stderr)
    if operation.state != "succeeded":
        print("The same command goes on where this one stopped.", file=sys.stderr)
        return 1
    print(f"Copied {options.experiment} to {options.target}.")
    return 0


def _line(operation: Operation) -> str:
    step = next((s for s in operation.steps if s.state == "running"), operation.steps[-1])
    return f"{step.name}: {step.message or step.state}"
