"""Which function answers which API action, and what every such function is given.

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

import getpass
import os
import re
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timezone
from pathlib import Path
from typing import Any, Literal, Protocol

import msgspec

from smx_lab.local.files.locations import local_path
from smx_lab.local.home import data_dir as places
from smx_lab.local.home.job_credentials import JobCredentials
from smx_lab.local.store.changes import Changes
from smx_lab.local.store.store import Store

Request = dict[str, Any]
Answer = dict[str, Any] | None
Service = Literal["sagemaker", "sagemaker-metrics", "sagemaker-runtime", "sts", "iam", "logs"]

PARTITION = "aws"

ROLE_NAME = "AmazonSageMaker-ExecutionRole-local"
"""The role the caller has: SDKs want one, and take the ARN of a user for none."""


class Part(Protocol):
    """What jobs and hosting have in common: processes that outlive a request."""

    def recover(self) -> None:
        """At start, before the first request: adopt or end what an earlier process left."""

    def shutdown(self) -> None:
        """At the end, after the last request: end every child process and tell the truth of it."""


@dataclass
class Context:
    """What an operation may know besides its request. One for the whole process.

    ``jobs`` and ``hosting`` are the runners of training jobs and of model servers; None only in
    tests that have neither.
    """

    store: Store
    region: str
    account: str
    data_dir: Path
    jobs: Any = None
    hosting: Any = None
    client_variables: Mapping[str, str] = field(default_factory=dict)
    """What points an AWS SDK here, without credentials: for the scripts of jobs."""
    credentials: JobCredentials = field(default_factory=JobCredentials)
    """What the scripts of jobs sign with."""
    component_changes: Changes = field(default_factory=Changes)
    """Which trial components have changed, for the next page of a search."""
    caller_arn: str = field(init=False)
    user_context: str = field(init=False)
    """The caller as UserContext, JSON: what created_by and last_modified_by columns hold."""

    def __post_init__(self) -> None:
        role = f"arn:{PARTITION}:sts::{self.account}:assumed-role/{ROLE_NAME}"
        self.caller_arn = f"{role}/{_user_name()}"
        identity = {"Arn": self.caller_arn, "PrincipalId": self.principal_id}
        self.user_context = msgspec.json.encode({"IamIdentity": identity}).decode()

    @property
    def principal_id(self) -> str:
        """The caller's id, as STS and UserContext give it."""
        return f"{role_id(self.account)}:{_user_name()}"

    def now(self) -> datetime:
        """Return the present, aware, in UTC, to the millisecond, as the store keeps it."""
        return from_ms(self.now_ms())

    def now_ms(self) -> int:
        """Return the present in milliseconds since the epoch."""
        return to_ms(datetime.now(timezone.utc))

    def arn(self, resource_type: str, name: str) -> str:
        """Return an ARN; ``resource_type`` is its word: ``experiment-trial``, ``model``, …"""
        return f"arn:{PARTITION}:sagemaker:{self.region}:{self.account}:{resource_type}/{name}"

    def local_path(self, location: str) -> Path:
        """Return where an input, code, model or output lies; raises ``LocationError``."""
        return local_path(location, places.buckets(self.data_dir))

    def after_commit(self, function: Callable[[], object]) -> None:
        """Run ``function`` once the present write is on disk; see `Store.after_commit`."""
        self.store.after_commit(function)


@dataclass(frozen=True)
class Operation:
    """One API action: its name, the service it belongs to, and the function that answers it."""

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


def role_id(account: str) -> str:
    """Return the id of the caller's role."""
    return f"AROA{account}LOCAL"


def _user_name() -> str:
    """Return the user's name as that of a session: of the letters STS allows in one."""
    try:
        name = getpass.getuser()
    except (KeyError, OSError):  # a container's user id without a name
        name = f"user-{os.getuid()}"
    return re.sub(r"[^\w+=,.@-]", "-", name)


def to_ms(instant: datetime) -> int:
    """Return milliseconds since the epoch, rounded, of an aware instant."""
    return round(instant.timestamp() * 1000)


def from_ms(milliseconds: int) -> datetime:
    """Return the aware instant, UTC, of milliseconds since the epoch."""
    return datetime.fromtimestamp(milliseconds / 1000, timezone.utc)
