"""Build the wheel from tracked files and install it in an environment without Node."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

from devtools.base import PYTHON, ROOT, STATE, WINDOWS, Stop, environment, output, run
from devtools.setup import install
from devtools.steps import Step

FOLDER = STATE / "wheel"
DIST = FOLDER / "dist"
ENVIRONMENT = FOLDER / "venv"
WHEEL_PYTHON = ENVIRONMENT / ("Scripts/python.exe" if WINDOWS else "bin/python")


def prepare() -> Path:
    """Build and install the wheel if something changed; return the Python of its environment."""
    STEP.run()
    return WHEEL_PYTHON


def build_and_install() -> None:
    """Build in a copy of the checkout, as a user's pip does, and install the result."""
    shutil.rmtree(FOLDER, ignore_errors=True)
    checkout = FOLDER / "checkout"
    for name in tracked_files():
        target = checkout / name
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(ROOT / name, target)
    # pip builds in isolation and installs Node for the build, so Node need not be on PATH.
    build = [PYTHON, "-m", "pip", "wheel", "-q", "--no-deps", "-w", DIST, checkout]
    subprocess.run([str(part) for part in build], cwd=FOLDER, env=without_node(), check=True)
    shutil.rmtree(checkout)
    run([PYTHON, "-m", "venv", ENVIRONMENT])
    (wheel,) = DIST.glob("*.whl")
    if not install(
        [f"{wheel}[tutorial,parquet]", "jupyterlab>=4.4,<5", "ipykernel"], python=WHEEL_PYTHON
    ):
        raise Stop("The built wheel could not be installed; the lines above say why.")


def tracked_files() -> list[str]:
    """Return the files that git tracks or would add, relative to the root."""
    listed = output(["git", "ls-files", "--cached", "--others", "--exclude-standard"])
    return [name for name in listed.splitlines() if (ROOT / name).is_file()]


def without_node() -> dict[str, str]:
    """Return environment variables with only a shell on PATH. The build installs the rest."""
    tools = FOLDER / "tools"
    tools.mkdir(parents=True, exist_ok=True)
    shell = shutil.which("sh")
    if shell and not (tools / "sh").exists():
        (tools / "sh").symlink_to(shell)  # npm looks for it on PATH
    return {**environment(), "PATH": str(tools), "npm_config_prefer_offline": "true"}


STEP = Step(
    "wheel",
    "Building the wheel and installing it without Node",
    build_and_install,
    inputs=(
        "smx_lab/**/*.py", "smx_lab/**/*.sql", "smx_lab/**/*.ipynb", "src/**/*", "style/**/*",
        "schema/*", "package.json", "package-lock.json", "pyproject.toml", "hatch_build.py",
        "README.md", "LICENSE", "install.json", "rspack.config.cjs", "jupyter-config/**/*",
    ),
    outputs=(WHEEL_PYTHON,),
)  # fmt: skip
