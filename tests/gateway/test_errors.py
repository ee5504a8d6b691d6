"""Every class of error becomes a sentence and, where there is one, a remedy."""

import json

import botocore.exceptions as raised_by_botocore
import pytest

from smx_lab.core.connection import Connection
from smx_lab.core.errors import (
    AccessDenied,
    Conflict,
    CredentialsExpired,
    CredentialsMissing,
    CredentialsRefused,
    InvalidRequest,
    ModelFailed,
    NotFound,
    ServiceUnavailable,
    SmxError,
    Throttled,
)
from smx_lab.gateway.errors import from_botocore, from_client_error, translated

AWS = Connection(id="aws:ada", kind="aws", label="ada", profile="ada", region="eu-west-1")
DEFAULT = Connection(id="aws", kind="aws", label="AWS")
LOCAL = Connection(id="local", kind="local", label="Local")

NAME = "arn:aws:sagemaker:eu-west-1:111122223333:endpoint/mnist"


def answered(code, message="", http=400, subject="", **more):
    response = {
        "Error": {"Code": code, "Message": message},
        "ResponseMetadata": {"HTTPStatusCode": http, "RequestId": "b6a0-1"},
        **more,
    }
    return from_client_error(response, AWS, subject)


@pytest.mark.parametrize(
    ("code", "message", "kind", "sentence"),
    [
        ("ValidationException", f'Could not find endpoint "{NAME}".', NotFound,
         "The endpoint mnist does not exist."),
        ("ValidationException", "Requested resource not found.", NotFound,
         "The endpoint mnist does not exist."),
        ("ResourceNotFound", "Experiment 'x' does not exist.", NotFound,
         "The endpoint mnist does not exist."),
        ("ValidationError", "Endpoint mnist of account 111122223333 not found.", NotFound,
         "The endpoint mnist does not exist."),
        ("ValidationException", f'Cannot create already existing endpoint "{NAME}".', Conflict,
         f'Cannot create already existing endpoint "{NAME}".'),
        ("ValidationException", "Experiment names must be unique within an AWS account.", Conflict,
         "Experiment names must be unique within an AWS account."),
        ("ValidationException", f'Cannot update in-progress endpoint "{NAME}".', Conflict,
         "The endpoint mnist is being changed. Try again shortly."),
        ("ValidationException", "Could not find model data at s3://b/m.", InvalidRequest,
         "Could not find model data at s3://b/m."),
        ("ValidationException", "1 validation error detected: …", InvalidRequest,
         "1 validation error detected: …"),
        ("ResourceInUse", "The job exists.", Conflict, "The job exists."),
        ("ConflictException", "Changed meanwhile.", Conflict, "Changed meanwhile."),
        ("ThrottlingException", "Rate exceeded (reached max retries: 4)", Throttled,
         "SageMaker is limiting requests. Try again in a moment."),
        ("ExpiredTokenException", "The security token included in the request is expired",
         CredentialsExpired, "Your AWS credentials have expired."),
        ("UnrecognizedClientException", "The security token … is invalid.", CredentialsRefused,
         "AWS refuses these credentials."),
        ("InvalidSignatureException", "Signature expired: … is now earlier than …",
         CredentialsRefused, "AWS refuses these credentials. Check this computer's clock."),
        ("InternalFailure", "", ServiceUnavailable,
         "SageMaker cannot answer at present. Try again."),
        ("SomethingNew", "It went wrong.", SmxError, "It went wrong."),
        ("SomethingNew", "", SmxError, "SageMaker answered with the error SomethingNew."),
    ],
)  # fmt: skip
def test_an_answer_of_sagemaker_becomes_a_sentence(code, message, kind, sentence):
    error = answered(code, message, subject="The endpoint mnist")
    assert (type(error), error.message) == (kind, sentence)
    assert error.details["aws_code"] == code
    assert error.details["request_id"] == "b6a0-1"


def test_a_page_of_html_from_a_proxy_is_not_shown():
    error = answered("502", "<html>Bad gateway</html>", http=502)
    assert type(error) is ServiceUnavailable
    assert error.message == "SageMaker cannot answer at present (HTTP 502). Try again."
    assert "<html>" not in json.dumps(error.details)


def test_a_quota_is_named_with_its_value():
    error = answered(
        "ResourceLimitExceeded",
        "The account-level service limit 'ml.g5.xlarge for endpoint usage' is 0 Instances, with "
        "current utilization of 0 Instances and a request delta of 1 Instances.",
    )
    assert type(error) is Conflict
    assert error.message == (
        "The account's quota 'ml.g5.xlarge for endpoint usage' is 0. "
        "Request an increase in Service Quotas."
    )


def test_a_denied_action_is_named_with_a_policy_that_allows_it():
    error = answered(
        "AccessDeniedException",
        "User: arn:aws:iam::111122223333:user/ada is not authorized to perform: sagemaker:Search "
        "on resource: * because no identity-based policy allows the sagemaker:Search action",
    )
    assert type(error) is AccessDenied
    assert error.message == ("You may not do this: sagemaker:Search on *. Ask for that permission.")
    assert error.details["action"] == "sagemaker:Search"
    assert json.loads(error.details["policy"])["Statement"] == [
        {"Effect": "Allow", "Action": ["sagemaker:Search"], "Resource": "*"}
    ]


def test_a_denial_that_names_nothing_is_still_a_denial():
    error = answered("AccessDeniedException", "No.")
    assert error.message == "You may not do this. Ask for the permission."


def test_the_text_of_a_refused_signature_is_not_passed_on():
    error = answered("SignatureDoesNotMatch", "The Canonical String should have been: host:…")
    assert "Canonical" not in error.message + json.dumps(error.details)


def test_a_failing_model_says_what_it_said():
    error = answered(
        "ModelError",
        "Received client error (400) from primary",
        http=424,
        OriginalStatusCode=400,
        OriginalMessage="no such column",
        LogStreamArn="arn:aws:logs:…",
    )
    assert (type(error), error.status) == (ModelFailed, 424)
    assert error.details["original_status_code"] == "400"
    assert error.details["original_message"] == "no such column"


@pytest.mark.parametrize(
    ("error", "kind", "sentence", "remedy"),
    [
        (raised_by_botocore.ProfileNotFound(profile="ada"), CredentialsMissing,
         "There is no AWS profile named ada. Choose another, or use the local service.", None),
        (raised_by_botocore.NoRegionError(), InvalidRequest,
         "No AWS region is set. Choose a region.", None),
        (raised_by_botocore.NoCredentialsError(), CredentialsMissing,
         "No AWS credentials were found. Use the local service, or choose a profile.",
         "aws configure --profile ada"),
        (raised_by_botocore.UnauthorizedSSOTokenError(), CredentialsExpired,
         "Your AWS credentials have expired.", "aws sso login --profile ada"),
        (raised_by_botocore.TokenRetrievalError(provider="sso", error_msg="expired"),
         CredentialsExpired, "Your AWS credentials have expired.", "aws sso login --profile ada"),
        (raised_by_botocore.EndpointConnectionError(endpoint_url="https://x"), ServiceUnavailable,
         "SageMaker in eu-west-1 cannot be reached. "
         "Check the network, the proxy and the region's name.", None),
        (raised_by_botocore.ConnectTimeoutError(endpoint_url="https://x"), ServiceUnavailable,
         "SageMaker in eu-west-1 cannot be reached. "
         "Check the network, the proxy and the region's name.", None),
        (raised_by_botocore.ReadTimeoutError(endpoint_url="https://x"), ServiceUnavailable,
         "SageMaker did not answer in time. Try again.", None),
    ],
)  # fmt: skip
def test_what_botocore_raises_becomes_a_sentence_and_a_remedy(error, kind, sentence, remedy):
    found = from_botocore(error, AWS)
    assert (type(found), found.message) == (kind, sentence)
    assert found.details.get("remedy") == remedy


def test_what_a_credential_process_wrote_is_not_passed_on():
    error = raised_by_botocore.CredentialRetrievalError(
        provider="custom-process", error_msg="token hunter2"
    )
    found = from_botocore(error, AWS)
    assert "hunter2" not in found.message + json.dumps(found.details)
    assert found.details["remedy"] == "aws sts get-caller-identity --profile ada"


def test_the_default_chain_needs_no_profile_in_its_remedy():
    found = from_botocore(raised_by_botocore.NoCredentialsError(), DEFAULT)
    assert found.details["remedy"] == "aws configure"


def test_a_silent_local_service_is_not_called_aws():
    error = raised_by_botocore.EndpointConnectionError(endpoint_url="http://127.0.0.1:1")
    assert from_botocore(error, LOCAL).message == "The local service does not answer. Try again."


def test_an_error_of_our_own_passes_through_untouched():
    ours = NotFound("The trial two does not exist.")
    with pytest.raises(NotFound) as raised, translated(AWS):
        raise ours
    assert raised.value is ours


def test_every_exception_of_botocore_has_a_rule_or_keeps_its_text():
    classes = [
        member
        for member in vars(raised_by_botocore).values()
        if isinstance(member, type) and issubclass(member, raised_by_botocore.BotoCoreError)
    ]
    assert len(classes) > 50
    for kind in classes:
        error = kind.__new__(kind)
        Exception.__init__(error, "its own text")
        assert isinstance(from_botocore(error, AWS), SmxError)
