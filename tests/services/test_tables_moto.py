"""Tables against moto's server: an AWS that nobody here wrote, over HTTP with real boto3."""

import boto3
import pytest

from smx_lab.contract.bodies import OpenTableRequest
from smx_lab.gateway.connections import ConnectionOptions
from smx_lab.services.container import build_services

AWS = "aws@us-east-1"


@pytest.fixture
def services(tmp_path, aws_environment, monkeypatch, moto_url):
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "AKIDNOBODY")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "secret")
    options = ConnectionOptions(endpoint_urls={"sagemaker": moto_url, "sts": moto_url})
    built = build_services(tmp_path / "data", None, options)
    yield built
    built.close()


@pytest.fixture
def trial(moto_url, services):
    """A trial with three components, made by boto3."""
    client = boto3.client("sagemaker", endpoint_url=moto_url, region_name="us-east-1")
    client.create_experiment(ExperimentName="mnist")
    client.create_trial(TrialName="mnist-1", ExperimentName="mnist")
    for number in range(3):
        name = f"mnist-1-{number}"
        client.create_trial_component(TrialComponentName=name, DisplayName=f"Training {number}")
        client.associate_trial_component(TrialComponentName=name, TrialName="mnist-1")
    return "mnist-1"


def test_a_trial_s_components_are_read_and_read_again(services, trial):
    found = services.gateway.sagemaker(AWS).search_plain(
        "ExperimentTrialComponent",
        {"Filters": [{"Name": "Parents.TrialName", "Operator": "Equals", "Value": trial}]},
    )
    names = {record["TrialComponentName"] for record in found.records}
    assert names == {f"mnist-1-{number}" for number in range(3)}
    for _ in range(2):
        state = services.tables.read_table(AWS, OpenTableRequest(trials=[trial]))
        # Unlike SageMaker, moto does not say in which trials a component is: there are no pairs.
        assert (state.complete, state.error, state.total) == (True, None, 0)


def test_what_moto_refuses_is_said(services, trial):
    """It knows no search by experiment, and says so as AWS would."""
    state = services.tables.open_table(AWS, OpenTableRequest(experiments=["mnist"]))
    services.tables._open[state.table_id].wait()
    state = services.tables.describe_table(AWS, state.table_id)
    assert (state.complete, state.error.code) == (False, "invalid_request")
    assert "Parents.ExperimentName" in state.error.message
