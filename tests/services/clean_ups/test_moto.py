"""A clean up against moto's server: an AWS that nobody here wrote, over HTTP with real boto3."""

import boto3
import pytest

from smx_lab.core.clean_up.plan import CleanUpRequest, StartCleanUpRequest

AWS = "aws@us-east-1"


@pytest.fixture
def services(moto_services):
    return moto_services


def names(client, operation, kind, **members):
    found = client.get_paginator(operation).paginate(**members).build_full_result()
    return {one[f"{kind}Name"] for one in found[f"{kind}Summaries"]}


def test_an_experiment_goes_and_what_another_trial_uses_stays(services, moto_url):
    client = boto3.client("sagemaker", endpoint_url=moto_url, region_name="us-east-1")
    for experiment in ("clothes", "shoes"):
        client.create_experiment(ExperimentName=experiment)
        client.create_trial(TrialName=f"{experiment}-1", ExperimentName=experiment)
    for name in ("clothes-preprocessing", "clothes-training"):
        client.create_trial_component(TrialComponentName=name)
        client.associate_trial_component(TrialComponentName=name, TrialName="clothes-1")
    client.associate_trial_component(
        TrialComponentName="clothes-preprocessing", TrialName="shoes-1"
    )
    # moto lists a component in the trial that it was put into last.
    client.create_trial(TrialName="clothes-2", ExperimentName="clothes")
    client.associate_trial_component(
        TrialComponentName="clothes-preprocessing", TrialName="clothes-2"
    )

    plan = services.clean_ups.plan(AWS, CleanUpRequest(experiments=["clothes"]))
    assert [one.trial_component_name for one in plan.trial_components] == ["clothes-training"]
    (kept,) = plan.kept
    assert kept.trial_component_name == "clothes-preprocessing"
    assert [(one.trial_name, one.experiment_name) for one in kept.used_by] == [("shoes-1", "shoes")]
    assert plan.counts.links == 3

    request = StartCleanUpRequest(experiments=["clothes"], typed_name="clothes")
    done = services.operations.wait(services.clean_ups.start(AWS, request).id, 60)
    assert (done.state, done.error) == ("succeeded", None)
    assert "clothes" not in names(client, "list_experiments", "Experiment")
    assert not names(client, "list_trials", "Trial") & {"clothes-1", "clothes-2"}
    components = names(client, "list_trial_components", "TrialComponent")
    assert {"clothes-preprocessing", "clothes-training"} & components == {"clothes-preprocessing"}
    users = names(client, "list_trials", "Trial", TrialComponentName="clothes-preprocessing")
    assert users == {"shoes-1"}
