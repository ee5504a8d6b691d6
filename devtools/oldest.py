"""The oldest that smx-lab supports: JupyterLab 4.4, Notebook 7.4, Python 3.10 where it is there."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

from devtools.base import PYTHON, STATE, WINDOWS, Stop, run
from devtools.setup import install
from devtools.steps import Step
from devtools.wheel import DIST

VERSION = "3.10"
"""As `requires-python` in pyproject.toml says; type checkers do not see all that came later."""
JUPYTER = ("jupyterlab==4.4.*", "notebook==7.4.*", "ipykernel")
"""As `dependencies` in pyproject.toml and package.json say."""
ENVIRONMENT = STATE / "oldest"
OLDEST_PYTHON = ENVIRONMENT / ("Scripts/python.exe" if WINDOWS else "bin/python")


def prepare() -> Path:
    """Install the built wheel and the oldest Jupyter unless nothing changed; answer the Python.

    On a machine without Python 3.10, it is the project's own.
    """
    STEP.run()
    return OLDEST_PYTHON


def find() -> Path | None:
    """Return a Python of that version: on PATH, or among those that pyenv keeps beside it."""
    folders = [Path(folder) for folder in os.get_exec_path()]
    root = Path(os.environ.get("PYENV_ROOT", "~/.pyenv")).expanduser()
    kept = sorted(root.glob(f"versions/{VERSION}.*/bin"))
    candidates = [folder / f"python{VERSION}" for folder in (*folders, *kept)]
    return next((path for path in candidates if path.is_file() and _works(path)), None)


def _works(python: Path) -> bool:
    """Return whether it can make an environment: pyenv's own file on PATH may be a mere sign."""
    command = [str(python), "-c", "import ensurepip, sqlite3, ssl, venv"]
    return subprocess.run(command, capture_output=True, check=False).returncode == 0


def install_wheel() -> None:
    """Make the environment anew, with the wheel and what its extras need."""
    run([str(find() or PYTHON), "-m", "venv", "--clear", ENVIRONMENT])
    (wheel,) = DIST.glob("*.whl")
    if not install([f"{wheel}[tutorial,parquet]", *JUPYTER], python=OLDEST_PYTHON):
        raise Stop("The built wheel could not be installed beside JupyterLab 4.4; see above.")


STEP = Step(
    "oldest",
    "Installing the wheel beside JupyterLab 4.4",
    install_wheel,
    inputs=(".dev/stamps/wheel", "devtools/oldest.py"),
    outputs=(OLDEST_PYTHON,),
)
