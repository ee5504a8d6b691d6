"""One table's synchronisation with SageMaker: read whole, then by what has changed since."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Sequence
from datetime import datetime, timezone

from smx_lab import __version__
from smx_lab.core.errors import (
    AccessDenied,
    CredentialsExpired,
    CredentialsMissing,
    CredentialsRefused,
    SmxError,
)
from smx_lab.core.table import Origin, Queries, Table
from smx_lab.gateway.reading.concurrent import Stopped, Workers
from smx_lab.gateway.reading.listing import SearchSaysTooLittle, TableListing, is_of_search
from smx_lab.gateway.reading.pages import TableReading
from smx_lab.gateway.reading.windows import expressions_of
from smx_lab.gateway.sagemaker import ComponentPage, SageMaker
from smx_lab.services.tables.best_steps import BestStepReader
from smx_lab.services.tables.cache import Kept, TableCache
from smx_lab.services.tables.changes import Looks, read_changes
from smx_lab.services.tables.files import ColumnFiles
from smx_lab.services.tables.memory import give_back

log = logging.getLogger(__name__)

SMALL_PAGES = 2
"""A table of so few pages is read again as a whole: it costs no more than asking for changes."""

RECONCILE_COSTS = 20
LONGEST_RECONCILE_S = 3600.0
"""Links and deletions are found by reading everything, at most every 20 times what that takes."""

CATCH_UP_S = 30.0
"""A table that comes from disk shows what has changed first, and is read whole so much later."""

SEARCH_AGAIN_S = 600.0
"""Where Search was of no use it is tried again so much later: a permission may have been given."""

SOON_S = 10.0
"""Who waits for what is new looks often for so long, and then as seldom as usual. Our choice."""

NOW_S = 1.0
"""Rows that were read so short a time ago are not read again for one who asks for it."""

LONGEST_PAUSE_S = 300.0
LONGEST_CREDENTIALS_PAUSE_S = 30.0
"""Between attempts, after failures. It doubles from the poll interval. Credentials are looked for
more often: it costs no call while they are expired, and they are renewed by hand."""

KEEP_EVERY_S = 60.0
"""A table that changes is written to disk at most so often."""

CREDENTIALS = (CredentialsExpired, CredentialsMissing, CredentialsRefused)


class TableSync:
    """Keeps one table in step. Safe from any thread; at most one of them reads at a time.

    Knows SageMaker and the table, and nothing of who looks at it. After a failure the rows stay
    as they were at ``updated_time``, and ``error`` says why. ``complete`` is False until every row
    has been read.
    """

    def __init__(
        self,
        sagemaker: Callable[[], SageMaker],
        origin: Origin,
        poll_interval_s: float,
        workers: Workers,
        clock: Callable[[], float],
        caller_names: Callable[[], Sequence[str]] = tuple[str, ...],
        cache: TableCache | None = None,
    ) -> None:
        """Prepare; nothing is read before ``refresh``.

        Parameters
        ----------
        workers : Workers
            Shared by all tables of a connection: they call SageMaker.
        caller_names : callable
            The names under which whoever asks appears as a creator.
        cache : TableCache, optional
            Where the table is kept for the next time.
        """
        # Versions grow across restarts of the server too, so that a browser's old one never fits.
        self.table = Table(origin, first_version=int(time.time() * 1000))
        self._files = ColumnFiles()
        self.table.mover = self._files.move
        self.queries = Queries(self.table, caller_names)
        self.best_steps = BestStepReader(self.table, sagemaker)
        self._caller_names = caller_names
        self.complete = False
        self.is_stopped = False
        """Whether the user has stopped the reading before it was complete."""
        self.error: SmxError | None = None
        self.search_error: SmxError | None = None
        """Why the trial components are read one by one instead of searched for."""
        self.updated_time: datetime | None = None
        self.last_used = clock()
        self._sagemaker = sagemaker
        self._expressions = tuple(expressions_of(origin))
        self._interval = poll_interval_s
        self._workers = workers
        self._clock = clock
        self._cache = cache
        self._lock = threading.Lock()
        self._rows_met = threading.Event()
        self._idle = threading.Event()
        self._idle.set()
        self._is_on_disk = threading.Event()
        self._is_on_disk.set()
        self._stopped = threading.Event()
        self._is_dropped = False
        self._due = clock()
        self._began = self._read_at = clock()
        self._failures = 0
        self._reading: TableReading | None = None
        self._listing: TableListing | None = None
        self._search_at = 0.0
        self._listing_s = 0.0
        self._pages = 0
        self._looks = Looks()
        self._reconcile_at = clock()
        self._is_overdue = False
        self._lost_some = False
        self._reconcile_s = 0.0
        self._whole_time = datetime.now(timezone.utc)
        self._kept_version: int | None = None
        self._keep_at = clock()

    @property
    def expected(self) -> int | None:
        """How many trial components SageMaker says there are, while they are being read."""
        reading = self._reading or self._listing
        return reading.expected if reading is not None and not self.complete else None

    @property
    def retry_s(self) -> float | None:
        """Seconds until SageMaker is asked again after a failure."""
        return max(0.0, self._due - self._clock()) if self.error is not None else None

    def lose(self) -> None:
        """Begin to read everything: something was deleted, of which no change tells.

        A reading that is under way may have met it before; the next one is whole, then.
        """
        self._lost_some = True
        self.refresh(at_once=True)

    def refresh(self, at_once: bool = False, exactly: bool = False) -> bool:
        """Begin to read what is new, if that is due; tell whether reading is under way.

        Parameters
        ----------
        at_once : bool
            Read although it is not due, and although the user had stopped it.
        exactly : bool
            Look for deletions and links too, if a table from disk may be behind in these.
        """
        with self._lock:
            if not self._idle.is_set():
                return True
            if self._is_dropped:
                return False
            if not at_once and (self.is_stopped or self._clock() < self._due):
                return False
            if exactly and self._is_overdue:
                self._reconcile_at = self._clock()
            self._stopped.clear()
            self.is_stopped = False
            self._idle.clear()
            self._began = self._clock()
        threading.Thread(target=self._run, name="smx-lab table", daemon=True).start()
        return True

    def wait_for_rows(self, timeout_s: float) -> None:
        """Return once there are rows to show, or reading has ended, or time is up."""
        self._rows_met.wait(timeout_s)

    def wait(self, timeout_s: float | None = None) -> None:
        """Return once nobody reads any more, or time is up."""
        self._idle.wait(timeout_s)

    @property
    def is_reading(self) -> bool:
        """Whether SageMaker is being asked now, and has been for so short a time that its answer is
        worth waiting for."""
        return not self._idle.is_set() and self._clock() - self._began < SOON_S

    @property
    def is_old(self) -> bool:
        """Whether the rows are of some time ago, for one who asks for those of now."""
        return self.complete and self._clock() - self._read_at > NOW_S

    def wait_for_disk(self, timeout_s: float) -> None:
        """Return once what was read whole is kept for the next time, or time is up."""
        self._is_on_disk.wait(timeout_s)

    def halt(self) -> None:
        """End reading because the user says so: what was read stays, until ``refresh`` at once."""
        with self._lock:
            if self._idle.is_set():
                return
            self.is_stopped = not self.complete
            self._end_reading()
        self.wait(1.0)

    def rest(self) -> None:
        """Take no more memory than the table needs while nobody looks."""
        self._files.rest()

    def drop(self) -> None:
        """End for good, after the call under way."""
        with self._lock:
            self._is_dropped = True
            self._end_reading()
        self.best_steps.stop()

    def _end_reading(self) -> None:
        self._stopped.set()
        for reading in (self._reading, self._listing):
            if reading is not None:
                reading.wake()

    def _run(self) -> None:
        try:
            self._restore()
            self._read()
        except Stopped:
            self.table.touch()
        except SmxError as error:
            self._failed(error)
        except Exception:
            # The end of a thread: nobody above it would hear of this, and the table has to say so.
            log.exception("A trial component table could not be read.")
            self._failed(SmxError("Something went wrong in smx-lab; the server's log says what."))
        else:
            self._succeeded()
            # Nobody waits for the disk: the rows are there, and whoever closes waits for it.
            self._is_on_disk.clear()
        finally:
            self._rows_met.set()
            self._idle.set()
        try:
            if self.error is None:
                self._keep()
        finally:
            self._is_on_disk.set()

    def _read(self) -> None:
        began = self._clock()
        if self._listing is None or began >= self._search_at:
            try:
                self._read_by_search(began)
            except SmxError as error:
                if not is_of_search(error):
                    raise
                self._do_without_search(error, began)
            else:
                self.search_error = self._listing = None
                self._listing_s = 0.0
                return
        self._read_one_by_one(began)

    def _read_by_search(self, began: float) -> None:
        is_large = self.complete and self._pages > SMALL_PAGES
        if is_large and began < self._reconcile_at and not self._lost_some:
            self._read_changes()
        else:
            lost, self._lost_some = self._lost_some, False
            try:
                self._read_everything()
            except BaseException:
                self._lost_some = self._lost_some or lost
                raise
            took = self._clock() - began
            self._reconcile_s = min(RECONCILE_COSTS * took, LONGEST_RECONCILE_S)
            self._reconcile_at = began + self._reconcile_s
            self._whole_time = datetime.now(timezone.utc)
            self._is_overdue = False

    def _do_without_search(self, error: SmxError, began: float) -> None:
        log.info("A table is read without Search: %s", error.message)
        self._search_at = began + SEARCH_AGAIN_S
        with self._lock:
            self._reading = None
            if self._listing is None:
                self._listing = TableListing(
                    self.table.origin, self._workers, self._fold_listed, self._stopped
                )
        self.search_error = error
        self.table.touch()

    def _read_one_by_one(self, began: float) -> None:
        listing = self._listing
        assert listing is not None  # Search was tried first
        try:
            listing.run(self._sagemaker())
        except AccessDenied:
            # Who may neither search nor list needs the one permission, not the many.
            raise self.search_error or AccessDenied("You may not do this.") from None
        self.table.remove(self.table.component_names() - listing.met)
        self._settle()
        # What Search would find from here on is unknown: it has to read everything, once it can.
        self._reconcile_at = self._clock()
        self._listing_s = self._reconcile_at - began

    def _read_everything(self) -> None:
        if self._reading is None:
            with self._lock:
                self._reading = TableReading(
                    self._expressions, self._workers, self._fold, self._stopped
                )
            self._looks.begin()
        reading = self._reading
        reading.run(self._sagemaker())
        self._pages = reading.pages
        self.table.remove(self.table.component_names() - reading.met)
        self._reading = None
        del reading  # the names of all components, so far as it has met them
        self._settle()
        self._looks.end()

    def _settle(self) -> None:
        self.table.settle()
        give_back()

    def _read_changes(self) -> None:
        self._looks.begin()
        read_changes(
            self._sagemaker(),
            self._expressions,
            self.table,
            self._looks.last,
            self._fold,
            self._stopped,
        )
        self._looks.end()

    def _fold(self, page: ComponentPage) -> bool:
        components = page.components
        differs = self.table.upsert(components)
        if components:
            if not self.table.origin.unassigned and not any(one.parents for one in components):
                raise SearchSaysTooLittle(
                    "Search does not say here in which trials a trial component is."
                )
            self._rows_met.set()
        self._looks.note(page)
        return differs

    def _fold_listed(self, page: ComponentPage) -> None:
        if page.components:
            self.table.upsert(page.components)
            self._rows_met.set()

    def _restore(self) -> None:
        """Show the table as it was kept, the first time."""
        if self._cache is None or self.complete or self._reading is not None:
            return
        found = self._cache.load(self._sagemaker(), self.table.version + 1)
        if found is None:
            return
        table, kept = found
        table.mover = self._files.move
        table.settle()
        self.table, self.queries = table, Queries(table, self._caller_names)
        self.best_steps = BestStepReader(table, self._sagemaker)
        self.complete, self.updated_time = True, kept.updated_time
        self._pages, self._looks = kept.pages, Looks(kept.looked)
        self._whole_time, self._reconcile_s = kept.whole_time, kept.reconcile_s
        age = (datetime.now(timezone.utc) - kept.whole_time).total_seconds()
        self._is_overdue = age > kept.reconcile_s
        self._reconcile_at = self._clock() + max(CATCH_UP_S, kept.reconcile_s - age)
        self._kept_version, self._keep_at = table.version, self._clock() + KEEP_EVERY_S
        self._rows_met.set()

    def _keep(self) -> None:
        """Put the table on disk, if it has changed and that was not done just now."""
        if self._cache is None or self.table.version == self._kept_version:
            return
        if self._clock() >= self._keep_at:
            self._kept_version, self._keep_at = self.table.version, self._clock() + KEEP_EVERY_S
            self._cache.keep(self.table, self._kept)

    def _kept(self, key: str) -> Kept:
        return Kept(
            key=key,
            version=__version__,
            updated_time=datetime.now(timezone.utc),
            looked=self._looks.last,
            whole_time=self._whole_time,
            reconcile_s=self._reconcile_s,
            pages=self._pages,
        )

    def _succeeded(self) -> None:
        self._failures = 0
        # Half the interval: a poll that comes a little early must not wait for the one after.
        # To read one by one takes long, and must not be all that is done.
        self._due = self._clock() + max(self._interval / 2, self._listing_s)
        changed = self.error is not None or not self.complete
        self.error, self.complete = None, True
        self.updated_time = datetime.now(timezone.utc)
        if changed:
            self.table.touch()

    def _failed(self, error: SmxError) -> None:
        longest = LONGEST_CREDENTIALS_PAUSE_S if isinstance(error, CREDENTIALS) else LONGEST_PAUSE_S
        pause = min(self._interval * 2**self._failures, longest)
        self._failures = min(self._failures + 1, 30)
        self._due = self._clock() + pause
        self.error = error
        # Each failure is told, since the time of the next try has changed.
        self.table.touch()
