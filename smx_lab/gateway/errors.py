"""Translates botocore's errors into ours, with a sentence and a remedy: by tables, in one place.

Sources: SageMaker API Reference; the exceptions in botocore's model; messages recorded from real
calls. ``ValidationException`` is SageMaker's most frequent error, but is not in its model. A
missing thing and a name in use both raise it, and only the text tells them apart.
"""

from __future__ import annotations

import json
import logging
import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, NamedTuple

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
from smx_lab.gateway.credentials.remedies import EXPIRED, IDENTITY, LOGIN, SSO_LOGIN, how_to_renew
from smx_lab.gateway.credentials.sources import looked_for, profile_name, profile_option

log = logging.getLogger(__name__)

KIND_BY_CODE: dict[str, type[SmxError]] = {
    "AccessDenied": AccessDenied,
    "AccessDeniedException": AccessDenied,
    "UnauthorizedOperation": AccessDenied,
    "NotAuthorized": AccessDenied,
    "OptInRequired": AccessDenied,
    "ConflictException": Conflict,
    "ExpiredToken": CredentialsExpired,
    "ExpiredTokenException": CredentialsExpired,
    "RequestExpired": CredentialsExpired,
    "AuthFailure": CredentialsRefused,
    "IncompleteSignature": CredentialsRefused,
    "IncompleteSignatureException": CredentialsRefused,
    "InvalidClientTokenId": CredentialsRefused,
    "InvalidSignatureException": CredentialsRefused,
    "MissingAuthenticationToken": CredentialsRefused,
    "MissingAuthenticationTokenException": CredentialsRefused,
    "SignatureDoesNotMatch": CredentialsRefused,
    "RequestTimeTooSkewed": CredentialsRefused,
    "UnrecognizedClientException": CredentialsRefused,
    "ModelError": ModelFailed,
    "ModelStreamError": ModelFailed,
    "ModelNotReadyException": ServiceUnavailable,
    "InternalDependencyException": ServiceUnavailable,
    "InternalFailure": ServiceUnavailable,
    "InternalServerError": ServiceUnavailable,
    "InternalServerException": ServiceUnavailable,
    "InternalStreamFailure": ServiceUnavailable,
    "RequestTimeout": ServiceUnavailable,
    "RequestTimeoutException": ServiceUnavailable,
    "ServiceUnavailable": ServiceUnavailable,
    "ServiceUnavailableException": ServiceUnavailable,
    "ResourceAlreadyExists": Conflict,
    "ResourceInUse": Conflict,
    "ResourceLimitExceeded": Conflict,
    "ResourceNotFound": NotFound,
    "ResourceNotFoundException": NotFound,
    "RequestLimitExceeded": Throttled,
    "RequestThrottled": Throttled,
    "RequestThrottledException": Throttled,
    "SlowDown": Throttled,
    "ThrottledException": Throttled,
    "Throttling": Throttled,
    "ThrottlingException": Throttled,
    "TooManyRequestsException": Throttled,
    "UnknownOperationException": InvalidRequest,
    "ValidationError": InvalidRequest,
    "ValidationException": InvalidRequest,
}

KIND_BY_TEXT: tuple[tuple[re.Pattern[str], type[SmxError]], ...] = (
    (re.compile(r"Could not find (?!model data)|Requested resource not found"), NotFound),
    (re.compile(r"Endpoint \S+ of account \d+ not found"), NotFound),
    (re.compile(r"already exist|must be unique|in-progress|is linked to 1 or more"), Conflict),
)
"""For ``ValidationException`` and the runtime's ``ValidationError`` alone."""


class Rule(NamedTuple):
    """What an exception class of botocore means to the user."""

    kind: type[SmxError]
    sentence: str
    remedy: str = ""


UNREACHABLE = (
    "SageMaker in {region} cannot be reached. Check the network, the proxy and the region's name."
)
LOCAL_IS_SILENT = "The local service does not answer. Try again."
UNREADABLE = "The answer was not one of AWS. Check the network and the proxy, and try again."
UNUSABLE = "The AWS configuration could not be used: {text}"

RULE_BY_CLASS: dict[str, Rule] = {
    "ProfileNotFound": Rule(
        CredentialsMissing,
        "There is no AWS profile named {profile}. Choose another, or use the local service.",
    ),
    "NoRegionError": Rule(InvalidRequest, "No AWS region is set. Choose a region."),
    "InvalidRegionError": Rule(InvalidRequest, "{region} is not an AWS region. Choose a region."),
    "NoCredentialsError": Rule(
        CredentialsMissing,
        "No AWS credentials were found. Use the local service, or choose a profile.",
        "aws configure{profile_option}",
    ),
    "PartialCredentialsError": Rule(
        CredentialsMissing,
        "The AWS credentials are incomplete: {text}",
        "aws configure{profile_option}",
    ),
    "SSOTokenLoadError": Rule(CredentialsExpired, EXPIRED, SSO_LOGIN),
    "UnauthorizedSSOTokenError": Rule(CredentialsExpired, EXPIRED, SSO_LOGIN),
    "TokenRetrievalError": Rule(CredentialsExpired, EXPIRED, SSO_LOGIN),
    "LoginRefreshRequired": Rule(CredentialsExpired, EXPIRED, LOGIN),
    "LoginTokenLoadError": Rule(CredentialsExpired, EXPIRED, LOGIN),
    "LoginAuthorizationCodeError": Rule(CredentialsExpired, EXPIRED, LOGIN),
    "LoginError": Rule(CredentialsMissing, UNUSABLE, LOGIN),
    "RefreshWithMFAUnsupportedError": Rule(
        CredentialsMissing,
        "This profile needs an MFA code, which cannot be asked for here; "
        "use temporary credentials.",
        "aws sts get-session-token{profile_option} --serial-number ARN --token-code CODE",
    ),
    # Its text may repeat what a credential process wrote, so it is not shown.
    "CredentialRetrievalError": Rule(
        CredentialsMissing,
        "The AWS credentials could not be retrieved. The command below shows the reason.",
        IDENTITY,
    ),
    "MetadataRetrievalError": Rule(CredentialsMissing, UNUSABLE),
    "InvalidConfigError": Rule(CredentialsMissing, UNUSABLE),
    "ConfigParseError": Rule(CredentialsMissing, UNUSABLE),
    "UnknownCredentialError": Rule(CredentialsMissing, UNUSABLE),
    "UnknownTokenProviderError": Rule(CredentialsMissing, UNUSABLE),
    "SSOError": Rule(CredentialsMissing, UNUSABLE, SSO_LOGIN),
    "InvalidRetryConfigurationError": Rule(CredentialsMissing, UNUSABLE),
    "InvalidProxiesConfigError": Rule(CredentialsMissing, UNUSABLE),
    "InvalidEndpointConfigurationError": Rule(CredentialsMissing, UNUSABLE),
    "InvalidSTSRegionalEndpointsConfigError": Rule(CredentialsMissing, UNUSABLE),
    "ReadTimeoutError": Rule(ServiceUnavailable, "SageMaker did not answer in time. Try again."),
    "ConnectionError": Rule(ServiceUnavailable, UNREACHABLE),
    "HTTPClientError": Rule(ServiceUnavailable, UNREACHABLE),
    "ParamValidationError": Rule(InvalidRequest, "{text}"),
}
"""By class name, so that nothing has to be imported. The first of class and bases counts."""

_DENIED = re.compile(r"not authorized to perform: ([\w-]+:\w+)(?: on resource: (\S+))?")
_RETRIES = re.compile(r"\s*\(reached max retries: \d+\)")
_QUOTA = re.compile(r"service limit '([^']+)' is (\S+)")


@contextmanager
def translated(connection: Connection, subject: str = "") -> Iterator[None]:
    """Raise an SmxError in place of whatever botocore raises inside the block.

    ``subject`` names the thing asked for, as a sentence begins: ``The endpoint mnist``.
    """
    from botocore.exceptions import BotoCoreError, ClientError
    from botocore.parsers import ResponseParserError

    try:
        yield
    except ClientError as error:
        raise from_client_error(dict(error.response), connection, subject) from error
    except BotoCoreError as error:
        raise from_botocore(error, connection) from error
    except ResponseParserError as error:
        # A page of HTML, from a proxy for example, where XML was to be.
        raise ServiceUnavailable(UNREADABLE, aws_code="ResponseParserError") from error


def from_client_error(
    response: dict[str, Any], connection: Connection, subject: str = ""
) -> SmxError:
    """Return the SmxError for an error that SageMaker answered with."""
    answer, metadata = response.get("Error", {}), response.get("ResponseMetadata", {})
    code = str(answer.get("Code", ""))
    message = _RETRIES.sub("", str(answer.get("Message", "")))
    kind = _kind(code, message, int(metadata.get("HTTPStatusCode", 0)))
    if code.isdigit():
        # Not SageMaker's answer but a page of HTML, from a proxy for example.
        message = (
            f"SageMaker cannot answer at present (HTTP {code}). Try again."
            if int(code) >= 500
            else f"{UNREADABLE} (HTTP {code})"
        )
    details = {"aws_code": code, "aws_message": message}
    if request_id := metadata.get("RequestId"):
        details["request_id"] = str(request_id)
    if kind is AccessDenied:
        return _denied(message, details)
    if kind is CredentialsExpired:
        sentence, remedy = how_to_renew(connection)
        return CredentialsExpired(sentence, **details, **({"remedy": remedy} if remedy else {}))
    if kind is CredentialsRefused:
        # The service's own text repeats the signed request, so it is not passed on.
        del details["aws_message"]
        clock = "Signature expired" in message or "not yet current" in message
        clock = clock or code == "RequestTimeTooSkewed"
        hint = " Check this computer's clock." if clock else ""
        return CredentialsRefused(f"AWS refuses these credentials.{hint}", **details)
    if kind is ModelFailed:
        return _model_failed(response, message, details)
    return kind(_sentence(kind, code, message, subject), **details)


def from_botocore(error: Exception, connection: Connection) -> SmxError:
    """Return the SmxError for an error that botocore raised before or instead of an answer."""
    names = [base.__name__ for base in type(error).__mro__]
    rule = next((RULE_BY_CLASS[name] for name in names if name in RULE_BY_CLASS), None)
    if rule is None:
        return ServiceUnavailable(str(error), aws_code=names[0])
    if connection.kind == "local" and rule.kind is ServiceUnavailable:
        return ServiceUnavailable(LOCAL_IS_SILENT)
    profile = profile_name(connection)
    values = {
        "profile": profile,
        "profile_option": profile_option(connection.profile or ""),
        "region": connection.region or "this region",
        "text": str(error),
    }
    if names[0] == "ParamValidationError":
        # What is asked for is checked before: that SageMaker's client refuses it is our mistake.
        log.warning("boto3 refuses a call of smx-lab's: %s", error)
    details = {"aws_code": names[0]}
    if rule.remedy:
        details["remedy"] = rule.remedy.format(**values)
    if names[0] == "NoCredentialsError":
        details["looked_for"] = "\n".join(looked_for(connection))
    return rule.kind(rule.sentence.format(**values), **details)


def _kind(code: str, message: str, http_status: int) -> type[SmxError]:
    if code in ("ValidationException", "ValidationError"):
        return next((k for text, k in KIND_BY_TEXT if text.search(message)), InvalidRequest)
    if code in KIND_BY_CODE:
        return KIND_BY_CODE[code]
    # An answer that is not JSON, of a proxy for example, leaves its HTTP status as the code.
    return ServiceUnavailable if http_status >= 500 or code.isdigit() else SmxError


def _sentence(kind: type[SmxError], code: str, message: str, subject: str) -> str:
    if kind is NotFound and subject:
        return f"{subject} does not exist."
    if kind is Throttled:
        return "SageMaker is limiting requests. Try again in a moment."
    if code == "ResourceLimitExceeded" and (quota := _QUOTA.search(message)):
        return (
            f"The account's quota '{quota[1]}' is {quota[2]}. "
            "Request an increase in Service Quotas."
        )
    if "in-progress" in message and subject:
        return f"{subject} is being changed. Try again shortly."
    if kind is ServiceUnavailable and not message:
        return "SageMaker cannot answer at present. Try again."
    return message or f"SageMaker answered with the error {code}."


def _denied(message: str, details: dict[str, str]) -> AccessDenied:
    found = _DENIED.search(message)
    if found is None:
        return AccessDenied("You may not do this. Ask for the permission.", **details)
    action, resource = found[1], found[2] or "*"
    return AccessDenied(
        f"You may not do this: {action} on {resource}. Ask for that permission.",
        **details,
        action=action,
        resource=resource,
        policy=policy_for([action], resource),
    )


def policy_for(actions: list[str], resource: str = "*") -> str:
    """Return an IAM policy that allows the actions, as text to copy."""
    statement = {"Effect": "Allow", "Action": actions, "Resource": resource}
    return json.dumps({"Version": "2012-10-17", "Statement": [statement]}, indent=2)


def _model_failed(response: dict[str, Any], message: str, details: dict[str, str]) -> ModelFailed:
    status = response.get("OriginalStatusCode")
    if status is not None:
        details["original_status_code"] = str(status)
    if original := response.get("OriginalMessage"):
        details["original_message"] = str(original)
    if log_stream := response.get("LogStreamArn"):
        details["log_stream_arn"] = str(log_stream)
    return ModelFailed(message or "The model server answered with an error.", **details)
