"""The tutorial's notebook with PyTorch itself in the training jobs and behind the endpoint."""

from __future__ import annotations

import json
import os
import subprocess
from collections.abc import Callable

import pytest

from tests.clients.conftest import SCRIPTS, python_of


@pytest.fixture(scope="module")
def job_python() -> str:
    """Return a Python with PyTorch, or skip."""
    python = os.environ.get("SMX_LAB_PYTHON") or str(python_of("sagemaker2"))
    found = subprocess.run([python, "-c", "import numpy, torch"], capture_output=True, check=False)
    if found.returncode != 0:
        # A choice: PyTorch is several hundred MB, more than all other clients together, so it is
        # not installed for this test. The other clients run the same way through a job.
        pytest.skip(f"PyTorch is not in {python}; SMX_LAB_PYTHON may name a Python that has it.")
    return python


def test_the_tutorials_notebook_trains_and_serves_with_pytorch(execute: Callable[..., str]) -> None:
    client, notebook = python_of("sagemaker2"), SCRIPTS / "notebook.py"
    printed = execute(client, "-W", "ignore", notebook, "mnist_torch.py")
    assert printed.count("Train Epoch: 29 Train Loss: ") == 2
    seen = json.loads(printed.splitlines()[-1])
    assert seen["counts"] == [30, 30]
    assert seen["hidden_channels"] == [20, 2]
    assert seen["accuracies"] == sorted(seen["accuracies"], reverse=True)
    assert seen["right"] > 0.9
    assert seen["experiments_left"] == 0
