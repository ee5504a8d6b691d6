"""What can be connected to, and as whom: the local service, and AWS by profile and region."""

from __future__ import annotations

import logging
import re
import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from fnmatch import fnmatchcase

import msgspec

from smx_lab.core.connection import Connection, LocalService
from smx_lab.core.errors import NotFound, SmxError
from smx_lab.core.names import is_region
from smx_lab.gateway.boto import profiles, regions
from smx_lab.gateway.errors import translated
from smx_lab.gateway.retry import READS, RetryLimits
from smx_lab.gateway.sagemaker import SageMaker
from smx_lab.gateway.throttle import AccountThrottles

log = logging.getLogger(__name__)

LOCAL_POLL_INTERVAL_MS = 1_000
AWS_POLL_INTERVAL_MS = 10_000

# The name of a profile may have any character but control characters.
_AWS_ID = re.compile(r"aws(?::(?P<profile>[^\x00-\x1f]{1,128}?))?(?:@(?P<region>[a-z0-9-]+))?")


@dataclass(frozen=True)
class ConnectionOptions:
    """What an administrator allows.

    ``allowed`` holds ids, with ``*`` for any text: ``("local", "aws:*")``. ``tints`` and
    ``labels`` are by id; those of ``aws:prod`` hold for each of its regions. With
    ``regions``, no other AWS region may be chosen. ``endpoint_urls`` are by boto3's service name,
    for a private endpoint of AWS.
    """

    allowed: tuple[str, ...] = ("*",)
    default: str = "local"
    regions: tuple[str, ...] = ()
    tints: Mapping[str, str] = field(default_factory=dict)
    labels: Mapping[str, str] = field(default_factory=dict)
    endpoint_urls: Mapping[str, str] = field(default_factory=dict)


class Connections:
    """The connections this process may use, and one shared ``SageMaker`` for each."""

    def __init__(
        self,
        options: ConnectionOptions,
        ensure_running: Callable[[], LocalService],
        retry_limits: RetryLimits = READS,
    ) -> None:
        """``ensure_running`` starts or finds the local service; it is called when first needed."""
        self._retry_limits = retry_limits
        self._options = options
        self._ensure_running = ensure_running
        self._lock = threading.Lock()
        self._by_id: dict[str, SageMaker] = {}
        # One for all connections: two profiles may be of the same account.
        self._throttles = AccountThrottles()

    def list_connections(self) -> tuple[Connection, ...]:
        """Return what may be chosen, the default one first."""
        configured = _profile_regions()
        ids = self._candidates(sorted(configured))
        found = [connection for id in ids if (connection := self._find(id, configured))]
        return tuple(sorted(found, key=lambda connection: not connection.is_default))

    def describe(self, connection_id: str) -> Connection:
        """Return one connection, without reading any file for it.

        Raises
        ------
        NotFound
            If there is none with this id, or the administrator does not allow it.
        """
        connection = self._find(connection_id)
        if connection is None:
            raise NotFound(f"This server offers no connection named {connection_id}.")
        return connection

    def describe_profile(self, connection_id: str) -> Connection:
        """Return one connection, in the region that its profile names if it names none itself."""
        found = self._find(connection_id, _profile_regions())
        return found or self.describe(connection_id)

    def regions(self, connection_id: str) -> tuple[str, ...]:
        """Return the regions that may be chosen for a connection, with or without one already."""
        connection = self.describe(connection_id)
        if connection.kind == "local":
            return ()
        base = connection.without_region
        near = connection.region or _profile_regions().get(connection.profile or "default")
        names = self._options.regions or regions(near)
        return tuple(name for name in names if self._find(f"{base}@{name}"))

    def sagemaker(self, connection_id: str) -> SageMaker:
        """Return SageMaker as the connection sees it, the same object every time."""
        known = self._by_id.get(connection_id)
        if known is not None:
            return known
        connection = self.describe(connection_id)
        with self._lock:
            if connection_id not in self._by_id:
                self._by_id[connection_id] = SageMaker(
                    connection,
                    self._ensure_running if connection.kind == "local" else None,
                    dict(self._options.endpoint_urls),
                    self._throttles,
                    self._retry_limits,
                )
            return self._by_id[connection_id]

    def _find(
        self, connection_id: str, profile_regions: Mapping[str, str | None] | None = None
    ) -> Connection | None:
        connection = parse(connection_id)
        if connection is None or not self._allows(connection):
            return None
        options = self._options
        known = self._by_id.get(connection_id)
        configured = None
        if connection.kind == "aws" and profile_regions:
            configured = profile_regions.get(connection.profile or "default")
        base = connection.without_region
        return msgspec.structs.replace(
            connection,
            label=options.labels.get(connection_id) or options.labels.get(base, connection.label),
            tint=options.tints.get(connection_id) or options.tints.get(base),
            is_default=connection_id == options.default,
            region=(known.region if known else connection.region) or configured,
            account=known.account if known else None,
        )

    def _allows(self, connection: Connection) -> bool:
        if not any(fnmatchcase(connection.id, pattern) for pattern in self._options.allowed):
            return False
        regions = self._options.regions
        return not (regions and connection.region and connection.region not in regions)

    def _candidates(self, profile_names: Sequence[str]) -> list[str]:
        found = ["local", "aws"]
        # The default chain ends at the profile "default", so that one is there already.
        found += [f"aws:{name}" for name in profile_names if name != "default"]
        # Where a profile is allowed, its regions are a choice of their own.
        bare = [id for id in found[1:] if not self._find(id)]
        at = [f"{id}@{region}" for id in bare for region in self._options.regions]
        exact = [id for id in (*self._options.allowed, self._options.default) if "*" not in id]
        return list(dict.fromkeys([*found, *at, *exact]))


def parse(connection_id: str) -> Connection | None:
    """Read an id: ``local``, ``aws``, ``aws:PROFILE``, the last two also with ``@REGION``."""
    if connection_id == "local":
        return Connection(
            id="local", kind="local", label="Local", poll_interval_ms=LOCAL_POLL_INTERVAL_MS
        )
    found = _AWS_ID.fullmatch(connection_id)
    if found is None:
        return None
    profile, region = found["profile"], found["region"]
    if region and not is_region(region):
        # An @ may be part of the profile's name.
        if profile is None:
            return None
        profile, region = f"{profile}@{region}", None
    return Connection(
        id=connection_id,
        kind="aws",
        label=profile or "AWS",
        profile=profile,
        region=region,
        poll_interval_ms=AWS_POLL_INTERVAL_MS,
    )


def _profile_regions() -> dict[str, str | None]:
    """Return the profiles of the shared configuration, each with its region."""
    try:
        with translated(Connection(id="aws", kind="aws", label="AWS")):
            return profiles()
    except SmxError as error:
        # A broken file must not make the list fail; a call to AWS tells the reason.
        log.warning("AWS profiles cannot be listed: %s", error.message)
        return {}
