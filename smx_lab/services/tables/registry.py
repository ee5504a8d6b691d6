"""Which tables are open in this process: made when asked for, dropped when unused."""

from __future__ import annotations

import threading
import time
from collections import OrderedDict
from collections.abc import Callable

from smx_lab.contract.bodies import OpenTableRequest
from smx_lab.core.entities import TrialComponent
from smx_lab.core.errors import NotFound
from smx_lab.gateway.adaptive_rate import MAX_AT_ONCE
from smx_lab.gateway.connections import Connections
from smx_lab.gateway.reading.concurrent import Workers
from smx_lab.services.tables.cache import CacheFolder
from smx_lab.services.tables.memory import mapped_bytes
from smx_lab.services.tables.origins import normalize, origin_of, table_id_of
from smx_lab.services.tables.sync.clocks import Clocks
from smx_lab.services.tables.sync.disk import TableOnDisk
from smx_lab.services.tables.sync.sync import TableSync

WAIT_FOR_DISK_S = 5.0
"""How long the end of a process waits for a table that is being written."""

UNUSED_AFTER_S = 15 * 60.0
"""A table that was not asked for this long leaves memory. It is read again when asked for."""

SWEEP_EVERY_S = 10.0
MAX_RESIDENT_BYTES = 64 * 1024 * 1024
"""Bytes of temporary files that may come into memory between two sweeps. Beyond that the tables
give them back at once. Our choice."""

MAX_REMEMBERED = 1000
"""Origins whose tables can be had again by their ids."""


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
        self._last_used: dict[str, float] = {}
        self._origins: OrderedDict[str, tuple[str, OpenTableRequest]] = OrderedDict()
        self._sweeper: threading.Timer | None = None
        self._mapped = mapped_bytes()
        """Bytes of files that were in memory after the last sweep."""

    def open(self, connection_id: str, request: OpenTableRequest) -> tuple[str, TableSync]:
        """Return the table of an origin, with its id; made if it is not open.

        Raises
        ------
        NotFound
            If there is no such connection.
        InvalidRequest
            If the origin is empty or names too much.
        """
        self._connections.describe(connection_id)
        origin = normalize(request)
        table_id = table_id_of(connection_id, origin)
        with self._lock:
            self._origins[table_id] = (connection_id, origin)
            self._origins.move_to_end(table_id)
            if len(self._origins) > MAX_REMEMBERED:
                self._origins.popitem(last=False)
        return table_id, self.find(connection_id, table_id)

    def find(self, connection_id: str, table_id: str) -> TableSync:
        """Return the table of an id; made anew if it left memory.

        Raises
        ------
        NotFound
            If this process knows no such table.
        """
        if mapped_bytes() - self._mapped > MAX_RESIDENT_BYTES:
            self._rest()
        with self._lock:
            known = self._origins.get(table_id)
            if known is None or known[0] != connection_id:
                raise NotFound("This table is not open any more. Open it again.")
            sync = self._open.get(table_id)
            if sync is None:
                sync = self._open[table_id] = self._make(*known)
                self._watch()
            self._last_used[table_id] = self._clock()
        return sync

    def origin(self, table_id: str) -> OpenTableRequest:
        """Return the origin of a table that was opened, in its normalized form."""
        return self._origins[table_id][1]

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

    def close(self) -> None:
        """End all reading; calls under way are not waited for, only what is being written."""
        with self._lock:
            if self._sweeper is not None:
                self._sweeper.cancel()
                self._sweeper = None
            dropped = list(self._open.values())
            self._open.clear()
        for sync in dropped:
            sync.drop()
        for sync in dropped:
            sync.wait_for_disk(WAIT_FOR_DISK_S)

    def drop_unused(self) -> None:
        """Free the memory of the tables that were not asked for in a while."""
        with self._lock:
            now = self._clock()
            for table_id, sync in list(self._open.items()):
                if now - self._last_used[table_id] > UNUSED_AFTER_S:
                    sync.drop()
                    del self._open[table_id], self._last_used[table_id]
            self._sweeper = None
            self._watch()
        self._rest()

    def _syncs(self, connection_id: str) -> list[TableSync]:
        with self._lock:
            mine = {key for key, (owner, _) in self._origins.items() if owner == connection_id}
            return [sync for table_id, sync in self._open.items() if table_id in mine]

    def _rest(self) -> None:
        with self._lock:
            resting = list(self._open.values())
        for sync in resting:  # without the lock: the system may take a while
            sync.rest()
        self._mapped = mapped_bytes()

    def _make(self, connection_id: str, request: OpenTableRequest) -> TableSync:
        connection = self._connections.describe(connection_id)
        origin = origin_of(request)
        folder = self._cache if connection.kind == "aws" else None
        workers = self._workers.setdefault(
            connection_id, Workers(MAX_AT_ONCE, f"smx-lab {connection_id}")
        )
        return TableSync(
            # Asked for in the sync's thread: it may have to start the local service.
            lambda: self._connections.sagemaker(connection_id),
            origin,
            connection.poll_interval_ms / 1000,
            workers,
            TableOnDisk(folder, connection_id, origin, self._clock),
            Clocks(self._clock),
            lambda: self._connections.sagemaker(connection_id).caller().names,
        )

    def _watch(self) -> None:
        if self._open and self._sweeper is None:
            self._sweeper = threading.Timer(SWEEP_EVERY_S, self.drop_unused)
            self._sweeper.daemon = True
            self._sweeper.start()
