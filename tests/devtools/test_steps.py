"""The set-up's steps run when something they depend on has changed, and only then."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from devtools import steps
from devtools.base import Stop
from devtools.steps import Step


@pytest.fixture
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return a folder that takes the repository's place."""
    monkeypatch.setattr(steps, "ROOT", tmp_path)
    monkeypatch.setattr(steps, "STATE", tmp_path / ".dev")
    (tmp_path / "input.txt").write_text("one", encoding="utf-8")
    return tmp_path


def copying(root: Path) -> Step:
    """Return a step that copies its input."""

    def copy() -> None:
        (root / "output.txt").write_bytes((root / "input.txt").read_bytes())

    return Step("copy", "Copying", copy, inputs=("*.txt",), outputs=(root / "output.txt",))


def test_a_step_is_skipped_while_nothing_has_changed(root: Path) -> None:
    assert [copying(root).run() for _ in range(2)] == [True, False]


def test_a_step_runs_again_when_an_input_has_changed(root: Path) -> None:
    copying(root).run()
    (root / "input.txt").write_text("two", encoding="utf-8")
    assert copying(root).run()
    assert (root / "output.txt").read_text(encoding="utf-8") == "two"


def test_a_step_runs_again_when_its_output_is_gone(root: Path) -> None:
    copying(root).run()
    (root / "output.txt").unlink()
    assert copying(root).run()


def test_a_step_that_failed_is_told_in_one_sentence_and_is_due_again(root: Path) -> None:
    def fail() -> None:
        raise subprocess.CalledProcessError(1, ["npm", "ci"])

    step = Step("npm", "Installing npm packages", fail, inputs=("*.txt",))
    for _ in range(2):
        with pytest.raises(Stop, match="Installing npm packages failed"):
            step.run()
