"""``smx-lab``: the local service, exports and the tutorial, from a shell.

A subcommand is a function ``add_<name>(subparsers)`` in `COMMANDS`. It adds its parser and sets
``run``, a function from the parsed options to the exit code. A subcommand imports anything beyond
the standard library only when it runs, so that ``--help`` is quick.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Sequence
from typing import Any

import smx_lab
from smx_lab.cli.copy import add_copy
from smx_lab.cli.export import add_export
from smx_lab.cli.local import add_local
from smx_lab.cli.tutorial import add_tutorial
from smx_lab.core.errors import SmxError

Subparsers = Any  # argparse does not name the type add_subparsers returns


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command and return the exit code; an error is one sentence on stderr and code 1."""
    options = _parser().parse_args(arguments)
    try:
        code: int = options.run(options)
    except (SmxError, OSError) as error:
        print(f"smx-lab: {error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130
    return code


COMMANDS: tuple[Callable[[Subparsers], None], ...] = (
    add_local,
    add_export,
    add_copy,
    add_tutorial,
)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="smx-lab",
        description="The SageMaker Experiments browser for JupyterLab, and its local service.",
    )
    parser.add_argument("--version", action="version", version=f"smx-lab {smx_lab.__version__}")
    subparsers = parser.add_subparsers(metavar="COMMAND", required=True)
    for add in COMMANDS:
        add(subparsers)
    return parser


if __name__ == "__main__":
    sys.exit(main())
