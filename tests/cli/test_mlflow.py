"""smx-lab export --to mlflow, in a shell."""

import sqlite3
import sys
from contextlib import closing

import pytest

from smx_lab.cli.main import main
from tests.services.copies.test_copies import fill

# MLflow calls what newer versions of its own dependencies deprecate.
pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning")


@pytest.fixture(autouse=True)
def environment(local_service, monkeypatch, tmp_path):
    monkeypatch.setenv("SMX_LAB_DATA_DIR", local_service.data_dir)
    monkeypatch.chdir(tmp_path)


def test_a_dry_run_tells_and_makes_nothing_and_the_export_does_it(local_service, tmp_path, capsys):
    fill(local_service, "mnist")
    file = tmp_path / "mlflow.db"
    line = ["export", "mnist", "--to", "mlflow", f"sqlite:///{file}"]
    assert main([*line, "--dry-run"]) == 0
    would = capsys.readouterr().out
    assert "Not as it was: The trial mnist-1: its display name\n" in would
    assert would.endswith(
        f"Would export mnist to sqlite:///{file}: runs: 1 new, 0 begun before and finished, "
        "0 there already.\n"
    )
    assert not file.exists()
    assert main(line) == 0
    assert capsys.readouterr().out == would.replace("Would export", "Exported")
    assert main([*line, "--dry-run"]) == 0
    assert "runs: 0 new, 0 begun before and finished, 1 there" in capsys.readouterr().out
    with closing(sqlite3.connect(file)) as database:
        assert database.execute("SELECT name, status FROM runs").fetchall() == [
            ("Preprocessing", "FINISHED")
        ]


def test_without_mlflow_a_sentence_names_the_extra(monkeypatch, capsys):
    monkeypatch.setitem(sys.modules, "mlflow", None)
    assert main(["export", "mnist", "--to", "mlflow", "sqlite:///mlflow.db"]) == 1
    said = capsys.readouterr().err
    assert said.startswith("smx-lab: Exporting to MLflow needs mlflow where smx-lab runs.")
    assert "pip install 'smx-lab[mlflow]'" in said


def test_a_server_that_is_not_there_is_said_without_its_password(
    local_service, monkeypatch, capsys
):
    fill(local_service, "unreached")
    monkeypatch.setenv("MLFLOW_HTTP_REQUEST_MAX_RETRIES", "0")
    assert main(["export", "unreached", "--to", "mlflow", "http://ada:secret@127.0.0.1:9"]) == 1
    said = capsys.readouterr().err
    assert "smx-lab: MLflow at http://127.0.0.1:9: " in said
    assert "secret" not in said
    assert "The same command goes on where this one stopped." in said


@pytest.mark.parametrize(
    ("line", "sentence"),
    [
        ("mnist --dry-run", "--dry-run goes with --to."),
        ("mnist --to wandb x", "Say where to with: --to mlflow URI."),
        ("--to mlflow sqlite:///x.db", "Name an experiment."),
        ("mnist --to mlflow x --output y.csv", "--output is about files, and does not go with"),
        ("mnist --to mlflow arn:aws:sagemaker:x", "pip install sagemaker-mlflow"),
    ],
)
def test_a_mistake_is_answered_in_one_sentence(line, sentence, capsys):
    assert main(["export", *line.split()]) == 1
    assert sentence in capsys.readouterr().err


ARN = "arn:aws:sagemaker:eu-west-1:111122223333:mlflow-tracking-server/ours"


@pytest.fixture
def plugin(monkeypatch, tmp_path):
    """SageMaker's plugin as far as this goes: a store for ARNs, here one in a database."""
    from mlflow import get_tracking_uri
    from mlflow.store.tracking.sqlalchemy_store import SqlAlchemyStore
    from mlflow.tracking._tracking_service.utils import _tracking_store_registry

    folder = tmp_path / "plugin" / "sagemaker_mlflow"
    folder.mkdir(parents=True)
    (folder / "__init__.py").touch()
    monkeypatch.syspath_prepend(folder.parent)
    monkeypatch.setenv("MLFLOW_TRACKING_URI", "http://127.0.0.1:9")  # as a user may have it

    def store(store_uri, artifact_uri=None):
        # The plugin signs for the address that MLflow at large is set to.
        assert (store_uri, get_tracking_uri()) == (ARN, ARN)
        return SqlAlchemyStore(f"sqlite:///{tmp_path / 'mlflow.db'}", str(tmp_path / "files"))

    monkeypatch.setitem(_tracking_store_registry._registry, "arn", store)


def test_an_mlflow_of_sagemaker_is_named_by_its_arn(plugin, local_service, tmp_path, capsys):
    fill(local_service, "by-arn")
    assert main(["export", "by-arn", "--to", "mlflow", ARN]) == 0
    assert f"Exported by-arn to {ARN}: runs: 1 new" in capsys.readouterr().out
    with closing(sqlite3.connect(tmp_path / "mlflow.db")) as database:
        assert database.execute("SELECT name FROM runs").fetchall() == [("Preprocessing",)]


def test_an_arn_of_something_else_is_an_error_in_one_sentence(plugin, capsys):
    assert main(["export", "by-arn", "--to", "mlflow", "arn:aws:sagemaker:x"]) == 1
    assert "is not the ARN of an MLflow of SageMaker" in capsys.readouterr().err
