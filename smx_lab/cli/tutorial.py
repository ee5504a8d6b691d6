"""``smx-lab tutorial``: run the tutorial's notebook from the command line."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import Any

from smx_lab.tutorial.files import STAGES, copy_missing

HELP = "run the tutorial's notebook, or copy it to a folder"
DESCRIPTION = """\
Copies the notebook handwritten-digits.ipynb and its training script digits.py to a folder and runs
the notebook's cells there, against the local service."""


def add_tutorial(subparsers: Any) -> None:
    """``smx-lab tutorial``."""
    parser = subparsers.add_parser("tutorial", help=HELP, description=DESCRIPTION)
    parser.add_argument(
        "--directory",
        type=Path,
        default=Path("smx-lab-tutorial"),
        help="where notebook, data and models go (default: smx-lab-tutorial)",
    )
    parser.add_argument(
        "--until",
        choices=STAGES,
        default=STAGES[-1],
        help="the last stage to run (default: the whole notebook)",
    )
    parser.add_argument(
        "--copy-only", action="store_true", help="only copy the notebook and the script"
    )
    parser.add_argument(
        "--once",
        action="store_true",
        help="do nothing if it has been run with this data directory, or runs",
    )
    parser.set_defaults(run=run_command)


def run_command(arguments: argparse.Namespace) -> int:
    """Run the subcommand and return the exit status."""
    from smx_lab.local.home.data_dir import data_dir
    from smx_lab.tutorial import marker
    from smx_lab.tutorial.runner import TutorialFailed, run

    directory: Path = arguments.directory.expanduser().resolve()
    if arguments.copy_only:
        for path in copy_missing(directory):
            print(path)
        return 0
    home = data_dir()
    if arguments.once and marker.state(home) in ("running", "finished"):
        print("The tutorial has been run with this data directory.")
        return 0
    if hasattr(sys.stdout, "reconfigure"):
        sys.stdout.reconfigure(line_buffering=True)
    try:
        with marker.record(home, arguments.until):
            run(directory, arguments.until)
    except TutorialFailed as error:
        print(error, file=sys.stderr)
        return 1
    return 0
