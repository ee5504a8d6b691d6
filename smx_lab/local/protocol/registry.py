"""Which function serves which API action, and what every such function is given.

    @operation("CreateTrial", writes=True)
    def create_trial(cx: sqlite3.Connection, context: Context, request: Request) -> Answer: ...

    @operation("InvokeEndpoint", service="sagemaker-runtime", asynchronous=True)
    async def invoke_endpoint(context: Context, request: Request) -> Answer: ...

``request`` has been validated against botocore's input shape: PascalCase names, required members
there, unknown ones gone, unset ones absent, timestamps as aware ``datetime``, blobs as ``bytes``.
The answer is a dict of the output shape: instants as aware ``datetime`` or, straight from a column,
as whole milliseconds (``int``), ``None`` for unset members, JSON that is stored already as
``msgspec.Raw``; or None for an empty answer. Members bound to headers or the body (InvokeEndpoint)
are named as in the shape too. Errors are raised as `ServiceError`.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any, Literal

from smx_lab.local.context import Answer, Context, Request

Service = Literal["sagemaker", "sagemaker-metrics", "sagemaker-runtime", "sts", "iam", "logs"]


@dataclass(frozen=True)
class Operation:
    """One API action: its name, the service it belongs to, and the function that serves it."""

    name: str
    service: Service
    function: Callable[..., Answer | Awaitable[Answer]]
    writes: bool
    asynchronous: bool
    before: Callable[[Context, Request], None] | None = None


OPERATIONS: dict[tuple[str, str], Operation] = {}
"""Everything that is offered, by service and name."""


def operation(
    name: str,
    *,
    service: Service = "sagemaker",
    writes: bool = False,
    asynchronous: bool = False,
    before: Callable[[Context, Request], None] | None = None,
) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Offer a function as the API action ``name``.

    Parameters
    ----------
    name : str
        As in botocore's model of ``service``.
    writes : bool
        Run on the writing thread in a transaction; else on a reader's thread and connection.
    asynchronous : bool
        A coroutine function without ``cx``, run on the event loop: it must not block, and uses
        ``context.store`` itself (``asyncio.wrap_future(store.write(…))``).
    before : callable, optional
        Called on the reader's thread before its snapshot is taken; it may write.
    """

    def register(function: Callable[..., Any]) -> Callable[..., Any]:
        if (service, name) in OPERATIONS:
            raise ValueError(f"{service}.{name} is offered twice.")
        made = Operation(name, service, function, writes, asynchronous, before)
        OPERATIONS[service, name] = made
        return function

    return register
