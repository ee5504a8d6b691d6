"""sagemaker 2.x, unchanged and with no network."""

from __future__ import annotations

import json
from collections.abc import Callable

from tests.clients.conftest import SCRIPTS, Run, python_of
from tests.clients.runs import EXPECTED_RUNS

ROLE = "arn:aws:iam::000000000000:role/service-role/AmazonSageMaker-ExecutionRole-local"


def test_the_tutorials_notebook_runs_as_it_stands(execute: Callable[..., str]):
    printed = execute(python_of("sagemaker2"), "-W", "ignore", SCRIPTS / "notebook.py")
    assert printed.count("Train Epoch: 29 Train Loss: ") == 2
    # Twice by fit and once by attach.
    assert printed.count("Completed - Training job completed") == 3
    seen = json.loads(printed.splitlines()[-1])
    assert seen["role"] == ROLE
    assert seen["inputs"] == "s3://sagemaker-experiments-us-east-1-000000000000/mnist"
    assert seen["hidden_channels"] == [20, 2]
    assert seen["counts"] == [30, 30]
    assert seen["accuracies"] == sorted(seen["accuracies"], reverse=True)
    assert seen["columns"][:3] == ["TrialComponentName", "DisplayName", "SourceArn"]
    assert seen["lineage"] == ["Preprocessing", "Training"]
    assert seen["right"] > 0.7
    assert seen["experiments_left"] == 0


def test_runs_are_tracked_listed_and_loaded(run: Run):
    seen = run("sagemaker2", "runs.py", "2")
    assert seen.pop("analytics") == {"rate": [0.2, 0.1], "loss": [12, 12]}
    assert seen == EXPECTED_RUNS


def test_a_job_inside_a_run_tracks_into_it(run: Run):
    assert run("sagemaker2", "run_with_job.py") == {
        "parameters": {"from_notebook": 1.0, "from_job": 7.0},
        "metrics": {"job:loss": 3},
        "run_of_job": "from-inside-run",
    }
