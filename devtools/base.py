"""Paths, running commands, and the one way to stop with a sentence."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
STATE = ROOT / ".dev"
"""What dev.py keeps: stamps, pictures of failed UI tests, the wheel's environment."""
VENV = ROOT / ".venv"
WINDOWS = os.name == "nt"
BIN = VENV / ("Scripts" if WINDOWS else "bin")
PYTHON = BIN / ("python.exe" if WINDOWS else "python")


class Stop(Exception):  # noqa: N818  it is no error of ours: the user reads one sentence
    """Ends dev.py with a sentence that says what is missing and what to do."""


def say(text: str) -> None:
    """Tell the user which step runs; on stderr, so that a command's output stays its own."""
    print(f"\033[1m» {text}\033[0m" if sys.stderr.isatty() else f"» {text}", file=sys.stderr)
    sys.stderr.flush()


def environment(**more: str) -> dict[str, str]:
    """Return the environment of all commands: the venv's programs come first."""
    env = {**os.environ, "VIRTUAL_ENV": str(VENV), **more}
    env["PATH"] = os.pathsep.join([str(BIN), env.get("PATH", os.defpath)])
    env.pop("PYTHONHOME", None)
    return env


def run(command: Sequence[str | Path], **env: str) -> None:
    """Run a command at the root of the repository.

    Raises
    ------
    subprocess.CalledProcessError
        If it fails; its own output has said why.
    """
    subprocess.run([str(part) for part in command], cwd=ROOT, env=environment(**env), check=True)


def succeeds(command: Sequence[str | Path], **env: str) -> bool:
    """Run a command and answer whether it ended with 0."""
    try:
        run(command, **env)
    except (OSError, subprocess.CalledProcessError):
        return False
    return True


def output(command: Sequence[str | Path], **env: str) -> str:
    """Run a command and answer what it printed, without the line end."""
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
    """Return whether packages of the system may be installed without asking."""
    return hasattr(os, "geteuid") and os.geteuid() == 0
