"""Reads a table's trial components by Search: all of them, or those that have changed."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import datetime

from smx_lab.core.table import Origin, Table
from smx_lab.gateway.reading.concurrent import Workers
from smx_lab.gateway.reading.listing import SearchSaysTooLittle
from smx_lab.gateway.reading.pages import TableReading
from smx_lab.gateway.reading.windows import expressions_of
from smx_lab.gateway.sagemaker import ComponentPage, SageMaker
from smx_lab.services.tables.memory import give_back
from smx_lab.services.tables.sync.changes import Looks, read_changes

SMALL_PAGES = 2
"""A table of so few pages is read again as a whole: it costs no more than asking for changes."""


class SearchReader:
    """Reads one table by Search. One thread reads at a time; ``wake`` is for any.

    A reading of everything that fails goes on where it was when it is called again.
    """

    def __init__(
        self,
        origin: Origin,
        workers: Workers,
        fold: Callable[[ComponentPage], bool],
        rows_met: threading.Event,
        stopped: threading.Event,
    ) -> None:
        """``fold`` puts a page into the table, and tells whether it says anything new."""
        self._origin = origin
        self._expressions = tuple(expressions_of(origin))
        self._workers = workers
        self._put = fold
        self._rows_met = rows_met
        self._stopped = stopped
        self._reading: TableReading | None = None
        self._looks = Looks()
        self.pages = 0
        """How many pages the table had when it was last read as a whole."""

    @property
    def looked(self) -> datetime | None:
        """Changes before this instant are in the table, by SageMaker's clock."""
        return self._looks.last

    @property
    def is_under_way(self) -> bool:
        """Whether a reading of everything has begun and not come to its end."""
        return self._reading is not None

    @property
    def is_large(self) -> bool:
        """Whether to ask for changes costs less than to read everything."""
        return self.pages > SMALL_PAGES

    @property
    def expected(self) -> int | None:
        """How many trial components there are in all, where SageMaker says so."""
        reading = self._reading
        return reading.expected if reading is not None else None

    def restore(self, pages: int, looked: datetime | None) -> None:
        """Go on from what is known of a table from disk."""
        self.pages = pages
        self._looks = Looks(looked)

    def give_up(self) -> None:
        """Forget a reading of everything that is under way."""
        self._reading = None

    def wake(self) -> None:
        """Have a thread that waits for calls look whether it is to end."""
        reading = self._reading
        if reading is not None:
            reading.wake()

    def read_everything(self, sagemaker: SageMaker, table: Table) -> None:
        """Read all trial components, and take out of the table those that are gone.

        Raises
        ------
        SmxError
            If SageMaker refuses, or Search does not say enough.
        Stopped
            If it is to end.
        """
        reading = self._reading
        if reading is None:
            reading = self._reading = TableReading(
                self._expressions, self._workers, self._fold, self._stopped
            )
            self._looks.begin()
        reading.run(sagemaker)
        self.pages = reading.pages
        table.remove(table.component_names() - reading.met)
        self._reading = None
        del reading  # it holds the names of all components
        table.settle()
        give_back()
        self._looks.end()

    def read_changes(self, sagemaker: SageMaker, table: Table) -> None:
        """Read what has changed since the last reading, and whatever is running.

        Raises
        ------
        SmxError
            If SageMaker refuses, or Search does not say enough.
        Stopped
            If it is to end.
        """
        self._looks.begin()
        read_changes(
            sagemaker, self._expressions, table, self._looks.last, self._fold, self._stopped
        )
        self._looks.end()

    def _fold(self, page: ComponentPage) -> bool:
        differs = self._put(page)
        if page.components:
            if not self._origin.unassigned and not any(one.parents for one in page.components):
                raise SearchSaysTooLittle(
                    "Search does not say here in which trials a trial component is."
                )
            self._rows_met.set()
        self._looks.note(page)
        return differs
