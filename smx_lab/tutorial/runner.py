"""Runs the notebook's own code cells in this process, as a notebook's kernel would."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Any

from smx_lab.tutorial.files import copy_missing, read_cells


class TutorialFailed(Exception):
    """A cell of the tutorial ended with an error, which has been printed."""


def run(directory: Path, until: str) -> None:
    """Run the tutorial in ``directory`` up to and with a stage; its output goes to stdout.

    Raises
    ------
    TutorialFailed
        If a cell fails, or a package that the tutorial needs is missing.
    """
    try:
        from IPython.core.interactiveshell import InteractiveShell
        from traitlets.config import Config
    except ImportError as error:
        raise TutorialFailed(
            "The tutorial needs IPython: pip install 'smx-lab[tutorial]'."
        ) from error

    copy_missing(directory)
    os.chdir(directory)
    # As a kernel does: a figure is displayed, and not a window of the desktop.
    os.environ.setdefault("MPLBACKEND", "module://matplotlib_inline.backend_inline")
    config = Config()
    config.HistoryManager.enabled = False
    config.InteractiveShell.colors = "nocolor"
    shell = InteractiveShell.instance(config=config)

    stage = ""
    for cell in read_cells(until):
        if cell.stage != stage:
            stage = cell.stage
            print(f"== {stage} ==")
        result: Any = shell.run_cell(cell.source)  # type: ignore[no-untyped-call]
        sys.stdout.flush()
        if not result.success:
            cause = result.error_before_exec or result.error_in_exec
            raise TutorialFailed(f"The cell {cell.id} failed: {type(cause).__name__}: {cause}")
