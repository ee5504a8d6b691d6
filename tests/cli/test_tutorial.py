"""``smx-lab tutorial`` on a real local service, and the memory of having run it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from smx_lab.local.home import launch
from smx_lab.tutorial import marker


@pytest.fixture
def data_dir(tmp_path: Path) -> Iterator[Path]:
    directory = tmp_path / "data"
    yield directory
    launch.stop(directory)


def tutorial(data_dir: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run the command in a folder beside the data directory."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("AWS_")}
    return subprocess.run(
        [sys.executable, "-m", "smx_lab", "tutorial",
         "--directory", str(data_dir.parent / "digits"), *arguments],
        env={**kept, "SMX_LAB_DATA_DIR": str(data_dir), "HOME": str(data_dir.parent)},
        capture_output=True, text=True, timeout=300, check=False,
    )  # fmt: skip


def test_it_runs_until_a_stage_and_not_twice_with_once(data_dir: Path) -> None:
    first = tutorial(data_dir, "--until", "experiment", "--once")
    assert first.returncode == 0, first.stderr
    headings = [line for line in first.stdout.splitlines() if line.startswith("== ")]
    assert headings == ["== setup ==", "== preprocessing ==", "== experiment =="]
    assert marker.state(data_dir) == "finished"

    second = tutorial(data_dir, "--until", "experiment", "--once")
    assert second.stdout == "The tutorial has been run with this data directory.\n"


def test_a_cell_that_fails_ends_it_with_one_sentence(data_dir: Path) -> None:
    (data_dir.parent / "digits").mkdir()
    # The dataset's folder cannot be made: a file of that name is in the way.
    (data_dir.parent / "digits" / "digits-dataset").write_text("in the way", encoding="utf-8")
    done = tutorial(data_dir, "--until", "setup")
    assert done.returncode == 1
    assert done.stderr.splitlines()[-1].startswith("The cell write-dataset failed: FileExistsError")
    assert marker.state(data_dir) == "failed"


def test_a_run_whose_process_is_gone_counts_as_failed(tmp_path: Path) -> None:
    assert marker.state(tmp_path) == "new"
    with marker.record(tmp_path, "training"):
        assert marker.state(tmp_path) == "running"
        record = json.loads((tmp_path / marker.FILE).read_text(encoding="utf-8"))
    # The pid may have been given to another process since: the start time tells them apart.
    record.update(state="running", process_start=record["process_start"] - 1)
    (tmp_path / marker.FILE).write_text(json.dumps(record), encoding="utf-8")
    assert marker.state(tmp_path) == "failed"
