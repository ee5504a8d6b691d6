"""Every error a caller can meet, and the HTTP status it answers with.

SmxError                 500
├── InvalidRequest       400  the input breaks a stated rule
├── CredentialsMissing   401  no AWS credentials were found for the connection
├── CredentialsExpired   401  the AWS credentials were good once
├── CredentialsRefused   401  AWS does not know the credentials, or the clock is wrong
├── AccessDenied         403  the credentials may not do this, or an administrator forbids it
├── NotFound             404  no such connection, experiment, trial, trial component or endpoint
├── Conflict             409  the name is taken, or the resource is busy
├── Throttled            429  SageMaker asks for fewer calls
├── ModelFailed          424  the model server answered an invocation with an error
├── OperationFailed      502  a step of an operation ended badly, for SageMaker's own reason
└── ServiceUnavailable   503  SageMaker, local or AWS, cannot be reached
"""

from __future__ import annotations

from typing import ClassVar


class SmxError(Exception):
    """A sentence for the user, a stable ``code``, and details that a screen may unfold.

    Parameters
    ----------
    message : str
        One or two whole sentences: what is wrong and what to do. Shown as it is.
    **details : str
        Facts for *Details*: ``field``, ``action``, ``aws_code``, ``request_id``, ``remedy`` (a
        command line to copy), ``policy`` (an IAM policy to copy). Never a credential.
    """

    status: ClassVar[int] = 500
    code: ClassVar[str] = "internal_error"

    def __init__(self, message: str, **details: str) -> None:
        super().__init__(message)
        self.message = message
        self.details = details


class InvalidRequest(SmxError):
    """The input breaks a stated rule; ``details["field"]`` names the member."""

    status = 400
    code = "invalid_request"


class CredentialsMissing(SmxError):
    """No AWS credentials were found."""

    status = 401
    code = "credentials_missing"


class CredentialsExpired(SmxError):
    """The AWS credentials have expired; ``details["remedy"]`` is the login command."""

    status = 401
    code = "credentials_expired"


class CredentialsRefused(SmxError):
    """AWS does not know the credentials, or their signature is wrong."""

    status = 401
    code = "credentials_refused"


class AccessDenied(SmxError):
    """The credentials may not do this, or an administrator forbids it.

    ``details["action"]`` is the missing IAM action.
    """

    status = 403
    code = "access_denied"


class NotFound(SmxError):
    """It does not exist, or no longer."""

    status = 404
    code = "not_found"


class Conflict(SmxError):
    """The name is taken, or the resource is busy."""

    status = 409
    code = "conflict"


class ModelFailed(SmxError):
    """The model server answered with an error or not in time."""

    status = 424
    code = "model_failed"


class Throttled(SmxError):
    """SageMaker asks for fewer calls."""

    status = 429
    code = "throttled"


class OperationFailed(SmxError):
    """A step of an operation failed, for example because an endpoint is Failed."""

    status = 502
    code = "operation_failed"


class ServiceUnavailable(SmxError):
    """SageMaker, local or AWS, cannot be reached."""

    status = 503
    code = "service_unavailable"
