"""Every class of error that SageMaker, its clients and botocore have: kind, sentence, remedy.

A line for each; what the gateway knows and no line names fails the last two tests.
"""

import botocore.exceptions as raised_by_botocore
import pytest

from smx_lab.core.connection import Connection
from smx_lab.gateway import errors

AWS = Connection(id="aws:ada", kind="aws", label="ada", profile="ada", region="eu-west-1")

REFUSED = "AWS refuses these credentials."
CLOCK = f"{REFUSED} Check this computer's clock."
EXPIRED = "Your AWS credentials have expired."
THROTTLED = "SageMaker is limiting requests. Try again in a moment."
LATER = "SageMaker cannot answer at present. Try again."
GONE = "The endpoint mnist does not exist."
UNREACHABLE = (
    "SageMaker in eu-west-1 cannot be reached. Check the network, the proxy and the region's name."
)
DENIED = "You may not do this. Ask for the permission."
SSO, LOGIN = "aws sso login --profile ada", "aws login --profile ada"
INSTANCES = (
    "The account-level service limit 'ml.m5.large for endpoint usage' is 2 Instances, with "
    "current utilization of 2 Instances and a request delta of 1 Instances."
)
QUOTA = (
    "The account's quota 'ml.m5.large for endpoint usage' is 2. "
    "Request an increase in Service Quotas."
)

# Code; what SageMaker says; the code and HTTP status of ours; the sentence; the remedy.
ANSWERS = [
    ("ValidationException", "1 validation error detected: Value 'x' at 'modelName' failed",
     "invalid_request", 400, "1 validation error detected: Value 'x' at 'modelName' failed", None),
    ("ValidationException", 'Could not find endpoint "mnist".', "not_found", 404, GONE, None),
    ("ValidationException", "Requested resource not found.", "not_found", 404, GONE, None),
    ("ValidationException", "Could not find model data at s3://b/m.tar.gz.", "invalid_request", 400,
     "Could not find model data at s3://b/m.tar.gz.", None),
    ("ValidationException", "Cannot create already existing model.", "conflict", 409,
     "Cannot create already existing model.", None),
    ("ValidationException", "Trial names must be unique within an AWS account and region.",
     "conflict", 409, "Trial names must be unique within an AWS account and region.", None),
    ("ValidationException", "Cannot update in-progress endpoint.", "conflict", 409,
     "The endpoint mnist is being changed. Try again shortly.", None),
    ("ValidationException", "TrialComponent 'x' is linked to 1 or more trials and cannot be "
     "deleted.", "conflict", 409,
     "TrialComponent 'x' is linked to 1 or more trials and cannot be deleted.", None),
    ("ValidationError", "Endpoint mnist of account 1 not found.", "not_found", 404, GONE, None),
    ("UnknownOperationException", "No such operation.", "invalid_request", 400,
     "No such operation.", None),
    ("ResourceNotFound", "Trial 'x' does not exist.", "not_found", 404, GONE, None),
    ("ResourceNotFoundException", "No log stream.", "not_found", 404, GONE, None),
    ("ConflictException", "It was changed.", "conflict", 409, "It was changed.", None),
    ("ResourceInUse", "It is in use.", "conflict", 409, "It is in use.", None),
    ("ResourceAlreadyExists", "It exists.", "conflict", 409, "It exists.", None),
    ("ResourceLimitExceeded", INSTANCES, "conflict", 409, QUOTA, None),
    *(
        (code, "User: arn is not authorized to perform: sagemaker:Search on resource: * because",
         "access_denied", 403,
         "You may not do this: sagemaker:Search on *. Ask for that permission.", "policy")
        for code in ("AccessDenied", "AccessDeniedException", "UnauthorizedOperation")
    ),
    *((code, "No.", "access_denied", 403, DENIED, None)
      for code in ("NotAuthorized", "OptInRequired")),
    *((code, "Rate exceeded (reached max retries: 3)", "throttled", 429, THROTTLED, None)
      for code in ("RequestLimitExceeded", "RequestThrottled", "RequestThrottledException",
                   "SlowDown", "ThrottledException", "Throttling", "ThrottlingException",
                   "TooManyRequestsException")),
    *((code, "The security token included in the request is expired", "credentials_expired", 401,
       EXPIRED, None) for code in ("ExpiredToken", "ExpiredTokenException", "RequestExpired")),
    *((code, "The security token included in the request is invalid.", "credentials_refused", 401,
       REFUSED, None)
      for code in ("AuthFailure", "IncompleteSignature", "IncompleteSignatureException",
                   "InvalidClientTokenId", "InvalidSignatureException",
                   "MissingAuthenticationToken", "MissingAuthenticationTokenException",
                   "SignatureDoesNotMatch", "UnrecognizedClientException")),
    ("InvalidSignatureException", "Signature expired: 20220101T000000Z is now earlier than …",
     "credentials_refused", 401, CLOCK, None),
    ("InvalidSignatureException", "Signature not yet current: … is still later than …",
     "credentials_refused", 401, CLOCK, None),
    ("RequestTimeTooSkewed", "The difference is too large.", "credentials_refused", 401, CLOCK,
     None),
    *((code, "", "service_unavailable", 503, LATER, None)
      for code in ("InternalDependencyException", "InternalFailure", "InternalServerError",
                   "InternalServerException", "InternalStreamFailure", "RequestTimeout",
                   "RequestTimeoutException", "ServiceUnavailable",
                   "ServiceUnavailableException")),
    ("ModelNotReadyException", "It is loading.", "service_unavailable", 503, "It is loading.",
     None),
    *((code, "Received server error (500) from primary", "model_failed", 424,
       "Received server error (500) from primary", None)
      for code in ("ModelError", "ModelStreamError")),
    ("502", "<html>Bad gateway</html>", "service_unavailable", 503,
     "SageMaker cannot answer at present (HTTP 502). Try again.", None),
    ("407", "<html>Sign in to the proxy</html>", "service_unavailable", 503,
     "The answer was not one of AWS. Check the network and the proxy, and try again. (HTTP 407)",
     None),
]  # fmt: skip

# Class; its text; the code and HTTP status of ours; the sentence; the remedy.
RAISED = [
    ("ProfileNotFound", "", "credentials_missing", 401,
     "There is no AWS profile named ada. Choose another, or use the local service.", None),
    ("NoRegionError", "", "invalid_request", 400, "No AWS region is set. Choose a region.", None),
    ("InvalidRegionError", "", "invalid_request", 400,
     "eu-west-1 is not an AWS region. Choose a region.", None),
    ("NoCredentialsError", "", "credentials_missing", 401,
     "No AWS credentials were found. Use the local service, or choose a profile.",
     "aws configure --profile ada"),
    ("PartialCredentialsError", "no secret", "credentials_missing", 401,
     "The AWS credentials are incomplete: no secret", "aws configure --profile ada"),
    *((name, "", "credentials_expired", 401, EXPIRED, SSO)
      for name in ("SSOTokenLoadError", "UnauthorizedSSOTokenError", "TokenRetrievalError")),
    *((name, "", "credentials_expired", 401, EXPIRED, LOGIN)
      for name in ("LoginRefreshRequired", "LoginTokenLoadError", "LoginAuthorizationCodeError")),
    ("CredentialRetrievalError", "hunter2", "credentials_missing", 401,
     "The AWS credentials could not be retrieved. The command below shows the reason.",
     "aws sts get-caller-identity --profile ada"),
    ("RefreshWithMFAUnsupportedError", "", "credentials_missing", 401,
     "This profile needs an MFA code, which cannot be asked for here; use temporary credentials.",
     "aws sts get-session-token --profile ada --serial-number ARN --token-code CODE"),
    *((name, "why", "credentials_missing", 401, "The AWS configuration could not be used: why",
       None)
      for name in ("MetadataRetrievalError", "InvalidConfigError", "ConfigParseError",
                   "UnknownCredentialError", "UnknownTokenProviderError",
                   "InvalidRetryConfigurationError", "InvalidProxiesConfigError",
                   "InvalidEndpointConfigurationError", "InvalidSTSRegionalEndpointsConfigError")),
    ("SSOError", "why", "credentials_missing", 401, "The AWS configuration could not be used: why",
     SSO),
    ("LoginError", "why", "credentials_missing", 401,
     "The AWS configuration could not be used: why", LOGIN),
    ("LoginInsufficientPermissions", "why", "credentials_missing", 401,
     "The AWS configuration could not be used: why", LOGIN),
    *((name, "", "service_unavailable", 503, UNREACHABLE, None)
      for name in ("ConnectionError", "HTTPClientError", "EndpointConnectionError",
                   "ConnectTimeoutError", "ProxyConnectionError", "SSLError",
                   "ConnectionClosedError")),
    ("ReadTimeoutError", "", "service_unavailable", 503,
     "SageMaker did not answer in time. Try again.", None),
    ("ParamValidationError", "Invalid type for parameter x", "invalid_request", 400,
     "Invalid type for parameter x", None),
]  # fmt: skip


@pytest.mark.parametrize(("code", "text", "ours", "status", "sentence", "remedy"), ANSWERS)
def test_what_sagemaker_answers(code, text, ours, status, sentence, remedy):
    response = {"Error": {"Code": code, "Message": text}, "ResponseMetadata": {}}
    found = errors.from_client_error(response, AWS, "The endpoint mnist")
    assert (found.code, found.status, found.message) == (ours, status, sentence)
    assert found.details["aws_code"] == code
    if remedy == "policy":
        assert '"sagemaker:Search"' in found.details["policy"]
    else:
        assert found.details.get("remedy") == remedy
    assert "html" not in found.message


@pytest.mark.parametrize(("name", "text", "ours", "status", "sentence", "remedy"), RAISED)
def test_what_botocore_raises(name, text, ours, status, sentence, remedy):
    kind = getattr(raised_by_botocore, name, None)
    if kind is None:
        # The table has errors of newer botocores, too. The oldest supported one lacks some of them
        # and so cannot raise them.
        pytest.skip(f"this botocore has no {name}")
    error = kind.__new__(kind)
    Exception.__init__(error, text)
    found = errors.from_botocore(error, AWS)
    assert (found.code, found.status, found.message) == (ours, status, sentence)
    assert found.details.get("remedy") == remedy
    assert "hunter2" not in str(found.details)


def test_every_code_that_is_known_has_a_line():
    assert set(errors.KIND_BY_CODE) == {line[0] for line in ANSWERS if not line[0].isdigit()}


def test_every_class_that_is_known_has_a_line():
    assert set(errors.RULE_BY_CLASS) <= {line[0] for line in RAISED}
