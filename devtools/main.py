"""The command line of dev.py."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable

from devtools import bench, check, docs, lab, screenshots, suites
from devtools.base import Stop
from devtools.setup import setup

USAGE = """\
python3 dev.py COMMAND

  lab [ARGS…]        set everything up and open JupyterLab on the local service, with the
                     tutorial's experiment in it; ARGS go to jupyter lab
  test [SUITE…] [PYTEST ARGS…]
                     set everything up and run every test, or those of the suites
                     python, ts, ui, wheel
  setup              everything the two above need, and nothing else
  check              format, lint, types, layers, contract, licences
  bench [NAME…]      figures side by side with peers
  docs               make the generated pages of docs/ and check every link
  screenshots        make the pictures in docs/images
"""


def main(arguments: list[str]) -> int:
    """Run one command and return the exit status."""
    commands: dict[str, Callable[[list[str]], int]] = {
        "lab": lab.lab,
        "test": suites.test,
        "setup": _setup,
        "check": check.check,
        "bench": bench.bench,
        "docs": docs.docs,
        "screenshots": screenshots.screenshots,
    }
    name, *rest = arguments or ["help"]
    if name in {"help", "-h", "--help"}:
        print(USAGE, end="")
        return 0
    if name not in commands:
        print(f"dev.py has no command {name!r}.\n\n{USAGE}", end="", file=sys.stderr)
        return 2
    try:
        return commands[name](rest)
    except Stop as stop:
        print(stop, file=sys.stderr)
        return 1
    except subprocess.CalledProcessError as error:
        return error.returncode or 1
    except KeyboardInterrupt:
        return 130


def _setup(arguments: list[str]) -> int:
    if arguments:
        raise Stop("setup takes no arguments.")
    setup()
    return 0
