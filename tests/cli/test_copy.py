"""``smx-lab copy``: between two local services, of which one stands for an account."""

import pytest

from smx_lab.cli.main import main
from tests.support.clients import client_of
from tests.support.copy_lab import facts, fill


@pytest.fixture
def shell(local_service, other_service, aws_environment, monkeypatch):
    """Variables as a user's shell has them."""
    monkeypatch.setenv("SMX_LAB_DATA_DIR", local_service.data_dir)
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", other_service.access_key_id)
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", other_service.secret_access_key)
    monkeypatch.setenv("AWS_ENDPOINT_URL_SAGEMAKER", other_service.sagemaker_url)
    monkeypatch.setenv("AWS_ENDPOINT_URL_SAGEMAKER_METRICS", other_service.metrics_url)


def copy(*more, name="mnist"):
    return main(["copy", "--from", "local", "--to", "aws@us-east-1", "--experiment", name, *more])


def test_a_dry_run_tells_and_does_nothing_and_the_copy_does_it(
    shell, local_service, other_service, capsys
):
    source = fill(local_service, "mnist")
    assert copy("--dry-run") == 0
    assert capsys.readouterr().out == (
        "Would copy mnist to aws@us-east-1: trials: 2, trial components: 1, metrics: 1.\n"
    )
    assert client_of(other_service).list_experiments()["ExperimentSummaries"] == []
    assert copy() == 0
    said = capsys.readouterr()
    assert said.out == "Copied mnist to aws@us-east-1.\n"
    assert "Metrics: Trial components: 1 of 1" in said.err
    assert facts(client_of(other_service), "mnist") == facts(source, "mnist")


def test_a_name_that_is_taken_is_an_error_in_one_sentence(
    shell, local_service, other_service, capsys
):
    client_of(local_service).create_experiment(ExperimentName="taken")
    client_of(other_service).create_experiment(ExperimentName="taken")
    assert copy("--dry-run", name="taken") == 1
    assert "The experiment taken exists there already" in capsys.readouterr().err
    assert copy(name="taken") == 1
    assert "smx-lab: The experiment taken exists at AWS already" in capsys.readouterr().err


def test_an_experiment_that_is_not_there_is_said_to_be_missing(shell, capsys):
    assert copy("--dry-run", name="nowhere") == 1
    assert capsys.readouterr().err == "smx-lab: The experiment nowhere does not exist.\n"
