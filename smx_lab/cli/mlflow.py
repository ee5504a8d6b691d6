"""``smx-lab export --to mlflow URI``: export experiments to MLflow, without Jupyter."""

from __future__ import annotations

import argparse
import sys
import time
from typing import TYPE_CHECKING

from smx_lab.core.errors import Conflict, InvalidRequest, NotFound, SmxError

if TYPE_CHECKING:
    from smx_lab.services.container import Services
    from smx_lab.services.copies.mlflow_exports import MlflowExport

SAY_EVERY_S = 0.5
CONTINUES = "The same command goes on where this one stopped."

TARGETS = ("mlflow",)

FILE_OPTIONS = (
    "trial", "view", "format", "output", "overwrite", "column", "sort", "ascending", "descending",
)  # fmt: skip
"""Options for the export to a file."""


def check_options(options: argparse.Namespace) -> None:
    """Check that the options go together.

    Raises
    ------
    InvalidRequest
        If they do not.
    """
    if options.to is None:
        if options.dry_run:
            raise InvalidRequest("--dry-run goes with --to.")
        return
    target, uri = options.to
    if target not in TARGETS or not uri:
        raise InvalidRequest("Say where to with: --to mlflow URI.")
    if extra := next((name for name in FILE_OPTIONS if getattr(options, name)), None):
        raise InvalidRequest(f"--{extra} is about files, and does not go with --to.")
    if not options.experiments:
        raise InvalidRequest("Name an experiment.")


def export_to_mlflow(services: Services, options: argparse.Namespace) -> int:
    """Export each experiment, or print what that would do; return the exit status."""
    exports, uri = services.mlflow_exports, options.to[1]
    say = _Progress()
    for name in options.experiments:
        if options.dry_run:
            _show(exports.plan(options.connection, name, uri, say), "Would export", uri)
            continue
        try:
            done = exports.export(options.connection, name, uri, say)
        except (InvalidRequest, Conflict, NotFound):
            raise
        except SmxError as error:
            print(f"smx-lab: {error}", file=sys.stderr)
            print(CONTINUES, file=sys.stderr)
            return 1
        except KeyboardInterrupt:
            print(CONTINUES, file=sys.stderr)
            raise
        _show(done, "Exported", uri)
    return 0


def _show(done: MlflowExport, verb: str, uri: str) -> None:
    from smx_lab.gateway.mlflow_store import shown

    for note in done.notes:
        print(f"Not as it was: {note}")
    print(
        f"{verb} {done.experiment_name} to {shown(uri)}: runs: {done.new} new, {done.finished} "
        f"begun before and finished, {done.unchanged} there already."
    )


class _Progress:
    """Prints how far the export is, every ``SAY_EVERY_S`` at most."""

    def __init__(self) -> None:
        self._last = time.monotonic()

    def __call__(self, text: str) -> None:
        if time.monotonic() - self._last >= SAY_EVERY_S:
            self._last = time.monotonic()
            print(text, file=sys.stderr)
