"""Paths, running commands, and the exception that ends dev.py with a message."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
STATE = ROOT / ".dev"
"""The folder for stamps, screenshots of failed UI tests, and the wheel's environment."""
VENV = ROOT / ".venv"
WINDOWS = os.name == "nt"
BIN = VENV / ("Scripts" if WINDOWS else "bin")
PYTHON = BIN / ("python.exe" if WINDOWS else "python")


class Stop(Exception):  # noqa: N818  not an error in our code
    """End dev.py with a message that says what is missing and what to do."""


def say(text: str) -> None:
    """Print which step runs, on stderr, so that stdout has only the output of commands."""
    print(f"\033[1m» {text}\033[0m" if sys.stderr.isatty() else f"» {text}", file=sys.stderr)
    sys.stderr.flush()


def environment(**more: str) -> dict[str, str]:
    """Return the environment variables of commands. The venv's programs come first on PATH."""
    env = {**os.environ, "VIRTUAL_ENV": str(VENV), **more}
    env["PATH"] = os.pathsep.join([str(BIN), env.get("PATH", os.defpath)])
    env.pop("PYTHONHOME", None)
    return env


def run(command: Sequence[str | Path], **env: str) -> None:
    """Run a command at the root of the repository.

    Raises
    ------
    subprocess.CalledProcessError
        If it fails. Its output says why.
    """
    subprocess.run([str(part) for part in command], cwd=ROOT, env=environment(**env), check=True)


def succeeds(command: Sequence[str | Path], **env: str) -> bool:
    """Run a command and return whether its exit status is 0."""
    try:
        run(command, **env)
    except (OSError, subprocess.CalledProcessError):
        return False
    return True


def output(command: Sequence[str | Path], **env: str) -> str:
    """Run a command and return its output without the final line break."""
    done = subprocess.run(
        [str(part) for part in command],
        cwd=ROOT,
        env=environment(**env),
        check=True,
        stdout=subprocess.PIPE,
        text=True,
        encoding="utf-8",
    )
    return done.stdout.strip()


def is_root() -> bool:
    """Return whether this process may install system packages."""
    return hasattr(os, "geteuid") and os.geteuid() == 0
