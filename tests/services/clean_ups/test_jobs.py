"""Clean ups of real training jobs and of the endpoints that were deployed from them."""

import pytest

from smx_lab.core.clean_up.plan import CleanUpRequest, StartCleanUpRequest
from smx_lab.core.deployment.plan import DeploymentRequest
from tests.support import multiply
from tests.support.clean_up_lab import everything
from tests.support.clients import client_of
from tests.support.waiting import eventually


@pytest.fixture(scope="module")
def client(local_service):
    return client_of(local_service)


@pytest.fixture
def experiment(client, trained):
    """An experiment with the trained component; its trial is put away by the tests."""
    client.create_experiment(ExperimentName="multiplying")
    client.create_trial(TrialName="multiplying-1", ExperimentName="multiplying")
    client.associate_trial_component(TrialComponentName=trained, TrialName="multiplying-1")
    return "multiplying"


def deploy(services, trained, name):
    request = DeploymentRequest(trial_component_name=trained, endpoint_name=name)
    begun = services.deployments.create("local", request)
    assert services.operations.wait(begun.id, 120).state == "succeeded"


def test_endpoints_are_listed_and_go_with_what_only_they_use(services, client, trained, experiment):
    deploy(services, trained, "times-three")
    deploy(services, trained, "times-three-too")
    # A configuration that nothing serves, and that uses the model of one of them.
    variant = {
        "VariantName": "AllTraffic",
        "ModelName": "multiply",
        "InstanceType": "ml.m5.large",
        "InitialInstanceCount": 1,
    }
    client.create_endpoint_config(EndpointConfigName="spare", ProductionVariants=[variant])
    asked = {"experiments": [experiment], "keep_trial_components": True}
    plan = services.clean_ups.plan("local", CleanUpRequest(**asked))
    assert plan.counts.to_delete == 2
    found = {one.endpoint_name: one for one in plan.endpoints}
    one, other = found["times-three"], found["times-three-too"]
    assert (one.endpoint_status, one.trial_component_name) == ("InService", trained)
    assert (one.endpoint_config_name, one.models) == ("times-three", ())
    assert one.kept == {"multiply": "spare"}
    assert (other.endpoint_config_name, other.models) == ("times-three-too", ("multiply-2",))
    assert (one.note, plan.endpoint_error) == (None, None)
    assert [(one.kind, one.count) for one in plan.staying] == [
        ("training_jobs", 1),
        ("data", None),
        ("notebooks", None),
    ]

    with_endpoints = StartCleanUpRequest(**asked, delete_endpoints=True)
    plan = services.clean_ups.plan(
        "local", CleanUpRequest(**asked, delete_endpoints=True, code_style="sdk")
    )
    assert plan.counts.to_delete == 7
    for name in ("times-three", "times-three-too", "multiply-2"):
        assert f'"{name}"' in plan.code
    begun = services.clean_ups.start("local", with_endpoints)
    done = services.operations.wait(begun.id, 60)
    assert (done.state, done.error) == ("succeeded", None)
    assert done.outcome.deleted == {
        "endpoint": 2,
        "endpoint_config": 2,
        "model": 1,
        "link": 1,
        "trial": 1,
        "experiment": 1,
    }
    assert [step.name for step in done.steps][:3] == [
        "Delete endpoints",
        "Delete endpoint configurations",
        "Delete models",
    ]
    assert client.list_endpoints()["Endpoints"] == []
    left = [one["EndpointConfigName"] for one in client.list_endpoint_configs()["EndpointConfigs"]]
    assert left == ["spare"]
    assert [one["ModelName"] for one in client.list_models()["Models"]] == ["multiply"]
    assert everything(client)["components"] == {trained}


def test_the_code_deletes_the_endpoints_too(
    services, client, trained, experiment, local_service, monkeypatch
):
    monkeypatch.setenv("SMX_LAB_DATA_DIR", local_service.data_dir)
    deploy(services, trained, "by-code")
    request = CleanUpRequest(
        experiments=[experiment], keep_trial_components=True, delete_endpoints=True
    )
    exec(compile(services.clean_ups.plan("local", request).code, "code", "exec"), {})
    assert client.list_endpoints()["Endpoints"] == []
    assert everything(client)["experiments"] == set()


SLOW = """
import pathlib
import time

while not pathlib.Path({until!r}).exists():
    time.sleep(0.05)
"""


def test_the_component_of_a_running_job_goes_and_the_job_goes_on(services, client, tmp_path):
    until = tmp_path / "until"
    multiply.create_job(client, "slow", tmp_path / "job", SLOW.format(until=str(until)))
    component = "slow-aws-training-job"
    eventually(lambda: component in everything(client)["components"], "the component")
    plan = services.clean_ups.plan("local", CleanUpRequest(trial_components=[component]))
    assert plan.running == (component,)
    assert plan.warnings == (
        "A job still runs. SageMaker deletes the trial component of a running job, and the job "
        "goes on; what it logs from then on is lost. Stop it first, or wait for its end.",
    )
    request = StartCleanUpRequest(trial_components=[component])
    done = services.operations.wait(services.clean_ups.start("local", request).id, 60)
    assert done.state == "succeeded"
    until.touch()
    status = "TrainingJobStatus"
    eventually(
        lambda: client.describe_training_job(TrainingJobName="slow")[status] == "Completed",
        "the job's end",
    )
    assert component not in everything(client)["components"]
