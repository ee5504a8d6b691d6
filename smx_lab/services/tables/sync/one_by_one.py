"""Reads a table's trial components one by one, where Search is of no use."""

from __future__ import annotations

import threading
from collections.abc import Callable

from smx_lab.core.errors import AccessDenied, SmxError
from smx_lab.core.table import Origin, Table
from smx_lab.gateway.reading.concurrent import Workers
from smx_lab.gateway.reading.listing import TableListing
from smx_lab.gateway.sagemaker import ComponentPage, SageMaker
from smx_lab.services.tables.memory import give_back

SEARCH_AGAIN_S = 600.0
"""Search is tried again after this time: a permission may have been given. Our choice."""


class OneByOneReader:
    """Reads one table without Search, and knows why and for how long."""

    def __init__(
        self,
        origin: Origin,
        workers: Workers,
        fold: Callable[[ComponentPage], object],
        rows_met: threading.Event,
        stopped: threading.Event,
        search_error: SmxError,
    ) -> None:
        """``fold`` puts a page into the table; ``search_error`` is why Search is of no use."""
        self._put = fold
        self._rows_met = rows_met
        self._listing = TableListing(origin, workers, self._fold, stopped)
        self.search_error = search_error
        self.search_again_at = 0.0
        """When Search is tried again, on the monotonic clock."""
        self.took_s = 0.0
        """How long the last reading took."""

    @property
    def expected(self) -> int | None:
        """How many trial components there are in all, once the lists have been read."""
        return self._listing.expected

    def wake(self) -> None:
        """Have a thread that waits for calls look whether it is to end."""
        self._listing.wake()

    def refuse(self, search_error: SmxError, now: float) -> None:
        """Note that Search is of no use ``now``, on the monotonic clock."""
        self.search_error = search_error
        self.search_again_at = now + SEARCH_AGAIN_S

    def read(self, sagemaker: SageMaker, table: Table) -> None:
        """Read what has changed, and take out of the table what is gone.

        Raises
        ------
        SmxError
            If SageMaker refuses. Whoever may not list either is told of Search.
        Stopped
            If it is to end.
        """
        try:
            self._listing.run(sagemaker)
        except AccessDenied:
            # Who may neither search nor list needs the one permission, not the many.
            raise self.search_error from None
        table.remove(table.component_names() - self._listing.met)
        table.settle()
        give_back()

    def _fold(self, page: ComponentPage) -> None:
        if page.components:
            self._put(page)
            self._rows_met.set()
