"""Which tables are open in this process: made when asked for, let go when unused."""

from __future__ import annotations

import hashlib
import threading
import time
from collections import OrderedDict
from collections.abc import Callable

import msgspec

from smx_lab.contract.bodies import OpenTableRequest
from smx_lab.core.entities import TrialComponent
from smx_lab.core.errors import InvalidRequest, NotFound
from smx_lab.core.table import Origin
from smx_lab.gateway.adaptive_rate import MAX_AT_ONCE
from smx_lab.gateway.connections import Connections
from smx_lab.gateway.reading.concurrent import Workers
from smx_lab.services.tables.cache import CacheFolder, TableCache
from smx_lab.services.tables.memory import mapped_bytes
from smx_lab.services.tables.sync import TableSync

WAIT_FOR_DISK_S = 5.0
"""How long the end of a process waits for a table that is being kept."""

UNUSED_AFTER_S = 15 * 60.0
"""A table that nobody asked for so long leaves memory; it is read again when asked for."""

SWEEP_EVERY_S = 10.0
MUCH_BYTES = 64 * 1024 * 1024
"""What may be looked at between two sweeps: of more, tables let go at once. Our choice."""

MAX_REMEMBERED = 1000
MAX_NAMES = 500
LONGEST_NAME = 120


class OpenTables:
    """The open tables of this process. Same connection and origin: same table, one sync.

    Knows what keeps each of them in step, and nothing of what is asked of them.
    """

    def __init__(
        self,
        connections: Connections,
        clock: Callable[[], float] = time.monotonic,
        cache: CacheFolder | None = None,
    ) -> None:
        """Read through ``connections``; ``clock`` counts seconds; AWS's are kept in ``cache``."""
        self._connections = connections
        self._clock = clock
        self._lock = threading.Lock()
        self._cache = cache
        self._workers: dict[str, Workers] = {}
        self._open: dict[str, TableSync] = {}
        self._origins: OrderedDict[str, tuple[str, OpenTableRequest]] = OrderedDict()
        self._sweeper: threading.Timer | None = None
        self._mapped = mapped_bytes()
        """What of files was in memory when the tables had let go the last time."""

    def update(self, connection_id: str, component: TrialComponent) -> None:
        """Show a trial component as it is now in every open table that has it."""
        for sync in self._syncs(connection_id):
            # Without parents nothing is known: credentials that may not search do not see them.
            if component.parents and component.trial_component_name in sync.table.component_names():
                sync.table.upsert([component])

    def refresh_all(self, connection_id: str) -> None:
        """Have every open table of a connection read what is new."""
        for sync in self._syncs(connection_id):
            sync.refresh(at_once=True)

    def lose(self, connection_id: str) -> None:
        """Have every open table of a connection look for what was deleted."""
        for sync in self._syncs(connection_id):
            sync.lose()

    def _syncs(self, connection_id: str) -> list[TableSync]:
        with self._lock:
            mine = {key for key, (owner, _) in self._origins.items() if owner == connection_id}
            return [sync for table_id, sync in self._open.items() if table_id in mine]

    def close(self) -> None:
        """End all reading; calls under way are not waited for, only what is being kept."""
        with self._lock:
            if self._sweeper is not None:
                self._sweeper.cancel()
                self._sweeper = None
            open_ = list(self._open.values())
            self._open.clear()
        for sync in open_:
            sync.drop()
        for sync in open_:
            sync.wait_for_disk(WAIT_FOR_DISK_S)

    def drop_unused(self) -> None:
        """Free the memory of the tables that nobody has asked for in a while."""
        with self._lock:
            now = self._clock()
            for table_id, sync in list(self._open.items()):
                if now - sync.last_used > UNUSED_AFTER_S:
                    sync.drop()
                    del self._open[table_id]
            self._sweeper = None
            self._watch()
        self._rest()

    def _rest(self) -> None:
        with self._lock:
            resting = list(self._open.values())
        for sync in resting:  # nobody waits for the system meanwhile
            sync.rest()
        self._mapped = mapped_bytes()

    def _opened(self, connection_id: str, request: OpenTableRequest) -> tuple[str, TableSync]:
        self._connections.describe(connection_id)
        origin = _normal(request)
        table_id = _table_id(connection_id, origin)
        with self._lock:
            self._origins[table_id] = (connection_id, origin)
            self._origins.move_to_end(table_id)
            if len(self._origins) > MAX_REMEMBERED:
                self._origins.popitem(last=False)
        return table_id, self._known(connection_id, table_id)

    def _known(self, connection_id: str, table_id: str) -> TableSync:
        """The table of an id; made anew if it left memory."""
        if mapped_bytes() - self._mapped > MUCH_BYTES:
            self._rest()
        with self._lock:
            known = self._origins.get(table_id)
            if known is None or known[0] != connection_id:
                raise NotFound("This table is not open any more. Open it again.")
            sync = self._open.get(table_id)
            if sync is None:
                sync = self._open[table_id] = self._make(*known)
                self._watch()
            sync.last_used = self._clock()
        return sync

    def _make(self, connection_id: str, request: OpenTableRequest) -> TableSync:
        connection = self._connections.describe(connection_id)
        origin, cache = _origin(request), None
        if self._cache is not None and connection.kind == "aws":
            cache = TableCache(self._cache, connection_id, origin)
        workers = self._workers.setdefault(
            connection_id, Workers(MAX_AT_ONCE, f"smx-lab {connection_id}")
        )
        return TableSync(
            # Asked for in the sync's thread: it may have to start the local service.
            lambda: self._connections.sagemaker(connection_id),
            origin,
            connection.poll_interval_ms / 1000,
            workers,
            self._clock,
            lambda: self._connections.sagemaker(connection_id).caller().names,
            cache,
        )

    def _watch(self) -> None:
        if self._open and self._sweeper is None:
            self._sweeper = threading.Timer(SWEEP_EVERY_S, self.drop_unused)
            self._sweeper.daemon = True
            self._sweeper.start()


def _normal(request: OpenTableRequest) -> OpenTableRequest:
    """The same origin in the one form that gives it its id."""
    names = [*request.experiments, *request.trials]
    if not names and not request.unassigned:
        raise InvalidRequest(
            "A table needs an experiment, a trial, or the unassigned trial components.",
            field="experiments",
        )
    if len(names) > MAX_NAMES:
        raise InvalidRequest(
            f"A table takes at most {MAX_NAMES} experiments and trials.", field="experiments"
        )
    for name in names:
        if not 1 <= len(name) <= LONGEST_NAME:
            raise InvalidRequest(
                f"A name has 1 to {LONGEST_NAME} characters.",
                field="experiments" if name in request.experiments else "trials",
            )
    return OpenTableRequest(
        experiments=sorted(set(request.experiments)),
        trials=sorted(set(request.trials)),
        unassigned=request.unassigned,
    )


def _origin(request: OpenTableRequest) -> Origin:
    return Origin(
        experiments=tuple(request.experiments),
        trials=tuple(request.trials),
        unassigned=request.unassigned,
    )


def _table_id(connection_id: str, request: OpenTableRequest) -> str:
    named = msgspec.json.encode([connection_id, request])
    return hashlib.sha256(named).hexdigest()[:20]
