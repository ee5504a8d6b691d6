"""Trial component tables: open one, keep it in step with SageMaker, answer windows of rows."""

from __future__ import annotations

import hashlib
import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Collection, Iterator
from datetime import datetime
from typing import NamedTuple

import msgspec

from smx_lab.contract.bodies import (
    ColumnValue,
    ColumnValues,
    Differences,
    ExportRequest,
    OpenTableRequest,
    RowsRequest,
    RowWindow,
    SeriesCheck,
    TableState,
    ValuesRequest,
)
from smx_lab.core.entities import TrialComponent
from smx_lab.core.errors import InvalidRequest, NotFound
from smx_lab.core.export.formats import FACTS
from smx_lab.core.export.writers import written
from smx_lab.core.operation import error_body
from smx_lab.core.table import Cells, Origin, Snapshot
from smx_lab.core.view import View
from smx_lab.gateway.connections import Connections
from smx_lab.gateway.rate import MOST_AT_ONCE
from smx_lab.services.table_cache import CacheFolder, TableCache
from smx_lab.services.table_sync import TableSync
from smx_lab.services.workers import Workers

WAIT_S = 0.3
"""How long an answer waits for rows that are on their way: less than anybody notices."""

WAIT_FOR_DISK_S = 5.0
"""How long the end of a process waits for a table that is being kept."""

UNUSED_AFTER_S = 15 * 60.0
"""A table that nobody asked for so long leaves memory; it is read again when asked for."""

SWEEP_EVERY_S = 10.0
MOST_REMEMBERED = 1000
MOST_NAMES = 500
LONGEST_NAME = 120
MOST_ROWS = 1000
MOST_VALUES = 1000


class Unchanged(msgspec.Struct, frozen=True):
    """The table is at the caller's version still, as of ``updated_time``."""

    updated_time: datetime | None


class Export(NamedTuple):
    """A file that is being made: each piece when it is asked for."""

    row_count: int
    media_type: str
    pieces: Iterator[bytes]


class Tables:
    """The open tables of this process. Same connection and origin: same table, one sync."""

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

    def open_table(self, connection_id: str, request: OpenTableRequest) -> TableState:
        """Open the table of an origin, or find it open.

        One that is open is read again at once: who opens it, or refreshes it, wants what is now.

        Raises
        ------
        NotFound
            If there is no such connection.
        InvalidRequest
            If the origin is empty or names too much.
        """
        table_id, sync = self._opened(connection_id, request)
        sync.refresh(at_once=sync.error is not None or sync.is_stopped or sync.is_old)
        sync.wait_for_rows(WAIT_S)
        return self._state(table_id, sync)

    def read_table(self, connection_id: str, request: OpenTableRequest) -> TableState:
        """Open a table, and answer once it holds all that there is now.

        Raises
        ------
        SmxError
            If it could not be read.
        """
        table_id, sync = self._opened(connection_id, request)
        try:
            sync.wait()
            sync.refresh(at_once=True, exactly=True)
            sync.wait()
        except KeyboardInterrupt:
            sync.halt()
            raise
        if sync.error is not None:
            raise sync.error
        return self._state(table_id, sync)

    def describe_table(
        self, connection_id: str, table_id: str, version: int | None = None
    ) -> TableState | Unchanged:
        """Answer how far a table is, unless it is at ``version``; have it refreshed if due.

        Raises
        ------
        NotFound
            If this process knows no such table: it is to be opened again.
        """
        sync = self._known(connection_id, table_id)
        if sync.refresh():
            sync.wait(WAIT_S)
        sync.best_steps.resume()
        if sync.table.version == version and not sync.is_reading:
            return Unchanged(sync.updated_time)
        return self._state(table_id, sync)

    def stop_table(self, connection_id: str, table_id: str) -> TableState:
        """End the reading of a table; the rows read so far stay. Opening it again reads on.

        Raises
        ------
        NotFound
            If this process knows no such table.
        """
        sync = self._known(connection_id, table_id)
        sync.halt()
        return self._state(table_id, sync)

    def list_rows(self, connection_id: str, table_id: str, request: RowsRequest) -> RowWindow:
        """Answer a window of rows of a view.

        Raises
        ------
        NotFound
            If this process knows no such table: it is to be opened again.
        InvalidRequest
            If the window or the view breaks a rule.
        """
        if request.offset < 0:
            raise InvalidRequest("offset must be 0 or more.", field="offset")
        if not 1 <= request.limit <= MOST_ROWS:
            raise InvalidRequest(f"limit must be from 1 to {MOST_ROWS}.", field="limit")
        if request.ids is not None and len(request.ids) > MOST_ROWS:
            raise InvalidRequest(f"ids takes at most {MOST_ROWS} rows.", field="ids")
        sync = self._known(connection_id, table_id)
        if request.ids is None:
            window = sync.queries.window(request.view, request.offset, request.limit)
        else:
            window = sync.queries.rows_of(request.view, request.ids)
        sync.best_steps.want(request.view, window.slots)
        return RowWindow(
            rows=window.rows,
            offset=request.offset,
            total=window.total,
            hidden_by_type=window.hidden_by_type,
            version=window.version,
            complete=sync.complete,
            decimals=window.decimals,
            passed=window.passed,
            groups=window.groups,
            extents=window.extents,
            baseline=window.baseline,
            pending=window.pending,
        )

    def list_differences(self, connection_id: str, table_id: str, view: View) -> Differences:
        """Answer in which columns the rows of a view differ.

        Raises
        ------
        NotFound
            If this process knows no such table: it is to be opened again.
        InvalidRequest
            If the view breaks a rule.
        """
        columns, version = self._known(connection_id, table_id).queries.differing(view)
        return Differences(columns=columns, version=version)

    def list_values(
        self, connection_id: str, table_id: str, request: ValuesRequest
    ) -> ColumnValues:
        """Answer the distinct values of a column, for a filter to choose from.

        Raises
        ------
        NotFound
            If this process knows no such table: it is to be opened again.
        InvalidRequest
            If the column, the limit or the view breaks a rule.
        """
        if not 1 <= request.limit <= MOST_VALUES:
            raise InvalidRequest(f"limit must be from 1 to {MOST_VALUES}.", field="limit")
        found = self._known(connection_id, table_id).queries.distinct(
            request.view, request.column, request.statistic, request.contains, request.limit
        )
        return ColumnValues(
            values=[
                ColumnValue(value=value, count=count)
                for value, count in found.values
                if value is not None
            ],
            distinct=found.distinct,
            empty=found.empty,
        )

    def check_series(self, connection_id: str, table_id: str, metric: str) -> SeriesCheck:
        """Tell whether steps were logged for a metric, named by its column id.

        Raises
        ------
        NotFound
            If this process knows no such table: it is to be opened again.
        """
        sync = self._known(connection_id, table_id)
        kind, _, name = metric.partition(":")
        logged = kind == "metric" and sync.best_steps.is_logged(name)
        return SeriesCheck(metric=metric, logged=logged)

    def list_cells(self, connection_id: str, table_id: str, view: View) -> Cells:
        """Answer every cell of a view, column by column, once all values at a step are known.

        Raises
        ------
        NotFound
            If this process knows no such table: it is to be opened again.
        InvalidRequest
            If the view breaks a rule.
        """
        sync = self._known(connection_id, table_id)
        sync.best_steps.read(view)
        return sync.queries.everything(view)

    def export(self, connection_id: str, table_id: str, request: ExportRequest) -> Export:
        """Answer a view as a file, all of its rows or those named, in pieces.

        Raises
        ------
        NotFound
            If this process knows no such table: it is to be opened again.
        InvalidRequest
            If the view breaks a rule, or the format cannot be written here.
        """
        sync = self._known(connection_id, table_id)
        sync.best_steps.read(request.view)
        snapshot = sync.queries.snapshot(request.view, request.rows)
        pieces = written(snapshot, request.view, sync.table.columns(), request.format)
        return Export(len(snapshot), FACTS[request.format].media_type, pieces)

    def snapshot(
        self, connection_id: str, table_id: str, view: View, rows: Collection[str] | None = None
    ) -> Snapshot:
        """Answer everything that a view shows, or that some of its rows show, as it is now.

        Raises
        ------
        NotFound
            If this process knows no such table: it is to be opened again.
        InvalidRequest
            If the view breaks a rule.
        """
        sync = self._known(connection_id, table_id)
        sync.best_steps.read(view)
        return sync.queries.snapshot(view, rows)

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
                else:
                    sync.rest()
            self._sweeper = None
            self._watch()

    def _opened(self, connection_id: str, request: OpenTableRequest) -> tuple[str, TableSync]:
        self._connections.describe(connection_id)
        origin = _normal(request)
        table_id = _table_id(connection_id, origin)
        with self._lock:
            self._origins[table_id] = (connection_id, origin)
            self._origins.move_to_end(table_id)
            if len(self._origins) > MOST_REMEMBERED:
                self._origins.popitem(last=False)
        return table_id, self._known(connection_id, table_id)

    def _known(self, connection_id: str, table_id: str) -> TableSync:
        """The table of an id; made anew if it left memory."""
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
            connection_id, Workers(MOST_AT_ONCE, f"smx-lab {connection_id}")
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

    def _state(self, table_id: str, sync: TableSync) -> TableState:
        table = sync.table
        with table.lock:
            return TableState(
                table_id=table_id,
                origin=self._origins[table_id][1],
                version=table.version,
                complete=sync.complete,
                total=len(table),
                columns=list(table.columns()),
                updated_time=sync.updated_time,
                error=error_body(sync.error) if sync.error else None,
                series=sync.best_steps.reading,
                retry_s=sync.retry_s,
                stopped=sync.is_stopped,
                expected=sync.expected,
                reading=sync.is_reading,
                search_error=error_body(sync.search_error) if sync.search_error else None,
            )


def _normal(request: OpenTableRequest) -> OpenTableRequest:
    """The same origin in the one form that gives it its id."""
    names = [*request.experiments, *request.trials]
    if not names and not request.unassigned:
        raise InvalidRequest(
            "A table needs an experiment, a trial, or the unassigned trial components.",
            field="experiments",
        )
    if len(names) > MOST_NAMES:
        raise InvalidRequest(
            f"A table takes at most {MOST_NAMES} experiments and trials.", field="experiments"
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
