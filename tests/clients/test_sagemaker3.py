"""The core of sagemaker 3.x, unchanged and with no network."""

from __future__ import annotations

from tests.clients.conftest import Run
from tests.clients.runs import EXPECTED_RUNS


def test_runs_are_tracked_listed_and_loaded(run: Run):
    seen = run("sagemaker3", "runs.py", "3")
    assert seen.pop("analytics") == {}
    assert seen == EXPECTED_RUNS
