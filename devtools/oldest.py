"""The oldest Python that smx-lab supports, if this machine has it, with the built wheel in it."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

from devtools.base import STATE, Stop, run
from devtools.setup import install
from devtools.steps import Step
from devtools.wheel import DIST

VERSION = "3.10"
"""As `requires-python` in pyproject.toml says; type checkers do not see all that came later."""
ENVIRONMENT = STATE / "oldest"
OLDEST_PYTHON = ENVIRONMENT / "bin" / "python"


def prepare() -> Path | None:
    """Install the built wheel there unless nothing changed; None without such a Python."""
    if find() is None:
        return None
    STEP.run()
    return OLDEST_PYTHON


def find() -> Path | None:
    """Answer a Python of that version: on PATH, or among those that pyenv keeps beside it."""
    folders = [Path(folder) for folder in os.get_exec_path()]
    root = Path(os.environ.get("PYENV_ROOT", "~/.pyenv")).expanduser()
    kept = sorted(root.glob(f"versions/{VERSION}.*/bin"))
    candidates = [folder / f"python{VERSION}" for folder in (*folders, *kept)]
    return next((path for path in candidates if path.is_file() and _works(path)), None)


def _works(python: Path) -> bool:
    """Answer whether it can make an environment: pyenv's own file on PATH may be a mere sign."""
    command = [str(python), "-c", "import ensurepip, sqlite3, ssl, venv"]
    return subprocess.run(command, capture_output=True, check=False).returncode == 0


def install_wheel() -> None:
    """Make the environment anew, with the wheel and what its extras need."""
    run([str(find()), "-m", "venv", "--clear", ENVIRONMENT])
    (wheel,) = DIST.glob("*.whl")
    if not install([f"{wheel}[tutorial,parquet]"], python=OLDEST_PYTHON):
        raise Stop(f"The built wheel could not be installed in Python {VERSION}; see above.")


STEP = Step(
    "oldest",
    f"Installing the wheel in Python {VERSION}",
    install_wheel,
    inputs=(".dev/stamps/wheel",),
    outputs=(OLDEST_PYTHON,),
)
