"""The tutorial's notebook as a file, and the folder it is copied to."""

from __future__ import annotations

import json
from pathlib import Path

import nbformat
import pytest

from smx_lab.cli.main import main
from smx_lab.tutorial.files import HERE, NOTEBOOK, SCRIPT, STAGES, copy_missing, read_cells


def notebook() -> nbformat.NotebookNode:
    return nbformat.read(HERE / NOTEBOOK, as_version=4)


def test_the_notebook_is_valid_and_holds_no_output() -> None:
    nbformat.validate(notebook())
    code = [cell for cell in notebook().cells if cell.cell_type == "code"]
    assert [cell.id for cell in code if cell.outputs or cell.execution_count is not None] == []


def test_its_code_cells_come_in_the_order_of_the_stages() -> None:
    stages = [cell.stage for cell in read_cells()]
    assert set(stages) == set(STAGES)
    assert stages == sorted(stages, key=STAGES.index)


def test_reading_until_a_stage_leaves_out_what_comes_after_it() -> None:
    stages = {cell.stage for cell in read_cells("experiment")}
    assert stages == {"setup", "preprocessing", "experiment"}


def test_every_step_on_the_screen_is_written_in_the_notebook() -> None:
    text = "\n".join(cell.source for cell in notebook().cells if cell.cell_type == "markdown")
    labels = [
        "SageMaker Experiment List",
        "Unassigned trial components",
        "Open in trial component list",
        "TABLE PROPERTIES",
        "Created on",
        "Last modified",
        "Data aggregation",
        "Maximum",
        "SageMaker Endpoint List",
        "REQUIRED SETTINGS",
        "Deploy model",
    ]
    assert [label for label in labels if f"**{label}**" not in text] == []


def test_a_copy_has_notebook_and_script_and_keeps_what_was_changed_in_it(tmp_path: Path) -> None:
    copies = copy_missing(tmp_path / "digits")
    assert [path.name for path in copies] == [NOTEBOOK, SCRIPT]
    copies[1].write_text("changed = True", encoding="utf-8")
    copies[0].unlink()
    copy_missing(tmp_path / "digits")
    assert copies[1].read_text(encoding="utf-8") == "changed = True"
    assert json.loads(copies[0].read_text(encoding="utf-8"))["nbformat"] == 4


def test_copy_only_copies_and_runs_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("SMX_LAB_DATA_DIR", str(tmp_path / "data"))
    assert main(["tutorial", "--copy-only", "--directory", str(tmp_path / "digits")]) == 0
    copies = [str(tmp_path / "digits" / name) for name in (NOTEBOOK, SCRIPT)]
    assert capsys.readouterr().out.splitlines() == copies
    assert not (tmp_path / "data").exists()
