"""The base of all handlers. It runs services on threads and writes every error as JSON."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from http.client import responses
from typing import Any, TypeVar

import msgspec
from jupyter_server.base.handlers import APIHandler
from tornado.web import HTTPError

from smx_lab.contract.arguments import decode
from smx_lab.contract.queries import ListQuery, PageQuery, Query
from smx_lab.core.errors import InvalidRequest, SmxError
from smx_lab.core.operation import ErrorBody, error_body
from smx_lab.services.browsing.paging import PageRequest
from smx_lab.services.container import Services

T = TypeVar("T")
S = TypeVar("S", bound=msgspec.Struct)
Q = TypeVar("Q", bound=Query)

SERVICES = "smx_lab_services"
"""The key of the services in the web application's settings."""

MAX_BODY_BYTES = 9 * 1024 * 1024
"""InvokeEndpoint takes 6 291 456 bytes (SageMaker API Reference), which are 8 388 608 in base64."""

CODE_BY_STATUS = {
    400: "invalid_request",
    401: "not_authenticated",
    403: "access_denied",
    404: "not_found",
    405: "method_not_allowed",
    413: "too_large",
}


class SmxHandler(APIHandler):
    """Decodes requests, calls services and writes responses."""

    auth_resource = "smx-lab"

    _asking: asyncio.Future[Any] | None = None

    @property
    def services(self) -> Services:
        """All services of this server."""
        services: Services = self.settings[SERVICES]
        return services

    async def prepare(self) -> None:  # type: ignore[override]  # as APIHandler does
        """Refuse a body that is too large, after the caller has been authenticated."""
        await super().prepare()
        if len(self.request.body) > MAX_BODY_BYTES:
            raise HTTPError(413, f"The body is larger than {MAX_BODY_BYTES} bytes.")

    async def ask(self, connection_id: str | None, function: Callable[..., T], *args: Any) -> T:
        """Run a service's function on the threads of a connection.

        Calls of boto3 and access to files block. A blocked event loop would stop the traffic of
        every kernel. The loop's default threads are not used, since Jupyter needs them too.
        """
        executor = self.services.executor(connection_id)
        return await asyncio.get_running_loop().run_in_executor(executor, function, *args)

    async def ask_while_wanted(
        self, connection_id: str | None, function: Callable[..., T], *args: Any
    ) -> T | None:
        """Run a service's function as ``ask`` does, unless the caller disconnects before it begins.

        A browser disconnects when a newer request replaces this one. The result is then None.
        """
        asking = asyncio.ensure_future(self.ask(connection_id, function, *args))
        self._asking = asking
        try:
            return await asking
        except asyncio.CancelledError:
            if self._asking is None:
                return None
            raise

    def on_connection_close(self) -> None:
        """Cancel the function of ``ask_while_wanted`` if it has not begun."""
        super().on_connection_close()
        asking, self._asking = self._asking, None
        if asking is not None:
            asking.cancel()

    def answer(self, body: msgspec.Struct, status: int = 200) -> None:
        """Send a body as JSON; tornado sends 304 instead if the caller has the same ETag."""
        self.set_status(status)
        self.finish(msgspec.json.encode(body))

    def body(self, kind: type[S]) -> S:
        """Decode the request's body.

        Raises
        ------
        InvalidRequest
            Naming the member that is missing, unknown or of the wrong type.
        """
        try:
            return msgspec.json.decode(self.request.body, type=kind)
        except msgspec.ValidationError as error:
            raise _invalid(str(error)) from error
        except (msgspec.DecodeError, UnicodeDecodeError) as error:
            raise InvalidRequest("The body is not JSON.", reason=str(error)) from error

    def query(self, kind: type[Q]) -> Q:
        """Decode the request's query arguments.

        Raises
        ------
        InvalidRequest
            If an argument is missing or wrong, with its name in the details.
        """
        return decode(kind, self.get_query_arguments)

    def write_error(self, status_code: int, **kwargs: Any) -> None:
        """Write any error as ``{code, message, details}``."""
        error = kwargs.get("exc_info", (None, None, None))[1]
        if isinstance(error, SmxError):
            status_code, body = error.status, error_body(error)
            self.set_status(status_code)
        else:
            message: str = responses.get(status_code, "Unknown error")
            if status_code == 403 and getattr(self, "_jupyter_current_user", None) is None:
                message = "Sign in to this Jupyter server first."
            elif isinstance(error, HTTPError) and error.log_message and status_code < 500:
                message = error.get_message() or message
            elif status_code == 500:
                message = "Something went wrong in smx-lab; the server's log says what."
            code = CODE_BY_STATUS.get(status_code, "internal_error")
            body = ErrorBody(code=code, message=message)
        self.finish(msgspec.json.encode(body))

    def log_exception(self, kind: Any, error: Any, traceback: Any) -> None:
        """Log a defect with its traceback, and an error for the user in one line."""
        if isinstance(error, SmxError) and error.status < 500:
            self.log.info("smx-lab: %s: %s", error.code, error.message)
        elif isinstance(error, SmxError) and error.status != 500:
            self.log.warning("smx-lab: %s: %s", error.code, error.message)
        else:
            super().log_exception(kind, error, traceback)


def page_request(query: PageQuery) -> PageRequest:
    """Return the page that a query asks for."""
    return PageRequest(
        next_token=query.next_token,
        max_results=query.max_results,
        sort_by=query.sort_by,
        sort_order=query.sort_order,
        name_contains=query.name_contains,
        filters=query.filters if isinstance(query, ListQuery) else (),
    )


def _invalid(message: str) -> InvalidRequest:
    """Convert a message of msgspec, such as ``Expected `int`, got `str` - at `$.offset```."""
    text, _, path = message.partition(" - at `$")
    field = path.rstrip("`").lstrip(".")
    if not field and "`" in text and ("field" in text):
        # Only the text names an unknown or missing member of the body itself.
        field = text.rpartition(" ")[2].strip("`")
    details = {"field": field} if field else {}
    return InvalidRequest(f"{text}{f' in {field}' if path else ''}.", **details)
