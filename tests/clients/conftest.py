"""Real clients, each in its own environment and process, set up by ``smx-lab local env`` alone."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

from smx_lab.core.connection import LocalService
from smx_lab.local.home import launch

ROOT = Path(__file__).resolve().parents[2]
CLIENTS = ROOT / ".dev" / "clients"
SCRIPTS = Path(__file__).parent / "scripts"

# Nothing listens on the discard port, so a request that would leave the machine fails its test.
NOWHERE = "http://127.0.0.1:9"

# What a person types. Only our own Python needs the directory, in a checkout.
AS_TYPED = 'eval "$(cd "$SMX_ROOT" && "$SMX_PYTHON" -m smx_lab local env)" && exec "$@"'

Run = Callable[..., Any]
"""``run(client, script, *arguments)``: the JSON that the script printed as its last line."""


@pytest.fixture(scope="module")
def job_python() -> str:
    """Return the Python of the jobs: a job's script may import the SDK, as on SageMaker."""
    return str(python_of("sagemaker2"))


@pytest.fixture(scope="module")
def s3_service(tmp_path_factory: pytest.TempPathFactory, job_python: str) -> Iterator[LocalService]:
    """Run one local service for all tests of a module."""
    directory = tmp_path_factory.mktemp("s3-service")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SMX_LAB_PYTHON", job_python)
        service = launch.ensure_running(directory)
    yield service
    launch.stop(directory)


@pytest.fixture
def execute(s3_service: LocalService, tmp_path: Path) -> Callable[..., str]:
    """Return ``execute(*command)``, which runs a command in a shell that uses the service.

    It returns what the command printed.
    """

    def run(*command: str | Path, **variables: str) -> str:
        done = subprocess.run(
            ["sh", "-c", AS_TYPED, "sh", *map(str, command)],
            cwd=tmp_path,
            env={**_environment(s3_service, tmp_path), **variables},
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, f"{done.stdout}\n{done.stderr}"
        return done.stdout

    return run


@pytest.fixture
def run(execute: Callable[..., str]) -> Run:
    """Return ``run(client, script)``, which runs a script of ``scripts/`` in a client's Python."""

    def run_script(client: str, script: str, *arguments: str) -> Any:
        printed = execute(python_of(client), "-W", "ignore", SCRIPTS / script, *arguments)
        return json.loads(printed.splitlines()[-1])

    return run_script


def python_of(client: str) -> Path:
    """Return the Python of a client's environment, which dev.py makes."""
    python = Path(sys.executable) if client == "ours" else CLIENTS / client / "bin" / "python"
    assert python.exists(), f"{python} is missing. Make it with: python3 dev.py test tests/clients"
    return python


def _environment(service: LocalService, home: Path) -> Mapping[str, str]:
    kept = {name: os.environ[name] for name in ("PATH", "TMPDIR", "LANG") if name in os.environ}
    return {
        **kept,
        "HOME": str(home),
        "SMX_ROOT": str(ROOT),
        "SMX_PYTHON": sys.executable,
        "SMX_LAB_DATA_DIR": service.data_dir,
        "HTTPS_PROXY": NOWHERE,
        "AWS_MAX_ATTEMPTS": "1",
    }
