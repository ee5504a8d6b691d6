"""The errors the local service answers with: SageMaker's codes, SageMaker's sentences.

A ``ServiceError`` is an answer to a client; a ``StartError`` ends the process with one sentence.
"""

from __future__ import annotations

from typing import Any


class ServiceError(Exception):
    """An answer in place of a result, rendered in the protocol the request came by.

    Parameters
    ----------
    code : str
        The code clients compare: ``ValidationException``, ``ResourceNotFound``, …
    message : str
        The sentence clients show, and partly match.
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
    """Return the control plane's commonest error; it is not modeled, and matched by its text."""
    return ServiceError("ValidationException", message)


def resource_not_found(message: str) -> ServiceError:
    """Return what experiments, trials and trial components answer when they do not exist."""
    return ServiceError("ResourceNotFound", message)


def not_offered(what: str) -> ServiceError:
    """Return the error for a member that the local service cannot honour."""
    return validation_error(f"{what} not offered by the local SageMaker service.")


def internal_failure() -> ServiceError:
    """Return the answer to a defect of ours; the traceback goes to the service's log alone."""
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
