"""An environment with the oldest supported versions: JupyterLab 4.4, Notebook 7.4, Python 3.10."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

from devtools.base import PYTHON, STATE, WINDOWS, Stop, run
from devtools.setup import install
from devtools.steps import Step
from devtools.wheel import DIST

VERSION = "3.10"
"""As in `requires-python` of pyproject.toml. Type checkers do not find every use of a newer API."""
JUPYTER = ("jupyterlab==4.4.*", "notebook==7.4.*", "ipykernel")
"""As in `dependencies` of pyproject.toml and package.json."""
ENVIRONMENT = STATE / "oldest"
OLDEST_PYTHON = ENVIRONMENT / ("Scripts/python.exe" if WINDOWS else "bin/python")


def prepare() -> Path:
    """Install the built wheel and the oldest Jupyter if something changed; return the Python.

    Without Python 3.10 on the machine, the project's own Python is used.
    """
    STEP.run()
    return OLDEST_PYTHON


def find() -> Path | None:
    """Return a Python of that version from PATH or from pyenv."""
    folders = [Path(folder) for folder in os.get_exec_path()]
    root = Path(os.environ.get("PYENV_ROOT", "~/.pyenv")).expanduser()
    kept = sorted(root.glob(f"versions/{VERSION}.*/bin"))
    candidates = [folder / f"python{VERSION}" for folder in (*folders, *kept)]
    return next((path for path in candidates if path.is_file() and _works(path)), None)


def _works(python: Path) -> bool:
    """Return whether it can create an environment; pyenv's file on PATH may be only a stub."""
    command = [str(python), "-c", "import ensurepip, sqlite3, ssl, venv"]
    return subprocess.run(command, capture_output=True, check=False).returncode == 0


def install_wheel() -> None:
    """Create the environment again, with the wheel and its extras."""
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
