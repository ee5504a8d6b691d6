"""smx-lab export: tables as files, in a shell, without Jupyter."""

import json
import subprocess
import sys

import pandas as pd
import pytest

from smx_lab.cli.main import main
from tests.support.clients import client_of


@pytest.fixture(scope="module")
def data_dir(local_service):
    """A data directory whose service knows an experiment of two components."""
    sagemaker = client_of(local_service)
    sagemaker.create_experiment(ExperimentName="mnist")
    sagemaker.create_trial(TrialName="t1", ExperimentName="mnist")
    for epochs in (2, 10):
        name = f"training-{epochs}"
        sagemaker.create_trial_component(
            TrialComponentName=name, Parameters={"epochs": {"NumberValue": epochs}}
        )
        sagemaker.associate_trial_component(TrialName="t1", TrialComponentName=name)
    return local_service.data_dir


@pytest.fixture(autouse=True)
def environment(data_dir, monkeypatch):
    monkeypatch.setenv("SMX_LAB_DATA_DIR", str(data_dir))


def test_a_table_is_written_to_standard_output_for_a_pipe():
    done = subprocess.run(
        [sys.executable, "-m", "smx_lab", "export", "mnist", "--column", "Trial component",
         "--column", "epochs", "--sort", "epochs"],
        capture_output=True, check=True,
    )  # fmt: skip
    assert done.stdout == b"Trial component,epochs\ntraining-10,10\ntraining-2,2\n"
    assert done.stderr == b""


def test_the_ending_of_the_file_says_the_format(tmp_path, capsys):
    assert main(["export", "mnist", "--output", str(tmp_path / "mnist.parquet")]) == 0
    frame = pd.read_parquet(tmp_path / "mnist.parquet")
    assert sorted(frame["epochs"]) == [2, 10]
    assert list(frame.columns)[:3] == ["Status", "Experiment", "Type"]
    assert "Exported 2 rows to" in capsys.readouterr().err
    line = "export --trial t1 --format json --column epochs --sort epochs --ascending --output"
    assert main([*line.split(), str(tmp_path / "x.txt")]) == 0
    assert json.loads((tmp_path / "x.txt").read_text()) == [{"epochs": 2}, {"epochs": 10}]


def test_a_file_that_is_there_is_left_alone_unless_told_otherwise(tmp_path, capsys):
    file = tmp_path / "mnist.csv"
    file.write_text("mine")
    assert main(["export", "mnist", "--output", str(file)]) == 1
    assert "is there already. Replace it with --overwrite." in capsys.readouterr().err
    assert file.read_text() == "mine"
    assert main(["export", "mnist", "--output", str(file), "--overwrite"]) == 0
    assert file.read_text().startswith("Status,")
    assert [path.name for path in tmp_path.iterdir()] == ["mnist.csv"]


@pytest.mark.parametrize(
    ("line", "sentence"),
    [
        ("", "Name an experiment, a trial with --trial, or a file of a view with --view."),
        ("mnits", "The experiment mnits does not exist."),
        ("mnist --column epoch", "There is no column epoch in this table. Did you mean epochs?"),
        ("mnist --sort loss=Maximun", "“Maximun” is no statistic; there are Last value"),
        ("mnist --connection nowhere", "This server offers no connection named nowhere."),
        ("--view nowhere.smxview", "nowhere.smxview cannot be read: No such file or directory."),
        ("--view x --sort epochs", "--sort does not go with --view, which says that already."),
        ("mnist --to mlflow x --view x", "--view is about files, and does not go with --to."),
    ],
)
def test_a_mistake_is_answered_in_one_sentence(line, sentence, capsys):
    assert main(["export", *line.split()]) == 1
    error = capsys.readouterr().err
    assert error.startswith("smx-lab: ")
    assert sentence.split(";")[0].removesuffix(".") in error
    assert "Traceback" not in error


def view_file(folder, **members):
    """A file as JupyterLab writes it."""
    view = {
        "groups": {"summary": {"on": False, "except": ["summary:Trial component"]}},
        "sort": [{"column": "parameter:epochs", "descending": False}],
    }
    content = {
        "connection": "local",
        "origin": {"experiments": ["mnist"], "trials": [], "unassigned": False},
        "version": 1,
        "view": view,
    }
    file = folder / "best.smxview"
    file.write_text(json.dumps({**content, **members}))
    return file


def test_a_file_of_a_view_gives_its_table(tmp_path, capfdbinary):
    assert main(["export", "--view", str(view_file(tmp_path))]) == 0
    written, said = capfdbinary.readouterr()
    assert written == b"Trial component,epochs\ntraining-2,2\ntraining-10,10\n"
    assert said == b""


def test_a_view_arranges_another_table_and_says_what_it_lacks(tmp_path, capfdbinary):
    file = view_file(
        tmp_path,
        connection="aws:gone",
        view={
            "order": ["parameter:epochs"],
            "groups": {"summary": {"on": False, "except": []}},
            "filters": [{"column": "parameter:epochs", "operator": "gt", "values": ["5"]}],
            "sort": [{"column": "metric:test:loss", "descending": True}],
        },
    )
    line = ["export", "--trial", "t1", "--connection", "local", "--view", str(file)]
    assert main(line) == 0
    written, said = capfdbinary.readouterr()
    assert written == b"epochs\n10\n"
    assert said == (
        b"smx-lab: The view best.smxview names a column that this table does not have: test:loss.\n"
    )


def test_only_the_columns_that_differ_are_exported_where_the_view_says_so(tmp_path, capfdbinary):
    view = {"comparing": {"onlyDifferences": True}}
    assert main(["export", "--view", str(view_file(tmp_path, view=view))]) == 0
    header = capfdbinary.readouterr().out.splitlines()[0].decode().split(",")
    assert {"Trial component", "epochs"} <= set(header)
    assert not {"Experiment", "Trial"} & set(header)


def test_a_file_that_is_no_view_is_answered_in_one_sentence_and_stays(tmp_path, capsys):
    file = tmp_path / "broken.smxview"
    file.write_text("<<<<<<< ours")
    assert main(["export", "--view", str(file), "--output", str(tmp_path / "x.csv")]) == 1
    assert capsys.readouterr().err == (
        "smx-lab: broken.smxview is no valid JSON, so it cannot be opened as a view.\n"
    )
    assert file.read_text() == "<<<<<<< ours"
    assert not (tmp_path / "x.csv").exists()
