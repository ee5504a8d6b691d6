"""The routes on moto's server instead of AWS, called over HTTP by real boto3."""

import asyncio

import boto3
import pytest

CONNECTION = "aws@us-east-1"
SERVICES = ("sagemaker", "sagemaker-metrics", "sagemaker-runtime", "sts", "iam", "logs")
ROLE = "arn:aws:iam::123456789012:role/execution"
IMAGE = "123456789012.dkr.ecr.us-east-1.amazonaws.com/mnist:1"


@pytest.fixture
def extension_config(moto_url):
    return {"endpoint_urls": dict.fromkeys(SERVICES, moto_url)}


@pytest.fixture(scope="module")
def account(moto_url):
    """Create an experiment with two trials that share a component."""
    client = boto3.session.Session().client(
        "sagemaker",
        endpoint_url=moto_url,
        region_name="us-east-1",
        aws_access_key_id="AKIDNOBODY",
        aws_secret_access_key="secret",
    )
    client.create_experiment(ExperimentName="mnist", Description="Digits")
    client.create_trial_component(
        TrialComponentName="preprocessing",
        DisplayName="Preprocessing",
        Parameters={"mean": {"NumberValue": 0.1307}, "optimizer": {"StringValue": '"sgd"'}},
    )
    for trial in ("mnist-1", "mnist-2"):
        client.create_trial(TrialName=trial, ExperimentName="mnist")
        client.associate_trial_component(TrialComponentName="preprocessing", TrialName=trial)
    client.create_training_job(
        TrainingJobName="mnist-job",
        AlgorithmSpecification={"TrainingImage": IMAGE, "TrainingInputMode": "File"},
        RoleArn=ROLE,
        OutputDataConfig={"S3OutputPath": "s3://bucket/output"},
        ResourceConfig={"InstanceType": "ml.m5.large", "InstanceCount": 1, "VolumeSizeInGB": 5},
        StoppingCondition={"MaxRuntimeInSeconds": 3600},
    )
    return client


@pytest.fixture
def keys(monkeypatch, account):
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "AKIDNOBODY")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "secret")
    return account


async def test_the_browser_lists_what_is_in_the_account(ask, keys):
    answer = await ask("GET", f"/{CONNECTION}/experiments")
    assert "mnist" in [e["experiment_name"] for e in answer.body["experiments"]]
    answer = await ask("GET", f"/{CONNECTION}/experiments/mnist/trials")
    assert {t["trial_name"] for t in answer.body["trials"]} == {"mnist-1", "mnist-2"}
    # moto puts a component into the trial of its last association only.
    answer = await ask("GET", f"/{CONNECTION}/trials/mnist-2/trial-components")
    assert [c["display_name"] for c in answer.body["trial_components"]] == ["Preprocessing"]


async def test_a_trial_component_is_described(ask, keys):
    answer = await ask("GET", f"/{CONNECTION}/trial-components/preprocessing")
    assert answer.body["display_name"] == "Preprocessing"
    assert answer.body["parameters"]["mean"] == 0.1307


async def test_a_table_is_read_one_by_one_where_search_knows_no_parents(ask, keys):
    """moto's Search refuses the property that the trial components of an experiment have."""
    opened = (await ask("POST", f"/{CONNECTION}/tables", {"experiments": ["mnist"]})).body
    state = opened
    while not state["complete"]:
        await asyncio.sleep(0.05)
        state = (await ask("GET", f"/{CONNECTION}/tables/{opened['table_id']}")).body or state
    # moto puts a component into the trial of its last association only.
    assert state["error"] is None
    assert state["total"] > 0
    assert state["search_error"]["code"] == "invalid_request"
    assert state["search_error"]["message"] == "Unknown property name: Parents.ExperimentName"


async def test_the_connection_is_tested_and_what_the_server_cannot_do_is_not_known(ask, keys):
    test = (await ask("POST", f"/connections/{CONNECTION}/test")).body
    assert (test["account"], test["region"]) == ("123456789012", "us-east-1")
    assert (test["ok"], test["denied_actions"]) == (True, [])
    found = {check["action"]: check["outcome"] for check in test["checks"]}
    assert (found["sagemaker:Search"], found["sagemaker:CreateModel"]) == ("allowed", "unknown")
    passed = next(p["document"] for p in test["policies"] if p["features"] == ["deploy"])
    assert f'"Resource": "{ROLE}"' in passed


async def test_an_endpoint_is_listed_described_and_deleted(ask, keys):
    keys.create_model(
        ModelName="digits",
        PrimaryContainer={"Image": IMAGE, "ModelDataUrl": "s3://bucket/model.tar.gz"},
        ExecutionRoleArn=ROLE,
    )
    variant = {
        "VariantName": "AllTraffic",
        "ModelName": "digits",
        "InitialInstanceCount": 1,
        "InstanceType": "ml.m5.xlarge",
    }
    keys.create_endpoint_config(EndpointConfigName="digits", ProductionVariants=[variant])
    keys.create_endpoint(EndpointName="digits", EndpointConfigName="digits")
    listed = (await ask("GET", f"/{CONNECTION}/endpoints")).body["endpoints"]
    assert ("digits", "InService") in [(e["endpoint_name"], e["endpoint_status"]) for e in listed]
    described = (await ask("GET", f"/{CONNECTION}/endpoints/digits")).body
    assert described["production_variants"][0]["model_name"] == "digits"
    operation = (await ask("DELETE", f"/{CONNECTION}/endpoints/digits")).body
    while operation["state"] not in ("succeeded", "failed"):
        await asyncio.sleep(0.05)
        operation = (await ask("GET", f"/operations/{operation['id']}")).body
    assert operation["error"] is None
    assert "digits" not in [e["EndpointName"] for e in keys.list_endpoints()["Endpoints"]]
