"""Open and query trial component tables."""

from __future__ import annotations

from jupyter_server.auth.decorator import authorized
from tornado.web import authenticated

from smx_lab.contract.bodies import (
    DifferencesRequest,
    OpenTableRequest,
    PointsRequest,
    RowsRequest,
    SeriesRequest,
    TableState,
    ValuesRequest,
)
from smx_lab.contract.queries import SeriesCheckQuery, TableQuery
from smx_lab.handlers.base import SmxHandler

UPDATED_TIME = "Smx-Updated-Time"
"""The header with the time of the last call to SageMaker, for responses without a body."""


class TablesHandler(SmxHandler):
    """The tables of a connection."""

    @authenticated
    @authorized
    async def post(self, connection_id: str) -> None:
        """Open a table, or return the open one of the same origin."""
        request = self.body(OpenTableRequest)
        # The attribute is read on a thread, since the first table imports NumPy.
        opened = lambda: self.services.tables.open_table(connection_id, request)  # noqa: E731
        self.answer(await self.ask(connection_id, opened))


class TableHandler(SmxHandler):
    """One table."""

    @authenticated
    @authorized
    async def get(self, connection_id: str, table_id: str) -> None:
        """Return the state of the table, or 304 if the caller has its version."""
        version = self.query(TableQuery).version
        state = await self.ask(
            connection_id,
            lambda: self.services.tables.describe_table(connection_id, table_id, version),
        )
        if state.updated_time is not None:
            self.set_header(UPDATED_TIME, state.updated_time.isoformat())
        if isinstance(state, TableState):
            self.answer(state)
        else:
            self.set_status(304)
            self.finish()


class StopTableHandler(SmxHandler):
    """Stopping the synchronisation of a table."""

    @authenticated
    @authorized
    async def post(self, connection_id: str, table_id: str) -> None:
        """Stop reading the table. The rows read so far stay."""
        self.answer(
            await self.ask(
                connection_id,
                lambda: self.services.tables.stop_table(connection_id, table_id),
            )
        )


class RowsHandler(SmxHandler):
    """The rows of a table."""

    @authenticated
    @authorized
    async def post(self, connection_id: str, table_id: str) -> None:
        """Return a window of rows of a view."""
        request = self.body(RowsRequest)
        window = await self.ask_while_wanted(
            connection_id,
            lambda: self.services.tables.list_rows(connection_id, table_id, request),
        )
        if window is not None:
            self.answer(window)


class ValuesHandler(SmxHandler):
    """The distinct values of a column of a table."""

    @authenticated
    @authorized
    async def post(self, connection_id: str, table_id: str) -> None:
        """Return the distinct values with their counts."""
        request = self.body(ValuesRequest)
        self.answer(
            await self.ask(
                connection_id,
                lambda: self.services.tables.list_values(connection_id, table_id, request),
            )
        )


class DifferencesHandler(SmxHandler):
    """The columns in which the rows of a table differ."""

    @authenticated
    @authorized
    async def post(self, connection_id: str, table_id: str) -> None:
        """Return the columns in which the rows of a view differ."""
        view = self.body(DifferencesRequest).view
        self.answer(
            await self.ask(
                connection_id,
                lambda: self.services.tables.list_differences(connection_id, table_id, view),
            )
        )


class SeriesHandler(SmxHandler):
    """The logged series of a table's trial components."""

    @authenticated
    @authorized
    async def get(self, connection_id: str, table_id: str) -> None:
        """Return whether a metric has logged series."""
        metric = self.query(SeriesCheckQuery).metric
        self.answer(
            await self.ask(
                connection_id,
                lambda: self.services.tables.check_series(connection_id, table_id, metric),
            )
        )

    @authenticated
    @authorized
    async def post(self, connection_id: str, table_id: str) -> None:
        """Return the logged series of a metric, as lines of a chart."""
        request = self.body(SeriesRequest)
        found = await self.ask_while_wanted(
            connection_id,
            lambda: self.services.tables.list_series(connection_id, table_id, request),
        )
        if found is not None:
            self.answer(found)


class PointsHandler(SmxHandler):
    """The points of a chart of a table."""

    @authenticated
    @authorized
    async def post(self, connection_id: str, table_id: str) -> None:
        """Return the values of some columns, one for each row."""
        request = self.body(PointsRequest)
        found = await self.ask_while_wanted(
            connection_id,
            lambda: self.services.tables.list_points(connection_id, table_id, request),
        )
        if found is not None:
            self.answer(found)
