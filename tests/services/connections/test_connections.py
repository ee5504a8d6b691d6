"""Whether a connection's credentials are good, and what they lack."""

import json

import pytest

from smx_lab.gateway.connections import ConnectionOptions
from smx_lab.services.container import build_services
from tests.support.judging_aws import ARN, Upstream, credentials_file

READS = ("browse", "read", "charts")


@pytest.fixture(scope="module")
def upstream():
    made = Upstream()
    yield made
    made.close()


@pytest.fixture
def connections(aws_environment, tmp_path, upstream, local_service):
    """The service; profiles are added by writing the credentials file."""
    services = ("sagemaker", "sagemaker-metrics", "sts", "iam", "logs")
    options = ConnectionOptions(endpoint_urls=dict.fromkeys(services, upstream.url))
    aws_environment.write_text("[default]\nregion = eu-west-1\n")
    built = build_services(tmp_path / "data", lambda: local_service, options)
    yield built.connections
    built.close()


@pytest.fixture
def test_as(connections, tmp_path):
    """Test the connection of an access key."""

    def ask(key):
        text = credentials_file(default=key)
        (tmp_path / "aws-credentials").write_text(text)
        return connections.test_connection("aws")

    return ask


def outcomes(test, *features):
    return {c.outcome for c in test.checks if c.feature in features}


def test_the_local_service_may_all_that_looking_needs_and_has_no_policies(connections):
    test = connections.test_connection("local")
    assert (test.ok, test.denied_actions, test.policy, test.error) == (True, [], None, None)
    assert (test.account, test.region) == ("000000000000", "us-east-1")
    assert (outcomes(test, *READS), test.policies) == ({"allowed"}, [])


def test_good_credentials_are_said_to_be_good_and_whose_they_are(test_as):
    test = test_as("AKIDGOOD")
    assert (test.ok, test.caller_arn, test.account) == (True, ARN, "111122223333")
    assert (test.region, test.denied_actions, test.error) == ("eu-west-1", [], None)
    assert outcomes(test, *READS) == {"allowed"}


def test_every_denied_action_is_listed_with_a_policy_for_all(test_as):
    test = test_as("AKIDNO-Search-ListModels-BatchGetMetrics-GetLogEvents")
    denied = ["sagemaker:Search", "sagemaker:ListModels", "sagemaker:BatchGetMetrics"]
    assert (test.ok, test.caller_arn) == (False, ARN)
    assert test.denied_actions == [*denied, "logs:GetLogEvents"]
    assert json.loads(test.policy)["Statement"][0]["Action"] == test.denied_actions
    allowed = {c.action for c in test.checks if c.outcome == "allowed"}
    assert "sagemaker:ListExperiments" in allowed


def test_what_may_be_changed_is_asked_of_the_policy_simulator_and_not_tried(test_as, upstream):
    test = test_as("AKIDNO-CreateEndpoint-PassRole")
    found = {c.action: c.outcome for c in test.checks if c.feature == "deploy"}
    assert (found["sagemaker:CreateModel"], found["iam:PassRole"]) == ("allowed", "denied")
    assert found["sagemaker:CreateEndpoint"] == "denied"
    # Whether one may look is another question.
    assert (test.ok, test.denied_actions) == (True, [])
    called = {action for key, action in upstream.calls if key.startswith("AKIDNO-CreateEndpoint")}
    assert [a for a in called if a.startswith(("Create", "Update", "Delete", "Invoke"))] == []


def test_without_the_simulator_what_may_be_changed_is_said_to_be_unknown(test_as):
    test = test_as("AKIDNO-SimulatePrincipalPolicy")
    assert outcomes(test, "deploy", "clean_up", "organise", "track") == {"unknown"}
    assert {c.reason for c in test.checks if c.feature == "deploy"} == {
        "This shows only when it is tried. iam:SimulatePrincipalPolicy is not allowed."
    }
    assert test.ok


def test_the_policies_have_account_and_role_filled_in(test_as):
    policies = {p.features: json.loads(p.document) for p in test_as("AKIDGOOD").policies}
    assert list(policies) == [
        ("browse", "read", "charts"),
        ("deploy",),
        ("clean_up",),
        ("organise",),
        ("track",),
    ]
    browse = policies["browse", "read", "charts"]["Statement"]
    assert [statement["Sid"] for statement in browse] == ["Browse", "Read", "Charts"]
    pass_role = policies[("deploy",)]["Statement"][1]
    assert pass_role["Resource"] == "arn:aws:iam::111122223333:role/analyst"
    assert pass_role["Condition"] == {
        "StringEquals": {"iam:PassedToService": "sagemaker.amazonaws.com"}
    }


@pytest.mark.parametrize(
    ("key", "code", "message"),
    [
        (
            "AKIDEXPIRED",
            "credentials_expired",
            "Your AWS credentials have expired. Write new ones into the profile default.",
        ),
        ("AKIDUNKNOWN", "credentials_refused", "AWS refuses these credentials."),
    ],
)
def test_credentials_that_are_no_good_are_an_answer(test_as, key, code, message):
    test = test_as(key)
    assert (test.ok, test.error.code, test.error.message) == (False, code, message)


def test_an_aws_out_of_reach_is_an_answer(aws_environment, tmp_path):
    (tmp_path / "aws-credentials").write_text(credentials_file(default="AKIDGOOD"))
    nowhere = dict.fromkeys(("sagemaker", "sts"), "http://127.0.0.1:1")
    built = build_services(tmp_path, None, ConnectionOptions(endpoint_urls=nowhere))
    test = built.connections.test_connection("aws@eu-west-1")
    assert (test.ok, test.error.code) == (False, "service_unavailable")
    built.close()


def test_a_described_connection_has_its_account_and_the_regions_to_choose(connections, tmp_path):
    (tmp_path / "aws-credentials").write_text(credentials_file(default="AKIDGOOD"))
    found = connections.describe_connection("aws@us-west-2")
    assert (found.connection.account, found.connection.region) == ("111122223333", "us-west-2")
    assert {"eu-west-1", "us-west-2"} < set(found.regions)
    assert found.error is None


def test_credentials_that_are_no_good_leave_the_regions_to_choose(connections):
    found = connections.describe_connection("aws")
    assert found.error.code == "credentials_missing"
    assert "eu-west-1" in found.regions
    lines = found.error.details["looked_for"].splitlines()
    assert lines[0] == "AWS_ACCESS_KEY_ID in the environment: not set"
    assert lines[1].startswith("Profile default in ")
    assert lines[1].endswith("aws-credentials: there is no such file")


def test_one_account_is_asked_for_once(connections, tmp_path, upstream):
    (tmp_path / "aws-credentials").write_text(credentials_file(default="AKIDGOOD-once"))
    connections.describe_connection("aws")
    connections.describe_connection("aws")
    assert upstream.calls.count(("AKIDGOOD-once", "GetCallerIdentity")) == 1
