"""Trial component tables: open one, keep it in step with SageMaker, return windows of rows."""

from __future__ import annotations

import time
from collections.abc import Callable, Collection, Iterator
from datetime import datetime
from typing import NamedTuple

import msgspec

from smx_lab.contract.bodies import (
    ChartPoints,
    ColumnValue,
    ColumnValues,
    Differences,
    ExportRequest,
    OpenTableRequest,
    PointsRequest,
    RowsRequest,
    RowWindow,
    SeriesAnswer,
    SeriesCheck,
    SeriesRequest,
    TableState,
    ValuesRequest,
)
from smx_lab.core.errors import InvalidRequest
from smx_lab.core.export.formats import FACTS
from smx_lab.core.export.writers import write
from smx_lab.core.limits import MAX_ROWS
from smx_lab.core.operation import error_body
from smx_lab.core.table import Snapshot
from smx_lab.core.views.view import View
from smx_lab.gateway.connections import Connections
from smx_lab.services.tables.cache import CacheFolder
from smx_lab.services.tables.charts import lines, points
from smx_lab.services.tables.registry import OpenTables
from smx_lab.services.tables.sync.state import Halted, error_of, is_complete, updated_time_of
from smx_lab.services.tables.sync.sync import TableSync

WAIT_S = 0.3
"""How long a request waits for rows that are being read: less than a user notices. Our choice."""

MAX_VALUES = 1000


class Unchanged(msgspec.Struct, frozen=True):
    """The table is still at the caller's version, as of ``updated_time``."""

    updated_time: datetime | None


class Export(NamedTuple):
    """A file that is being made: each piece when it is asked for."""

    row_count: int
    media_type: str
    pieces: Iterator[bytes]


class Tables:
    """What can be asked of the open tables.

    A method that takes the id of a table raises NotFound if this process knows no such table; the
    caller then opens it again. A method that takes a view raises InvalidRequest if it breaks a
    rule.
    """

    def __init__(
        self,
        connections: Connections,
        clock: Callable[[], float] = time.monotonic,
        cache: CacheFolder | None = None,
    ) -> None:
        """Read through ``connections``; ``clock`` counts seconds; AWS's are kept in ``cache``."""
        self.open_tables = OpenTables(connections, clock, cache)

    def close(self) -> None:
        """End all reading; calls under way are not waited for, only what is being written."""
        self.open_tables.close()

    def open_table(self, connection_id: str, request: OpenTableRequest) -> TableState:
        """Open the table of an origin, or find it open.

        One that is open is read again at once: a user who opens or refreshes it wants new rows.

        Raises
        ------
        NotFound
            If there is no such connection.
        InvalidRequest
            If the origin is empty or names too much.
        """
        table_id, sync = self.open_tables.open(connection_id, request)
        state = sync.state
        is_behind = error_of(state) is not None or isinstance(state, Halted) or sync.is_old
        sync.refresh(at_once=is_behind)
        sync.wait_for_rows(WAIT_S)
        return self._state(table_id, sync)

    def read_table(self, connection_id: str, request: OpenTableRequest) -> TableState:
        """Open a table, and return once it holds all that there is now.

        Raises
        ------
        SmxError
            If it could not be read.
        """
        table_id, sync = self.open_tables.open(connection_id, request)
        try:
            sync.wait()
            sync.refresh(at_once=True, exactly=True)
            sync.wait()
        except KeyboardInterrupt:
            sync.halt()
            raise
        error = error_of(sync.state)
        if error is not None:
            raise error
        return self._state(table_id, sync)

    def describe_table(
        self, connection_id: str, table_id: str, version: int | None = None
    ) -> TableState | Unchanged:
        """Return how far a table is, unless it is at ``version``; have it refreshed if due."""
        sync = self.open_tables.find(connection_id, table_id)
        if sync.refresh():
            sync.wait(WAIT_S)
        sync.best_steps.resume()
        if sync.table.version == version and not sync.is_reading:
            return Unchanged(updated_time_of(sync.state))
        return self._state(table_id, sync)

    def stop_table(self, connection_id: str, table_id: str) -> TableState:
        """End the reading of a table; the rows read so far stay. Opening it again reads on.

        Raises
        ------
        NotFound
            If this process knows no such table.
        """
        sync = self.open_tables.find(connection_id, table_id)
        sync.halt()
        return self._state(table_id, sync)

    def list_rows(self, connection_id: str, table_id: str, request: RowsRequest) -> RowWindow:
        """Return a window of rows of a view.

        Raises
        ------
        InvalidRequest
            If the window or the view breaks a rule.
        """
        if request.offset < 0:
            raise InvalidRequest("offset must be 0 or more.", field="offset")
        if not 1 <= request.limit <= MAX_ROWS:
            raise InvalidRequest(f"limit must be from 1 to {MAX_ROWS}.", field="limit")
        if request.ids is not None and len(request.ids) > MAX_ROWS:
            raise InvalidRequest(f"ids takes at most {MAX_ROWS} rows.", field="ids")
        sync = self.open_tables.find(connection_id, table_id)
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
            complete=is_complete(sync.state),
            decimals=window.decimals,
            passed=window.passed,
            groups=window.groups,
            extents=window.extents,
            baseline=window.baseline,
            pending=window.pending,
        )

    def list_differences(self, connection_id: str, table_id: str, view: View) -> Differences:
        """Return in which columns the rows of a view differ."""
        columns, version = self.open_tables.find(connection_id, table_id).queries.differing_columns(
            view
        )
        return Differences(columns=columns, version=version)

    def list_values(
        self, connection_id: str, table_id: str, request: ValuesRequest
    ) -> ColumnValues:
        """Return the distinct values of a column, for a filter to choose from.

        Raises
        ------
        InvalidRequest
            If the column, the limit or the view breaks a rule.
        """
        if not 1 <= request.limit <= MAX_VALUES:
            raise InvalidRequest(f"limit must be from 1 to {MAX_VALUES}.", field="limit")
        found = self.open_tables.find(connection_id, table_id).queries.distinct(
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
        """Return whether steps were logged for a metric, named by its column id."""
        sync = self.open_tables.find(connection_id, table_id)
        kind, _, name = metric.partition(":")
        logged = kind == "metric" and sync.best_steps.is_logged(name)
        return SeriesCheck(metric=metric, logged=logged)

    def list_points(self, connection_id: str, table_id: str, request: PointsRequest) -> ChartPoints:
        """Return what a chart draws of the rows of a view.

        Raises
        ------
        InvalidRequest
            If the rows, the limit or the view breaks a rule.
        """
        return points(self.open_tables.find(connection_id, table_id), request)

    def list_series(
        self, connection_id: str, table_id: str, request: SeriesRequest
    ) -> SeriesAnswer:
        """Return logged series as lines of a chart.

        Raises
        ------
        InvalidRequest
            If the metric, the components or the number of points breaks a rule.
        """
        return lines(self.open_tables.find(connection_id, table_id), request)

    def export(self, connection_id: str, table_id: str, request: ExportRequest) -> Export:
        """Return a view as a file, all of its rows or those named, in pieces.

        Raises
        ------
        InvalidRequest
            If the view breaks a rule, or the format cannot be written here.
        """
        sync = self.open_tables.find(connection_id, table_id)
        sync.best_steps.read(request.view)
        snapshot = sync.queries.snapshot(request.view, request.rows)
        pieces = write(snapshot, request.view, sync.table.columns(), request.format)
        return Export(len(snapshot), FACTS[request.format].media_type, pieces)

    def snapshot(
        self, connection_id: str, table_id: str, view: View, rows: Collection[str] | None = None
    ) -> Snapshot:
        """Return everything that a view shows, or that some of its rows show, as it is now."""
        sync = self.open_tables.find(connection_id, table_id)
        sync.best_steps.read(view)
        return sync.queries.snapshot(view, rows)

    def _state(self, table_id: str, sync: TableSync) -> TableState:
        table = sync.table
        with table.lock:
            state = sync.state
            error, search_error = error_of(state), sync.search_error
            return TableState(
                table_id=table_id,
                origin=self.open_tables.origin(table_id),
                version=table.version,
                complete=is_complete(state),
                total=len(table),
                columns=list(table.columns()),
                updated_time=updated_time_of(state),
                error=error_body(error) if error else None,
                series=sync.best_steps.reading,
                retry_s=sync.retry_s,
                stopped=isinstance(state, Halted),
                expected=sync.expected,
                reading=sync.is_reading,
                search_error=error_body(search_error) if search_error else None,
            )
