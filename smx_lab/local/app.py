"""The application: checks host and signature, runs operations off the event loop, sends answers.

Every request gets one answer, in its own protocol, whatever goes wrong. Results of threads come
back to the event loop in batches: one wake-up for all writes of one commit.
"""

from __future__ import annotations

import asyncio
import logging
import random
import threading
from collections.abc import Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any, cast

from smx_lab.local.context import Answer, Context
from smx_lab.local.errors import ServiceError, StoreWriteError, internal_failure
from smx_lab.local.http.server import HttpRequest, HttpResponse, Respond
from smx_lab.local.protocol.models import OperationModel
from smx_lab.local.protocol.registry import Operation
from smx_lab.local.protocol.routing import Route, Router, body_limit
from smx_lab.local.protocol.signature import SignatureChecker

READER_THREADS = 4

_log = logging.getLogger(__name__)


class _Exchange:
    """One request with its result or error; the store sets them (`Outcome`)."""

    __slots__ = ("_deliver", "error", "model", "request_id", "respond", "result", "route")

    def __init__(self, route: Route, respond: Respond, bring: Callable[[_Exchange], None]) -> None:
        self.route = route
        self.respond = respond
        self.request_id = _new_id()
        self.model: OperationModel | None = None
        """Set if the result still has to be encoded."""
        self.result: Any = None
        self.error: BaseException | None = None
        self._deliver = bring

    def set_running_or_notify_cancel(self) -> bool:
        """Return True: a request is carried out even when its client has gone."""
        return True

    def set_result(self, result: Any) -> None:
        """Keep the result, and pass it to the event loop."""
        self.result = result
        self._deliver(self)

    def set_exception(self, exception: BaseException | None) -> None:
        """Keep the error, and pass it to the event loop."""
        self.error = exception
        self._deliver(self)


def _new_id() -> str:
    """Return a request id. It is no secret, so no system call is needed for it."""
    digits = f"{random.getrandbits(128):032x}"
    return f"{digits[:8]}-{digits[8:12]}-{digits[12:16]}-{digits[16:20]}-{digits[20:]}"


class App:
    """Routes requests to operations and their threads; does not deal with sockets.

    Parameters
    ----------
    hosts : frozenset of str
        The values a Host header may have, in lower case.
    """

    def __init__(
        self, context: Context, signatures: SignatureChecker, hosts: frozenset[str]
    ) -> None:
        self._context = context
        self._signatures = signatures
        self._hosts = hosts
        self._router = Router()
        self._readers = ThreadPoolExecutor(READER_THREADS, thread_name_prefix="reader")
        self._loop = asyncio.get_running_loop()
        self._done: list[_Exchange] = []
        self._done_lock = threading.Lock()
        self._tasks: set[asyncio.Task[None]] = set()

    def close(self) -> None:
        """End the readers' threads. Call it when no request is running."""
        for task in self._tasks:
            task.cancel()
        self._readers.shutdown()

    def handle(self, request: HttpRequest, respond: Respond) -> None:
        """Answer a request, now or later; called on the event loop."""
        exchange = _Exchange(self._router.route(request), respond, self._deliver)
        try:
            self._admit(exchange.route, request)
            operation, model = exchange.route.require_offered()
            given = exchange.route.codec.decode(model, request)
        except Exception as error:  # noqa: BLE001 - becomes the answer
            self._fail(exchange, error)
            return
        self._start(exchange, operation, model, given)

    def _admit(self, route: Route, request: HttpRequest) -> None:
        """Raise ServiceError for a request that must not be decoded."""
        # A page of a foreign site that resolves its name to loopback still sends its own Host.
        if request.headers.get("Host", "").lower() not in self._hosts:
            raise ServiceError(
                "AccessDeniedException", "The Host header names another machine.", 403
            )
        if route.is_foreign:
            # It may be signed by other rules, so it is refused before its signature is checked.
            route.require_offered()
        if request.is_too_large:
            limit = body_limit(request.path)
            raise ServiceError(
                "RequestEntityTooLargeException",
                f"The body is larger than the {limit} bytes this request may have.",
                413,
            )
        try:
            self._signatures.check(
                request.method,
                request.target,
                request.headers,
                request.body,
                route.service.signing_name,
            )
        except ServiceError as error:
            error.status = route.codec.auth_status
            raise

    def _start(
        self, exchange: _Exchange, operation: Operation, model: OperationModel, given: Any
    ) -> None:
        """Run the operation on the event loop, the writing thread or a reader's thread."""
        context, function = self._context, operation.function
        if operation.asynchronous:
            answering = self._answer_later(exchange, model, function(context, given))
            task = self._loop.create_task(answering)
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)
        elif operation.writes:
            exchange.model = model
            context.store.write_for(exchange, lambda cx: function(cx, context, given))
        else:

            def read() -> None:
                try:
                    if operation.before:
                        operation.before(context, given)
                    answer = context.store.read(lambda cx: function(cx, context, given))
                    encode = exchange.route.codec.encode
                    response = encode(model, cast("Answer", answer), exchange.request_id)
                except Exception as error:  # noqa: BLE001 - becomes the answer
                    exchange.set_exception(error)
                else:
                    exchange.set_result(response)

            self._readers.submit(read)

    def _deliver(self, exchange: _Exchange) -> None:
        """Pass a result to the event loop; called on any thread."""
        with self._done_lock:
            self._done.append(exchange)
            is_first = len(self._done) == 1
        # Only the first result wakes the loop; it takes all that have arrived by then.
        if is_first:
            self._loop.call_soon_threadsafe(self._answer_done)

    def _answer_done(self) -> None:
        with self._done_lock:
            done, self._done = self._done, []
        for exchange in done:
            if exchange.error is not None:
                self._fail(exchange, exchange.error)
            elif exchange.model is None:
                self._answer(exchange, exchange.result)
            else:
                self._encode_and_answer(exchange, exchange.model, exchange.result)

    async def _answer_later(
        self, exchange: _Exchange, model: OperationModel, running: Answer | Awaitable[Answer]
    ) -> None:
        try:
            answer = await cast("Awaitable[Answer]", running)
        except Exception as error:  # noqa: BLE001 - becomes the answer
            self._fail(exchange, error)
        else:
            self._encode_and_answer(exchange, model, answer)

    def _encode_and_answer(
        self, exchange: _Exchange, model: OperationModel, answer: Answer
    ) -> None:
        try:
            response = exchange.route.codec.encode(model, answer, exchange.request_id)
        except Exception as error:  # noqa: BLE001 - becomes the answer
            self._fail(exchange, error)
        else:
            self._answer(exchange, response)

    def _fail(self, exchange: _Exchange, error: BaseException) -> None:
        """Send an error response. A defect is logged, and the client gets no details of it."""
        if isinstance(error, StoreWriteError):
            error = ServiceError(
                "ServiceUnavailable", f"The change could not be stored: {error}.", status=503
            )
        if not isinstance(error, ServiceError):
            route = exchange.route
            _log.error("%s %s failed", route.service.name, route.action, exc_info=error)
            error = internal_failure()
        self._answer(exchange, exchange.route.codec.error(error, exchange.request_id))

    def _answer(self, exchange: _Exchange, response: HttpResponse) -> None:
        response.headers["x-amzn-RequestId"] = exchange.request_id
        exchange.respond(response)
