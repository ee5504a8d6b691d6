"""What the whole service shares: its store, its identity, and what runs its processes.

Every operation is called with one `Context`, the same for the whole process, and with a `Request`;
it returns an `Answer`. `JobRunner` and `EndpointRunner` state what operations need from ``jobs``
and ``hosting``, so that nothing below these two has to import them.
"""

from __future__ import annotations

import getpass
import os
import re
from collections.abc import Callable, Mapping, Sequence
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

JobWord = Literal["training", "processing", "transform"]
"""One kind of job, as the names of its table, its ARNs and its folder begin."""

PARTITION = "aws"

ROLE_NAME = "AmazonSageMaker-ExecutionRole-local"
"""The role the caller has: SDKs require one, and do not accept the ARN of a user."""


class Part(Protocol):
    """A part of the service whose processes outlive a request."""

    def recover(self) -> None:
        """At start, before the first request: adopt or end what an earlier process left."""

    def shutdown(self) -> None:
        """At the end, after the last request: end every child process and record how it ended."""


class JobRunner(Part, Protocol):
    """Runs jobs. All but `folder` are called once the change is in the store."""

    def folder(self, kind: JobWord, name: str) -> Path:
        """Return the folder of a job."""

    def submit(self, kind: JobWord, name: str) -> None:
        """Queue a job."""

    def stop(self, kind: JobWord, name: str) -> None:
        """Stop a job."""

    def forget(self, kind: JobWord, name: str) -> None:
        """Remove the folder of a job that was deleted."""


class ModelResponse(Protocol):
    """The response of a model server to an invocation."""

    @property
    def status(self) -> int:
        """HTTP's status code."""

    @property
    def headers(self) -> Mapping[str, str]:
        """By name."""

    @property
    def body(self) -> bytes:
        """The whole body."""


class ModelClient(Protocol):
    """Sends invocations to model servers, from the event loop."""

    async def invoke(
        self, address: str, body: bytes, headers: dict[str, str], timeout_s: float, /
    ) -> ModelResponse:
        """Send ``POST /invocations`` to the socket at ``address``; return the whole response."""


class RunningVariant(Protocol):
    """A production variant with its model server."""

    @property
    def name(self) -> str:
        """VariantName."""

    @property
    def address(self) -> str:
        """The path of the model server's socket."""

    @property
    def timeout_s(self) -> float:
        """How long an invocation may take."""

    def restart(self) -> None:
        """End a model server that hangs; it is started again."""


class RunningEndpoint(Protocol):
    """The running variants of an endpoint."""

    @property
    def variants(self) -> Sequence[RunningVariant]:
        """All of them, ready or not."""

    def choose(self, target: str | None) -> RunningVariant | None:
        """Return the variant named, or one by weight; None if there is none ready."""


class EndpointRunner(Part, Protocol):
    """Runs endpoints. What changes one is called once the change is in the store."""

    @property
    def model_client(self) -> ModelClient:
        """The client for all model servers; for the event loop."""

    def create(self, name: str) -> None:
        """Start an endpoint at its configuration."""

    def update(self, name: str) -> None:
        """Start an endpoint at its wanted configuration, beside the present one."""

    def delete(self, name: str) -> None:
        """End an endpoint and delete its record; its logs stay."""

    def new_address(self) -> str:
        """Return an address for the model server of a job."""

    def find(self, name: str) -> RunningEndpoint | None:
        """Return an endpoint that has model servers, ready or starting."""


@dataclass
class Context:
    """What an operation may use besides its request. One for the whole process.

    ``jobs`` and ``hosting`` are made from the context and set right after it; tests that have
    neither leave them unset.
    """

    store: Store
    region: str
    account: str
    data_dir: Path
    jobs: JobRunner = field(init=False, repr=False)
    hosting: EndpointRunner = field(init=False, repr=False)
    client_variables: Mapping[str, str] = field(default_factory=dict)
    """The variables that point an AWS SDK here, without credentials: for the scripts of jobs."""
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


def role_id(account: str) -> str:
    """Return the id of the caller's role."""
    return f"AROA{account}LOCAL"


def _user_name() -> str:
    """Return the user's name with only the characters that STS allows in a session's name."""
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
