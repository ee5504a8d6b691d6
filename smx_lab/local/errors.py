"""The errors of the local service, with SageMaker's codes and messages.

A ``ServiceError`` is sent to the client; a ``StartError`` ends the process with one sentence.
"""

from __future__ import annotations

from typing import Any


class ServiceError(Exception):
    """An error for the client, encoded in the protocol of its request.

    Parameters
    ----------
    code : str
        The code that clients compare: ``ValidationException``, ``ResourceNotFound``, …
    message : str
        The sentence that clients show; some match parts of it.
    status : int
        HTTP status; 400 for every modeled error of the control plane.
    **members : Any
        Further members of a modeled exception, PascalCase (``OriginalStatusCode`` of
        ``ModelError``).
    """

    def __init__(self, code: str, message: str, status: int = 400, **members: Any) -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.status = status
        self.members = members


def validation_error(message: str) -> ServiceError:
    """Return the control plane's most common error; clients match its text."""
    return ServiceError("ValidationException", message)


def resource_not_found(message: str) -> ServiceError:
    """Return the error for an experiment, trial or trial component that does not exist."""
    return ServiceError("ResourceNotFound", message)


def not_offered(what: str) -> ServiceError:
    """Return the error for a member that the local service does not support."""
    return validation_error(f"{what} not offered by the local SageMaker service.")


def internal_failure() -> ServiceError:
    """Return the error for a defect of the service; the traceback is only in the service's log."""
    return ServiceError(
        "InternalFailure",
        "The local SageMaker service failed while answering. Its service.log says why.",
        status=500,
    )


class StartError(Exception):
    """The service cannot start; the message is one sentence and what to do."""


class StoreError(StartError):
    """The database cannot be used: foreign, newer, damaged, or not writable."""


class StoreWriteError(Exception):
    """A write was not made durable (disk full, input or output error); nothing was changed."""
