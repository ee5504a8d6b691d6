"""Tables against moto's server: an AWS that nobody here wrote, over HTTP with real boto3."""

import boto3
import pytest

from smx_lab.contract.bodies import OpenTableRequest
from smx_lab.core.views.view import View, ViewColumn

AWS = "aws@us-east-1"


@pytest.fixture
def services(moto_services):
    return moto_services


@pytest.fixture
def trial(moto_url, services):
    """A trial with three components, made by boto3."""
    client = boto3.client("sagemaker", endpoint_url=moto_url, region_name="us-east-1")
    client.create_experiment(ExperimentName="fashion")
    client.create_trial(TrialName="fashion-1", ExperimentName="fashion")
    for number in range(3):
        name = f"fashion-1-{number}"
        client.create_trial_component(TrialComponentName=name, DisplayName=f"Training {number}")
        client.associate_trial_component(TrialComponentName=name, TrialName="fashion-1")
    return "fashion-1"


def test_a_trial_s_components_are_read_and_read_again(services, trial):
    found = services.gateway.sagemaker(AWS).search_components(
        {"Filters": [{"Name": "Parents.TrialName", "Operator": "Equals", "Value": trial}]},
    )
    names = {one.trial_component_name for one in found.components}
    assert names == {f"fashion-1-{number}" for number in range(3)}
    # Unlike SageMaker, moto does not say there in which trials a component is.
    assert not any(one.parents for one in found.components)
    for _ in range(2):
        state = services.tables.read_table(AWS, OpenTableRequest(trials=[trial]))
        assert (state.complete, state.error, state.total) == (True, None, 3)


def test_an_experiment_s_components_are_read_one_by_one(services, trial):
    """It knows no search by experiment, and says so as AWS would."""
    state = services.tables.read_table(AWS, OpenTableRequest(experiments=["fashion"]))
    assert (state.complete, state.error, state.total) == (True, None, 3)
    assert "Parents.ExperimentName" in state.search_error.message
    view = View(columns=(ViewColumn(column="summary:Trial component"),))
    found = services.tables.snapshot(AWS, state.table_id, view)
    assert sorted(found.columns[0].cells(0, len(found))) == [
        f"Training {number}" for number in range(3)
    ]
