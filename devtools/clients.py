"""Virtual environments of the clients that are tested against the local service.

They are separate, since their versions of botocore and other packages conflict with ours and with
each other. None of them is needed to run or build smx-lab.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable
from functools import partial
from pathlib import Path

from devtools.base import PYTHON, ROOT, STATE, WINDOWS, Stop, run
from devtools.setup import install
from devtools.steps import Step

FOLDER = STATE / "clients"
JAVASCRIPT = ROOT / "tests" / "clients" / "javascript"

# sagemaker-experiments imports pkg_resources, which later versions of setuptools do not have.
EXPERIMENTS = ("sagemaker-experiments==0.1.45", "setuptools<81")
PYTHON_CLIENTS = {
    "awscli": ("awscli>=1.40,<2",),
    "sagemaker2": ("sagemaker>=2.240,<3", "scikit-learn>=1.4", *EXPERIMENTS),
    # The part of sagemaker 3 that has sagemaker.core.experiments; the rest is 700 MB more.
    "sagemaker3": ("sagemaker-core>=2,<3", "scikit-learn>=1.4"),
}


def prepare() -> None:
    """Create every environment that is missing or differs from this file."""
    for step in STEPS:
        step.run()


def python_of(name: str) -> Path:
    """Return the Python of an environment."""
    return FOLDER / name / ("Scripts/python.exe" if WINDOWS else "bin/python")


def _make(name: str) -> Callable[[], None]:
    def make() -> None:
        shutil.rmtree(FOLDER / name, ignore_errors=True)
        run([PYTHON, "-m", "venv", "--without-pip", FOLDER / name])
        if not install(list(PYTHON_CLIENTS[name]), python=python_of(name)):
            raise Stop(f"The packages of {name} could not be installed; the lines above say why.")

    return make


def _make_javascript() -> None:
    folder = FOLDER / "javascript"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    for file in (JAVASCRIPT / "package.json", JAVASCRIPT / "package-lock.json", ROOT / ".npmrc"):
        shutil.copy2(file, folder)
    run(["npm", "ci", "--prefix", folder, "--no-progress", "--loglevel=error"])


STEPS = (
    *(
        Step(
            f"client-{name}",
            f"Installing a client to test: {name}",
            _make(name),
            outputs=(python_of(name),),
            facts=partial("\n".join, packages),
        )
        for name, packages in PYTHON_CLIENTS.items()
    ),
    Step(
        "client-javascript",
        "Installing a client to test: the AWS SDK for JavaScript",
        _make_javascript,
        inputs=("tests/clients/javascript/package-lock.json", ".npmrc"),
        outputs=(FOLDER / "javascript" / "node_modules" / ".package-lock.json",),
    ),
)
