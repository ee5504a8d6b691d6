"""Calls, pages and a local service that moves, with real boto3."""

import pytest
from botocore.stub import ANY, Stubber
from moto.server import ThreadedMotoServer

from smx_lab.core.connection import Connection
from smx_lab.core.errors import CredentialsMissing, InvalidRequest, NotFound, ServiceUnavailable
from smx_lab.gateway.sagemaker import Page, SageMaker

LOCAL = Connection(id="local", kind="local", label="Local")


@pytest.fixture
def sagemaker(moto_url, local_at):
    return SageMaker(LOCAL, lambda: local_at(moto_url))


@pytest.fixture
def stubbed(local_at):
    """SageMaker whose answers a test writes; botocore's model refuses what it does not have."""
    sagemaker = SageMaker(LOCAL, lambda: local_at("http://127.0.0.1:1"))
    with Stubber(sagemaker.client()) as stubber:
        yield sagemaker, stubber
        stubber.assert_no_pending_responses()


def test_what_is_created_is_found_at_an_aws_that_nobody_here_wrote(sagemaker):
    sagemaker.call("create_experiment", ExperimentName="gateway", Description=None)
    found = sagemaker.search(
        "Experiment",
        {"Filters": [{"Name": "ExperimentName", "Operator": "Equals", "Value": "gateway"}]},
    )
    assert [record["ExperimentName"] for record in found.records] == ["gateway"]
    listed = sagemaker.list_all("list_experiments", "ExperimentSummaries")
    assert "gateway" in [record["ExperimentName"] for record in listed]


def test_what_is_missing_is_not_found_by_its_own_name(sagemaker):
    with pytest.raises(NotFound) as raised:
        sagemaker.call("describe_trial", subject="The trial two", TrialName="two")
    assert raised.value.message == "The trial two does not exist."


def test_a_member_of_the_wrong_type_is_an_error_before_anything_is_sent(sagemaker):
    with pytest.raises(InvalidRequest) as raised:
        sagemaker.call("describe_trial", TrialName=7)
    assert "Invalid type for parameter TrialName" in raised.value.message


def test_a_list_is_followed_over_an_empty_page(stubbed):
    sagemaker, stubber = stubbed
    model = {"ModelName": "m", "ModelArn": "arn:aws:sagemaker:::model/m", "CreationTime": 0}
    for token, models, following in [(None, [], "a"), ("a", [model], "b"), ("b", [], None)]:
        expected = {"MaxResults": 100, **({"NextToken": token} if token else {})}
        answer = {"Models": models, **({"NextToken": following} if following else {})}
        stubber.add_response("list_models", answer, expected)
    assert [found["ModelName"] for found in sagemaker.list_all("list_models", "Models")] == ["m"]


def test_the_first_page_with_a_match_has_only_matches(stubbed):
    sagemaker, stubber = stubbed
    for token, names, following in [("t", ["a"], "u"), ("u", ["b", "c"], "v")]:
        models = [
            {"ModelName": name, "ModelArn": f"arn:aws:sagemaker:::model/{name}", "CreationTime": 0}
            for name in names
        ]
        expected = {"MaxResults": 2, "NextToken": token, "SortBy": "Name"}
        stubber.add_response("list_models", {"Models": models, "NextToken": following}, expected)
    found = sagemaker.list_matching_page(
        "list_models",
        "Models",
        lambda model: model["ModelName"] == "c",
        max_results=2,
        next_token="t",
        SortBy="Name",
    )
    assert [model["ModelName"] for model in found.records] == ["c"]
    assert found.next_token == "v"


def test_a_list_without_a_match_is_read_to_its_end(stubbed):
    sagemaker, stubber = stubbed
    stubber.add_response("list_models", {"Models": [], "NextToken": "a"}, {"MaxResults": 100})
    stubber.add_response("list_models", {"Models": []}, {"MaxResults": 100, "NextToken": "a"})
    found = sagemaker.list_matching_page("list_models", "Models", lambda _: True)
    assert found == Page([], None)


def test_search_unwraps_its_records_and_hands_on_the_token(stubbed):
    sagemaker, stubber = stubbed
    stubber.add_response(
        "search",
        {"Results": [{"Trial": {"TrialName": "two"}}, {"Trial": {"TrialName": "five"}}],
         "NextToken": "more"},
        {"Resource": "ExperimentTrial", "SortBy": "CreationTime", "SortOrder": "Ascending",
         "MaxResults": 2},
    )  # fmt: skip
    page = sagemaker.search(
        "ExperimentTrial", sort_by="CreationTime", sort_order="Ascending", max_results=2
    )
    assert page == Page([{"TrialName": "two"}, {"TrialName": "five"}], "more")


def test_every_page_of_a_search_is_read(stubbed):
    sagemaker, stubber = stubbed
    for name, following in [("one", "a"), ("two", None)]:
        results = [{"TrialComponent": {"TrialComponentName": name}}]
        stubber.add_response(
            "search", {"Results": results, **({"NextToken": following} if following else {})}
        )
    found = sagemaker.search_all("ExperimentTrialComponent")
    assert [record["TrialComponentName"] for record in found] == ["one", "two"]


def test_an_invocation_is_sent_once_and_waited_for_longer_than_a_container_may_take(sagemaker):
    config = sagemaker.client("sagemaker-runtime").meta.config
    assert config.retries["total_max_attempts"] == 1
    assert config.read_timeout == 70


def test_clients_are_made_once(sagemaker):
    assert sagemaker.client() is sagemaker.client("sagemaker")


def test_a_local_service_that_was_started_anew_is_found_again(local_at):
    servers = [ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False) for _ in "ab"]
    for server in servers:
        server.start()
    urls = ["http://{}:{}".format(*server.get_host_and_port()) for server in servers]
    running = [local_at(urls[0], pid=1)]
    sagemaker = SageMaker(LOCAL, lambda: running[0])
    try:
        sagemaker.call("list_experiments")
        servers[0].stop()
        running[0] = local_at(urls[1], pid=2)
        assert "ExperimentSummaries" in sagemaker.call("list_experiments")
        assert sagemaker.local.pid == 2
    finally:
        servers[1].stop()


def test_a_local_service_that_is_gone_is_said_to_be(local_at):
    sagemaker = SageMaker(LOCAL, lambda: local_at("http://127.0.0.1:1"))
    with pytest.raises(ServiceUnavailable) as raised:
        sagemaker.call("list_experiments")
    assert raised.value.message == "The local service does not answer. Try again."


def test_an_aws_call_goes_where_the_administrator_says(moto_url, monkeypatch):
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "AKIDTEST")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "secret")
    connection = Connection(id="aws@eu-west-1", kind="aws", label="AWS", region="eu-west-1")
    sagemaker = SageMaker(connection, endpoint_urls={"sagemaker": moto_url})
    sagemaker.call("create_experiment", ExperimentName="private-endpoint")
    found = sagemaker.call("describe_experiment", ExperimentName="private-endpoint")
    assert found["ExperimentArn"].startswith("arn:aws:sagemaker:eu-west-1:")


def test_renewed_credentials_are_used_without_a_restart(
    moto_url, aws_environment, monkeypatch, tmp_path
):
    connection = Connection(
        id="aws:ada@eu-west-1", kind="aws", label="ada", profile="ada", region="eu-west-1"
    )
    aws_environment.write_text("[profile ada]\n")
    sagemaker = SageMaker(connection, endpoint_urls={"sagemaker": moto_url})
    with pytest.raises(CredentialsMissing):
        sagemaker.call("list_experiments")
    (tmp_path / "aws-credentials").write_text(
        "[ada]\naws_access_key_id = AKIDADA\naws_secret_access_key = secret\n"
    )
    assert "ExperimentSummaries" in sagemaker.call("list_experiments")


def test_a_body_is_read_whole(stubbed, local_at):
    sagemaker, _ = stubbed
    import io

    from botocore.response import StreamingBody

    with Stubber(sagemaker.client("sagemaker-runtime")) as stubber:
        body = StreamingBody(io.BytesIO(b"[7]"), 3)
        stubber.add_response(
            "invoke_endpoint",
            {"Body": body, "ContentType": "application/json"},
            {"EndpointName": "mnist", "Body": ANY},
        )
        reply = sagemaker.invoke("mnist", Body=b"[0]", Accept=None)
    assert (reply["Body"], reply["ContentType"]) == (b"[7]", "application/json")
