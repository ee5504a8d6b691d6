"""SageMaker as one connection sees it: boto3's operations, with our errors."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime
from email.utils import parsedate_to_datetime
from typing import Any, NamedTuple

import msgspec

from smx_lab.core import wire
from smx_lab.core.connection import Connection, LocalService
from smx_lab.core.entities import TrialComponent
from smx_lab.core.errors import (
    CredentialsExpired,
    CredentialsMissing,
    CredentialsRefused,
    ServiceUnavailable,
)
from smx_lab.core.limits import MAX_RESULTS
from smx_lab.core.search_record import SearchedComponent
from smx_lab.core.wire_json import Components
from smx_lab.gateway.boto import INVOCATION, Clients
from smx_lab.gateway.botocore_events import COMPONENTS, UNREADABLE, plain_answers
from smx_lab.gateway.credentials.caller_identity import CallerIdentity, studio_user
from smx_lab.gateway.credentials.sources import Stamp, configuration_stamp
from smx_lab.gateway.errors import translated
from smx_lab.gateway.local_search import LocalSearch
from smx_lab.gateway.retry import READS, RetryLimits
from smx_lab.gateway.throttle import AccountThrottle, AccountThrottles

BAD_CREDENTIALS = (CredentialsMissing, CredentialsExpired, CredentialsRefused)

COMPONENT = "ExperimentTrialComponent"
"""What Search calls a trial component."""


class Page(NamedTuple):
    """Records as boto3 gives them, and the token of the next page.

    ``hits`` is how many records there are in all, where SageMaker says so; ``date`` is when it
    answered, by its own clock.
    """

    records: list[dict[str, Any]]
    next_token: str | None
    hits: int | None = None
    date: datetime | None = None


class ComponentPage(NamedTuple):
    """Trial components of a search, and the rest as in ``Page``."""

    components: Sequence[TrialComponent | SearchedComponent]
    next_token: str | None
    hits: int | None = None
    date: datetime | None = None


class SageMaker:
    """All calls of one connection go through here; safe from any thread.

    It knows how operations are called, and nothing of what the answers mean.
    """

    def __init__(
        self,
        connection: Connection,
        ensure_running: Callable[[], LocalService] | None = None,
        endpoint_urls: dict[str, str] | None = None,
        throttles: AccountThrottles | None = None,
        retry_limits: RetryLimits = READS,
    ) -> None:
        """Prepare; nothing is started or connected to before the first call."""
        self.connection = connection
        self.retry_limits = retry_limits
        """For reading many pages; ``call`` repeats nothing."""
        self._ensure_running = ensure_running
        self._endpoint_urls = endpoint_urls
        self._throttles = throttles
        self._lock = threading.Lock()
        self._clients: Clients | None = None
        self._local: LocalService | None = None
        self._local_search: LocalSearch | None = None
        self._stamp: Stamp = ()
        self._identity: tuple[Clients, dict[str, Any]] | None = None

    def call(
        self,
        operation: str,
        /,
        *,
        service: str = "sagemaker",
        subject: str = "",
        **members: Any,
    ) -> dict[str, Any]:
        """Call one operation, named as boto3 names it; members that are None are left out.

        Parameters
        ----------
        subject : str
            The thing asked for, as a sentence about it would begin: ``The endpoint mnist``.

        Raises
        ------
        SmxError
            In place of what botocore raises.
        """
        sent = {name: value for name, value in members.items() if value is not None}
        clients = self._connected()
        try:
            return self._call(clients, service, operation, subject, sent)
        except (ServiceUnavailable, *BAD_CREDENTIALS) as error:
            # The local service may have restarted at another address. This is no retry: the call
            # goes where it has not been yet.
            if self._moved(clients):
                return self._call(self._connected(), service, operation, subject, sent)
            if isinstance(error, BAD_CREDENTIALS):
                self._forget(clients)
            raise

    def search(
        self,
        resource: str,
        expression: Mapping[str, Any] | None = None,
        *,
        sort_by: str = "LastModifiedTime",
        sort_order: str = "Descending",
        max_results: int = MAX_RESULTS,
        next_token: str | None = None,
    ) -> Page:
        """Return one page of Search; each record without the wrapper that names its kind."""
        reply = self.call(
            "search",
            Resource=resource,
            SearchExpression=expression,
            SortBy=sort_by,
            SortOrder=sort_order,
            MaxResults=max_results,
            NextToken=next_token,
        )
        return _page(reply, resource)

    def search_components(
        self,
        expression: Mapping[str, Any],
        *,
        sort_by: str = "LastModifiedTime",
        sort_order: str = "Descending",
        next_token: str | None = None,
    ) -> ComponentPage:
        """Return one page of a search for trial components, which takes a fraction of ``search``'s
        processor time and returns the same."""
        members: dict[str, Any] = {
            "Resource": COMPONENT,
            "SearchExpression": expression,
            "SortBy": sort_by,
            "SortOrder": sort_order,
            "MaxResults": MAX_RESULTS,
            **({"NextToken": next_token} if next_token is not None else {}),
        }
        if self._ensure_running is not None:
            self._connected()
        quick = self._local_search
        if quick is not None and (answer := quick.ask(members)) is not None:
            return ComponentPage(*answer.components, _date(answer.date))
        with plain_answers():
            reply = self.call("search", **members)
        found: Components | None = reply.get(COMPONENTS)
        page = _page(reply, COMPONENT)
        if found is None:
            components = [wire.trial_component(record) for record in page.records]
            return ComponentPage(components, page.next_token, page.hits, page.date)
        return ComponentPage(found.components, found.next_token, found.hits, page.date)

    def search_all(
        self, resource: str, expression: Mapping[str, Any] | None = None, **options: Any
    ) -> Iterator[dict[str, Any]]:
        """Yield every record that Search finds, page after page."""
        token: str | None = None
        while True:
            page = self.search(resource, expression, next_token=token, **options)
            yield from page.records
            token = page.next_token
            if token is None:
                return

    def list_all(self, operation: str, member: str, **members: Any) -> Iterator[dict[str, Any]]:
        """Yield every summary of a list operation, e.g. ``list_models`` and ``Models``.

        A page may be short or empty and still have a successor.
        """
        token: str | None = None
        while True:
            page = self.list_page(operation, member, next_token=token, **members)
            yield from page.records
            token = page.next_token
            if token is None:
                return

    def list_page(
        self,
        operation: str,
        member: str,
        *,
        max_results: int = MAX_RESULTS,
        next_token: str | None = None,
        **members: Any,
    ) -> Page:
        """Return one page of a list operation."""
        reply = self.call(operation, MaxResults=max_results, NextToken=next_token, **members)
        return Page(reply.get(member, []), reply.get("NextToken"))

    def list_matching_page(
        self,
        operation: str,
        member: str,
        matches: Callable[[dict[str, Any]], bool],
        *,
        max_results: int = MAX_RESULTS,
        next_token: str | None = None,
        **members: Any,
    ) -> Page:
        """Return the first page of a list operation that has a matching record, with no others.

        Without any, the page is empty and the last one.
        """
        token = next_token
        while True:
            page = self.list_page(
                operation, member, max_results=max_results, next_token=token, **members
            )
            records = [record for record in page.records if matches(record)]
            token = page.next_token
            if records or token is None:
                return Page(records, token)

    def invoke(self, endpoint_name: str, **members: Any) -> dict[str, Any]:
        """Call InvokeEndpoint, and read the whole answer: ``Body`` is bytes."""
        subject = f"The endpoint {endpoint_name}"
        reply = self.call(
            "invoke_endpoint",
            service=INVOCATION,
            subject=subject,
            EndpointName=endpoint_name,
            **members,
        )
        with translated(self.connection, subject):
            return {**reply, "Body": reply["Body"].read()}

    def caller(self) -> CallerIdentity:
        """Return whose credentials these are; asked once for as long as they are used.

        A profile of the user's own is another identity than that of the Studio space it is used
        in, so only the default chain has the space's.
        """
        arn = str(self.identity()["Arn"])
        is_default = self.connection.kind == "aws" and self.connection.profile is None
        return CallerIdentity(arn, studio_user() if is_default else None)

    def client(self, service: str = "sagemaker") -> Any:
        """Return the boto3 client itself, for a caller that wraps it in ``translated``."""
        with translated(self.connection):
            return self._connected().get(service)

    def identity(self) -> dict[str, Any]:
        """Return STS's ``Arn``, ``Account`` and ``UserId`` of the credentials; asked for once."""
        clients = self._connected()
        known = self._identity
        if known is None or known[0] is not clients:
            known = (clients, self.call("get_caller_identity", service="sts"))
            self._identity = known
        return known[1]

    @property
    def account(self) -> str | None:
        """The account looked at, once known."""
        if self._local is not None:
            return self._local.account
        return self._identity[1].get("Account") if self._identity else None

    def account_key(self) -> str | None:
        """Return a text that stands for the account, found without a call to SageMaker.

        Raises
        ------
        SmxError
            If the credentials cannot be had.
        """
        if self._ensure_running is not None:
            return None
        clients = self._connected()
        try:
            with translated(self.connection):
                return clients.account_key()
        except BAD_CREDENTIALS:
            self._forget(clients)
            raise

    @property
    def throttle(self) -> AccountThrottle | None:
        """What limits the calls of this account; None before the first call, and if local."""
        clients = self._clients
        return clients.throttle if clients is not None else None

    @property
    def region(self) -> str | None:
        """The region looked at, once known."""
        if self._local is not None:
            return self._local.region
        clients = self._clients
        return self.connection.region or (clients.region if clients else None)

    @property
    def local(self) -> LocalService | None:
        """The local service that was connected to, if this is a local connection."""
        return self._local

    def _call(
        self,
        clients: Clients,
        service: str,
        operation: str,
        subject: str,
        members: dict[str, Any],
    ) -> dict[str, Any]:
        try:
            with translated(self.connection, subject):
                client = clients.get(service)
            # If it cannot be reached, the message names the region, even one from the profile.
            located = msgspec.structs.replace(self.connection, region=clients.region)
            with translated(located, subject):
                reply: dict[str, Any] = getattr(client, operation)(**members)
            if reply.get(UNREADABLE):
                # A proxy's page, for example, or half of what was sent.
                raise ServiceUnavailable("SageMaker's answer could not be read. Try again.")
            return reply
        finally:
            clients.ended()

    def _connected(self) -> Clients:
        # A change of AWS's files, such as a new key or role, has effect from the next call on.
        stamp = configuration_stamp() if self._ensure_running is None else ()
        clients = self._clients
        if clients is not None and stamp == self._stamp:
            return clients
        with self._lock:
            if self._clients is None or stamp != self._stamp:
                if self._ensure_running is not None:
                    self._local = self._ensure_running()
                    self._local_search = LocalSearch(self._local)
                self._stamp = stamp
                self._clients = Clients(
                    self.connection, self._local, self._endpoint_urls, self._throttles
                )
            return self._clients

    def _forget(self, used: Clients) -> None:
        """Have the next call read the credentials again: a session keeps those it began with."""
        with self._lock:
            if self._clients is used:
                self._clients = None

    def _moved(self, tried: Clients) -> bool:
        """Return whether the local service has another address than the clients ``tried`` use."""
        if self._ensure_running is None:
            return False
        with self._lock:
            if self._clients is not tried:
                return True
            local = self._ensure_running()
            if local == self._local:
                return False
            self._local, self._clients = local, None
            return True


def _page(reply: dict[str, Any], resource: str) -> Page:
    """Return the page in a reply of Search."""
    wrapper = resource.removeprefix("Experiment") or resource
    records = [result[wrapper] for result in reply.get("Results", []) if wrapper in result]
    hits = reply.get("TotalHits") or {}
    headers = reply.get("ResponseMetadata", {}).get("HTTPHeaders", {})
    return Page(records, reply.get("NextToken"), hits.get("Value"), _date(headers.get("date")))


def _date(text: str | None) -> datetime | None:
    try:
        return parsedate_to_datetime(text) if text else None
    except ValueError:
        return None
