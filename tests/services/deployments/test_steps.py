"""The steps of a deployment on AWS: each failing call, lost answers, and moto's server."""

import pytest
from botocore.stub import ANY, Stubber

from smx_lab.gateway.retry import RetryLimits
from smx_lab.services.deployments import hosting_deletion
from smx_lab.services.deployments import steps as creation

ROLE = "arn:aws:iam::111122223333:role/sagemaker"
DENIED = "User: ada is not authorized to perform: sagemaker:{} on resource: *"

MEMBERS = {
    "create_model": {
        "ModelName": "m",
        "PrimaryContainer": {"Image": "image:1", "ModelDataUrl": "s3://bucket/model.tar.gz"},
        "ExecutionRoleArn": ROLE,
    },
    "create_endpoint_config": {
        "EndpointConfigName": "mnist",
        "ProductionVariants": [
            {
                "VariantName": "AllTraffic",
                "ModelName": "m",
                "InstanceType": "ml.m5.xlarge",
                "InitialInstanceCount": 1,
                "InitialVariantWeight": 1.0,
            }
        ],
    },
    "create_endpoint": {"EndpointName": "mnist", "EndpointConfigName": "mnist"},
}
CREATED = ("model/m", "endpoint_config/mnist", "endpoint/mnist")
ARNS = {
    "create_model": {"ModelArn": "arn:aws:sagemaker:eu-west-1:111122223333:model/m"},
    "create_endpoint_config": {
        "EndpointConfigArn": "arn:aws:sagemaker:eu-west-1:111122223333:endpoint-config/mnist"
    },
    "create_endpoint": {"EndpointArn": "arn:aws:sagemaker:eu-west-1:111122223333:endpoint/mnist"},
}
CONFIG = {
    **ARNS["create_endpoint_config"],
    **MEMBERS["create_endpoint_config"],
    "CreationTime": 1660132800,
}


def endpoint(status, **members):
    return {
        **ARNS["create_endpoint"],
        **MEMBERS["create_endpoint"],
        "EndpointStatus": status,
        "CreationTime": 1660132800,
        "LastModifiedTime": 1660132800,
        **members,
    }


@pytest.fixture
def soon(monkeypatch):
    """What is waited for on AWS is looked at again at once."""
    monkeypatch.setitem(hosting_deletion.POLL_S, "aws", 0.0)
    monkeypatch.setattr(creation, "CONFIG_READ_LAG", RetryLimits(0.0, max_retries=1))


def expect_creation(stubber, first="create_model", last="InService"):
    names = ["create_model", "create_endpoint_config", "create_endpoint"]
    for name in names[names.index(first) :]:
        if name == "create_endpoint":
            stubber.add_response("describe_endpoint_config", CONFIG)
        stubber.add_response(name, ARNS[name], MEMBERS[name])
    for status in ("Creating", last):
        stubber.add_response("describe_endpoint", endpoint(status))


def deploy(services):
    begun = services.operations.submit("deployment", "aws@eu-west-1", "Deploy", MEMBERS)
    return services.operations.wait(begun.id, 60)


def retry(services, operation):
    services.operations.retry(operation.id)
    return services.operations.wait(operation.id, 60)


def test_the_three_calls_are_made_in_their_order_and_the_endpoint_waited_for(stubbed_aws, soon):
    services, stubber = stubbed_aws
    expect_creation(stubber)
    done = deploy(services)
    assert (done.state, done.error, done.created) == ("succeeded", None, CREATED)


@pytest.mark.parametrize(
    ("step", "operation"),
    list(enumerate(["create_model", "create_endpoint_config", "create_endpoint"])),
)
@pytest.mark.parametrize(
    ("code", "expected"),
    [
        ("AccessDeniedException", "access_denied"),
        ("ThrottlingException", "throttled"),
        ("InternalFailure", "service_unavailable"),
    ],
)
def test_a_call_that_fails_ends_at_its_step_and_a_retry_finishes_the_work(
    stubbed_aws, soon, step, operation, code, expected
):
    services, stubber = stubbed_aws
    names = ["create_model", "create_endpoint_config", "create_endpoint"]
    for name in names[: step + 1]:
        if name == "create_endpoint":
            stubber.add_response("describe_endpoint_config", CONFIG)
        if name == operation:
            stubber.add_client_error(name, code, DENIED.format("X"))
        else:
            stubber.add_response(name, ARNS[name], MEMBERS[name])
    failed = deploy(services)
    assert (failed.state, failed.error.code) == ("failed", expected)
    assert failed.created == CREATED[:step]
    assert [s.state for s in failed.steps] == (
        ["succeeded"] * step + ["failed"] + ["waiting"] * (3 - step)
    )
    expect_creation(stubber, first=operation)
    done = retry(services, failed)
    assert (done.state, done.error, done.created) == ("succeeded", None, CREATED)


def test_credentials_that_expire_on_the_way_can_be_renewed(stubbed_aws, soon):
    services, stubber = stubbed_aws
    stubber.add_client_error("create_model", "ExpiredTokenException", "It has expired.")
    failed = deploy(services)
    assert (failed.state, failed.error.code) == ("failed", "credentials_expired")
    with Stubber(services.gateway.sagemaker("aws@eu-west-1").client()) as renewed:
        expect_creation(renewed)
        done = retry(services, failed)
    assert (done.state, done.error, done.created) == ("succeeded", None, CREATED)


def test_a_quota_is_said_with_its_value(stubbed_aws, soon):
    services, stubber = stubbed_aws
    stubber.add_response("create_model", ARNS["create_model"])
    stubber.add_response("create_endpoint_config", ARNS["create_endpoint_config"])
    stubber.add_response("describe_endpoint_config", CONFIG)
    stubber.add_client_error(
        "create_endpoint",
        "ResourceLimitExceeded",
        "The account-level service limit 'ml.m5.xlarge for endpoint usage' is 0 Instances, with …",
    )
    failed = deploy(services)
    assert failed.error.message == (
        "The account's quota 'ml.m5.xlarge for endpoint usage' is 0. "
        "Request an increase in Service Quotas."
    )


def test_an_answer_that_was_lost_is_found_to_have_been_a_success(stubbed_aws, soon):
    services, stubber = stubbed_aws
    # The model was made, but the answer never came.
    stubber.add_client_error("create_model", "InternalFailure", "")
    failed = deploy(services)
    assert failed.created == ()
    stubber.add_client_error(
        "create_model", "ValidationException", 'Cannot create already existing model "m".'
    )
    made = {**MEMBERS["create_model"], **ARNS["create_model"], "CreationTime": failed.start_time}
    stubber.add_response("describe_model", made)
    expect_creation(stubber, first="create_endpoint_config")
    done = retry(services, failed)
    assert (done.state, done.created) == ("succeeded", CREATED)


@pytest.mark.parametrize(
    "difference",
    [
        {"PrimaryContainer": {"Image": "image:1", "ModelDataUrl": "s3://bucket/other.tar.gz"}},
        {"CreationTime": 1660132800},
    ],
)
def test_what_another_made_under_the_name_is_not_taken_for_ours(stubbed_aws, soon, difference):
    services, stubber = stubbed_aws
    stubber.add_client_error("create_model", "InternalFailure", "")
    failed = deploy(services)
    stubber.add_client_error(
        "create_model", "ValidationException", 'Cannot create already existing model "m".'
    )
    made = {**MEMBERS["create_model"], **ARNS["create_model"], "CreationTime": failed.start_time}
    stubber.add_response("describe_model", {**made, **difference})
    again = retry(services, failed)
    assert (again.state, again.error.code, again.created) == ("failed", "conflict", ())
    assert not again.can_roll_back


def test_a_configuration_that_cannot_be_seen_yet_is_waited_for(stubbed_aws, soon):
    services, stubber = stubbed_aws
    stubber.add_response("create_model", ARNS["create_model"])
    stubber.add_response("create_endpoint_config", ARNS["create_endpoint_config"])
    stubber.add_response("describe_endpoint_config", CONFIG)
    stubber.add_client_error(
        "create_endpoint",
        "ValidationException",
        'Could not find endpoint configuration "mnist".',
    )
    stubber.add_response("create_endpoint", ARNS["create_endpoint"])
    stubber.add_response("describe_endpoint", endpoint("InService"))
    done = deploy(services)
    assert (done.state, done.created) == ("succeeded", CREATED)


def test_a_failed_endpoint_gives_its_reason_and_the_end_of_its_log(stubbed_aws, soon):
    services, stubber = stubbed_aws
    expect_creation(stubber)
    stubber._queue.pop()  # the InService that does not come
    reason = "The primary container for production variant AllTraffic did not pass the ping."
    stubber.add_response("describe_endpoint", endpoint("Failed", FailureReason=reason))
    group = "/aws/sagemaker/Endpoints/mnist"
    with Stubber(services.gateway.sagemaker("aws@eu-west-1").client("logs")) as logs:
        logs.add_response(
            "describe_log_streams",
            {"logStreams": [{"logStreamName": "AllTraffic/i-1"}]},
            {"logGroupName": group, "orderBy": "LastEventTime", "descending": True, "limit": 1},
        )
        logs.add_response(
            "get_log_events",
            {"events": [{"message": "Traceback\n"}, {"message": "ImportError: torch\n"}]},
            {"logGroupName": group, "logStreamName": "AllTraffic/i-1", "limit": ANY,
             "startFromHead": False},
        )  # fmt: skip
        failed = deploy(services)
    assert failed.error.message == reason
    assert failed.log_tail == ("Traceback", "ImportError: torch")
    assert (failed.created, failed.can_roll_back) == (CREATED, True)


def test_a_roll_back_deletes_newest_first_and_goes_on_after_a_failure(stubbed_aws, soon):
    services, stubber = stubbed_aws
    stubber.add_response("create_model", ARNS["create_model"])
    stubber.add_response("create_endpoint_config", ARNS["create_endpoint_config"])
    stubber.add_response("describe_endpoint_config", CONFIG)
    stubber.add_client_error("create_endpoint", "InternalFailure", "")
    failed = deploy(services)
    stubber.add_client_error("delete_endpoint_config", "ThrottlingException", "Rate exceeded")
    rollback = services.operations.wait(services.operations.roll_back(failed.id).id, 60)
    assert (rollback.state, rollback.error.code) == ("failed", "throttled")
    # Somebody deleted it by hand meanwhile: that is as good.
    stubber.add_client_error(
        "delete_endpoint_config",
        "ValidationException",
        'Could not find endpoint configuration "mnist".',
    )
    stubber.add_response("delete_model", {}, {"ModelName": "m"})
    assert retry(services, rollback).state == "succeeded"
    assert services.operations.describe(failed.id).created == ()


REFUSED = f'Cannot update in-progress endpoint "{ARNS["create_endpoint"]["EndpointArn"]}".'
GONE = 'Could not find endpoint "mnist".'


def delete(services):
    request = {"endpoint_name": "mnist", "endpoint_config_name": None, "models": []}
    begun = services.operations.submit("endpoint_deletion", "aws@eu-west-1", "Delete", request)
    return services.operations.wait(begun.id, 60)


def test_an_endpoint_that_came_into_service_right_after_the_refusal_is_deleted(stubbed_aws, soon):
    services, stubber = stubbed_aws
    stubber.add_client_error("delete_endpoint", "ValidationException", REFUSED)
    stubber.add_response("describe_endpoint", endpoint("InService"))
    stubber.add_response("delete_endpoint", {}, {"EndpointName": "mnist"})
    stubber.add_client_error("describe_endpoint", "ValidationException", GONE)
    deleted = delete(services)
    assert (deleted.state, deleted.error) == ("succeeded", None)


def test_an_endpoint_that_is_refused_again_although_it_is_in_service_fails(stubbed_aws, soon):
    services, stubber = stubbed_aws
    for _ in range(2):
        stubber.add_client_error("delete_endpoint", "ValidationException", REFUSED)
        stubber.add_response("describe_endpoint", endpoint("InService"))
    deleted = delete(services)
    assert (deleted.state, deleted.error.code) == ("failed", "conflict")


@pytest.fixture(scope="module")
def moto_url():
    from moto.server import ThreadedMotoServer

    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    yield f"http://{host}:{port}"
    server.stop()


def test_an_aws_that_nobody_here_wrote_carries_it_out(aws, soon, moto_url):
    services = aws({"sagemaker": moto_url, "logs": moto_url, "sts": moto_url})
    done = deploy(services)
    assert (done.state, done.error, done.created) == ("succeeded", None, CREATED)
    described = services.endpoints.describe_endpoint("aws@eu-west-1", "mnist")
    assert described.endpoint_status == "InService"
    assert [v.model_data for v in described.production_variants] == ["s3://bucket/model.tar.gz"]
    deleted = services.operations.wait(
        services.endpoints.delete_endpoint(
            "aws@eu-west-1", "mnist", endpoint_config=True, models=True
        ).id,
        60,
    )
    assert (deleted.state, deleted.error) == ("succeeded", None)
    sagemaker = services.gateway.sagemaker("aws@eu-west-1")
    assert list(sagemaker.list_all("list_models", "Models")) == []
    assert list(sagemaker.list_all("list_endpoint_configs", "EndpointConfigs")) == []
