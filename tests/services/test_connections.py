"""Whether a connection's credentials are good, and what they lack."""

import json

import pytest
from botocore.stub import Stubber

from smx_lab.core.connection import LocalService
from smx_lab.services.connections import PROBES
from smx_lab.services.container import build_services

IDENTITY = {"Arn": "arn:aws:iam::111122223333:user/ada", "Account": "111122223333", "UserId": "A"}
DENIED = "User: ada is not authorized to perform: sagemaker:Search on resource: *"
EMPTY = {
    "search": {"Results": []},
    "list_experiments": {"ExperimentSummaries": []},
    "list_trials": {"TrialSummaries": []},
    "list_trial_components": {"TrialComponentSummaries": []},
    "list_training_jobs": {"TrainingJobSummaries": []},
    "list_models": {"Models": []},
    "list_endpoint_configs": {"EndpointConfigs": []},
    "list_endpoints": {"Endpoints": []},
}


@pytest.fixture
def stubbed(tmp_path):
    """The service, and stubs of STS and SageMaker."""
    url = "http://127.0.0.1:1"
    nowhere = LocalService(
        sagemaker_url=url,
        metrics_url=url,
        runtime_url=url,
        access_key_id="AKIDLOCAL",
        secret_access_key="secret",
        region="us-east-1",
        account="000000000000",
        pid=1,
        data_dir="/nowhere",
    )
    services = build_services(tmp_path, lambda: nowhere)
    gateway = services.gateway.sagemaker("local")
    with Stubber(gateway.client("sts")) as sts, Stubber(gateway.client()) as sagemaker:
        yield services.connections, sts, sagemaker
        sagemaker.assert_no_pending_responses()


def test_good_credentials_are_said_to_be_good(services):
    test = services.connections.test_connection("local")
    assert (test.ok, test.denied_actions, test.policy, test.error) == (True, [], None, None)
    assert (test.account, test.region) == ("000000000000", "us-east-1")


def test_every_denied_action_is_listed_with_a_policy_for_all(stubbed):
    connections, sts, sagemaker = stubbed
    sts.add_response("get_caller_identity", IDENTITY)
    for operation, members in PROBES:
        if operation == "search":
            sagemaker.add_client_error(operation, "AccessDeniedException", DENIED)
        elif operation == "list_models":
            sagemaker.add_client_error(operation, "AccessDeniedException", "No.")
        else:
            sagemaker.add_response(operation, EMPTY[operation], members)
    test = connections.test_connection("local")
    assert (test.ok, test.caller_arn) == (False, IDENTITY["Arn"])
    assert test.denied_actions == ["sagemaker:Search", "sagemaker:ListModels"]
    assert json.loads(test.policy)["Statement"][0]["Action"] == test.denied_actions


def test_expired_credentials_are_an_answer(stubbed):
    connections, sts, _ = stubbed
    sts.add_client_error("get_caller_identity", "ExpiredToken", "It has expired.")
    test = connections.test_connection("local")
    assert (test.ok, test.error.code) == (False, "credentials_expired")
    assert test.error.message == "Your AWS credentials have expired."
