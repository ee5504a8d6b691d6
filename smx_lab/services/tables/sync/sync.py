"""One table's synchronisation with SageMaker: read whole, then by what has changed since."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Sequence

from smx_lab import __version__
from smx_lab.core.errors import SmxError
from smx_lab.core.table import Origin, Queries, Table
from smx_lab.gateway.reading.concurrent import Stopped, Workers, start_thread
from smx_lab.gateway.reading.listing import is_of_search
from smx_lab.gateway.sagemaker import ComponentPage, SageMaker
from smx_lab.services.tables.best_steps import BestStepReader
from smx_lab.services.tables.cache import Kept
from smx_lab.services.tables.files import ColumnFiles
from smx_lab.services.tables.sync.by_search import SearchReader
from smx_lab.services.tables.sync.clocks import Clocks
from smx_lab.services.tables.sync.disk import TableOnDisk
from smx_lab.services.tables.sync.one_by_one import OneByOneReader
from smx_lab.services.tables.sync.polling import pause_after_failure, pause_after_reading
from smx_lab.services.tables.sync.schedule import ReconcileSchedule
from smx_lab.services.tables.sync.state import (
    Failed,
    Halted,
    Loading,
    Ready,
    SyncState,
    error_of,
    fail,
    halt,
    is_complete,
    restore,
    resume,
)
from smx_lab.services.tables.sync.turn import ReadingTurn

log = logging.getLogger(__name__)

FAST_POLL_S = 10.0
"""A caller that waits for new rows looks often for this long, then as seldom as usual. Our
choice."""

FRESH_FOR_S = 1.0
"""Opening a table that has been open for less than this does not read it again."""

HALT_WAIT_S = 1.0
"""How long a user who ends the reading waits for the calls under way."""


class TableSync:
    """Keeps one table in step. Safe from any thread; at most one of them reads at a time.

    Knows SageMaker and the table, and nothing of who looks at it. ``state`` says how far it is.
    """

    def __init__(
        self,
        sagemaker: Callable[[], SageMaker],
        origin: Origin,
        poll_interval_s: float,
        workers: Workers,
        disk: TableOnDisk,
        clocks: Clocks,
        caller_names: Callable[[], Sequence[str]] = tuple[str, ...],
    ) -> None:
        """Prepare; nothing is read before ``refresh``.

        Parameters
        ----------
        workers : Workers
            Shared by all tables of a connection: they call SageMaker.
        disk : TableOnDisk
            Where the table is kept for the next time.
        caller_names : callable
            The names under which whoever asks appears as a creator.
        """
        self._sagemaker = sagemaker
        self._origin = origin
        self._interval_s = poll_interval_s
        self._workers = workers
        self._disk = disk
        self._clocks = clocks
        self._caller_names = caller_names
        self._files = ColumnFiles()
        self._lock = threading.Lock()
        """Held to change ``state`` and the schedule, and to begin or end a reading."""
        # Versions grow across restarts of the server too, so that a browser's old one never fits.
        self._hold(Table(origin, first_version=int(clocks.wall().timestamp() * 1000)))
        self.state: SyncState = Loading()
        self._opened = self._due = clocks.monotonic()
        self._turn = ReadingTurn(self._opened)
        self._rows_met = threading.Event()
        self._schedule = ReconcileSchedule.first(clocks)
        self._search = SearchReader(origin, workers, self._fold, self._rows_met, self._turn.stopped)
        self._one_by_one: OneByOneReader | None = None
        """Reads the table while Search is of no use."""

    @property
    def expected(self) -> int | None:
        """How many trial components SageMaker says there are, while they are being read."""
        if is_complete(self.state):
            return None
        one_by_one = self._one_by_one
        if one_by_one is None or self._search.is_under_way:
            return self._search.expected
        return one_by_one.expected

    @property
    def search_error(self) -> SmxError | None:
        """Why the trial components are read one by one instead of searched for."""
        one_by_one = self._one_by_one
        return one_by_one.search_error if one_by_one is not None else None

    @property
    def retry_s(self) -> float | None:
        """Seconds until SageMaker is asked again after a failure."""
        if error_of(self.state) is None:
            return None
        return max(0.0, self._due - self._clocks.monotonic())

    @property
    def is_reading(self) -> bool:
        """Whether SageMaker is being asked, and not for so long that waiting is of no use."""
        return self._turn.is_taken and self._clocks.monotonic() - self._turn.began < FAST_POLL_S

    @property
    def is_old(self) -> bool:
        """Whether the rows may be behind, for someone who asks for those of now."""
        return is_complete(self.state) and self._clocks.monotonic() - self._opened > FRESH_FOR_S

    def lose(self) -> None:
        """Begin to read everything: something was deleted, of which no change tells."""
        with self._lock:
            self._schedule = self._schedule.lose()
        self.refresh(at_once=True)

    def refresh(self, at_once: bool = False, exactly: bool = False) -> bool:
        """Begin to read what is new, if that is due; tell whether reading is under way.

        Parameters
        ----------
        at_once : bool
            Read although it is not due, and although the user had ended it.
        exactly : bool
            Look for deletions and links too, if a table from disk may be behind in these.
        """
        with self._lock:
            if self._turn.is_taken:
                return True
            now = self._clocks.monotonic()
            may_wait = isinstance(self.state, Halted) or now < self._due
            if self._turn.is_closed or (may_wait and not at_once):
                return False
            if exactly:
                self._schedule = self._schedule.hurry(now)
            self.state = resume(self.state)
            self._turn.begin(now)
        start_thread(self._run, "smx-lab table")
        return True

    def wait_for_rows(self, timeout_s: float | None) -> None:
        """Return once there are rows to show, or reading has ended, or time is up."""
        self._rows_met.wait(timeout_s)

    def wait(self, timeout_s: float | None = None) -> None:
        """Return once no thread reads any more, or time is up."""
        self._turn.wait(timeout_s)

    def wait_for_disk(self, timeout_s: float) -> None:
        """Return once what was read whole is kept for the next time, or time is up."""
        self._disk.wait(timeout_s)

    def halt(self) -> None:
        """End reading because the user says so: what was read stays, until ``refresh`` at once."""
        with self._lock:
            if not self._turn.is_taken:
                return
            self.state = halt(self.state)
            self._turn.stop()
            self._wake()
        self.wait(HALT_WAIT_S)

    def rest(self) -> None:
        """Take no more memory than the table needs while nobody looks."""
        self._files.rest()

    def drop(self) -> None:
        """End for good, after the call under way."""
        with self._lock:
            self._turn.close()
            self._wake()
        self.best_steps.stop()

    def _wake(self) -> None:
        self._search.wake()
        if self._one_by_one is not None:
            self._one_by_one.wake()

    def _hold(self, table: Table) -> None:
        """Have ``table`` be the one that is kept in step."""
        table.mover = self._files.move
        self.table = table
        self.queries = Queries(table, self._caller_names)
        self.best_steps = BestStepReader(table, self._sagemaker)

    def _run(self) -> None:
        try:
            self._restore()
            self._read()
        except Stopped:
            self.table.touch()
        except SmxError as error:
            self._fail(error)
        except Exception:
            # Deliberately broad: this is the last frame of a thread, and an error that is not
            # caught here would be lost. The table shows it, and the log has the traceback.
            log.exception("A trial component table could not be read.")
            self._fail(SmxError("Something went wrong in smx-lab; the server's log says what."))
        else:
            self._succeed()
            # Nobody waits for the disk: the rows are there, and whoever closes waits for it.
            self._disk.expect()
        finally:
            self._rows_met.set()
            self._turn.end()
        try:
            # Not while it is incomplete: the next process would show half a table as a whole.
            if isinstance(self.state, Ready):
                self._disk.keep(self.table, self._kept)
        finally:
            self._disk.done()

    def _restore(self) -> None:
        """Show the table as it was kept, the first time."""
        if is_complete(self.state) or self._search.is_under_way:
            return
        found = self._disk.load(self._sagemaker, self.table.version + 1)
        if found is None:
            return
        table, kept = found
        table.mover = self._files.move
        table.settle()
        self._hold(table)
        self._search.restore(kept.pages, kept.looked)
        with self._lock:
            self.state = restore(self.state, kept.updated_time)
            self._schedule = self._schedule.restore(kept.whole_time, kept.reconcile_s, self._clocks)
        self._rows_met.set()

    def _read(self) -> None:
        began = self._clocks.monotonic()
        if self._one_by_one is None or began >= self._one_by_one.search_again_at:
            try:
                self._read_by_search(began)
            except SmxError as error:
                if not is_of_search(error):
                    raise
                self._do_without_search(error, began)
            else:
                self._one_by_one = None
                return
        self._read_one_by_one(began)

    def _read_by_search(self, began: float) -> None:
        schedule = self._schedule
        if is_complete(self.state) and self._search.is_large and not schedule.is_due(began):
            self._search.read_changes(self._sagemaker(), self.table)
            return
        self._search.read_everything(self._sagemaker(), self.table)
        with self._lock:
            self._schedule = self._schedule.read_whole(began, schedule.losses, self._clocks)

    def _do_without_search(self, error: SmxError, began: float) -> None:
        log.info("A table is read without Search: %s", error.message)
        with self._lock:
            self._search.give_up()
            if self._one_by_one is None:
                self._one_by_one = OneByOneReader(
                    self._origin,
                    self._workers,
                    self._fold,
                    self._rows_met,
                    self._turn.stopped,
                    error,
                )
            self._one_by_one.refuse(error, began)
        self.table.touch()

    def _read_one_by_one(self, began: float) -> None:
        reader = self._one_by_one
        assert reader is not None  # Search was tried first
        reader.read(self._sagemaker(), self.table)
        now = self._clocks.monotonic()
        reader.took_s = now - began
        with self._lock:
            self._schedule = self._schedule.read_one_by_one(now)

    def _fold(self, page: ComponentPage) -> bool:
        return self.table.upsert(page.components)

    def _kept(self, key: str) -> Kept:
        return Kept(
            key=key,
            version=__version__,
            updated_time=self._clocks.wall(),
            looked=self._search.looked,
            whole_time=self._schedule.whole_time,
            reconcile_s=self._schedule.interval_s,
            pages=self._search.pages,
        )

    def _succeed(self) -> None:
        took_s = self._one_by_one.took_s if self._one_by_one is not None else 0.0
        with self._lock:
            changed = not isinstance(self.state, Ready)
            self.state = Ready(self._clocks.wall())
            self._due = self._clocks.monotonic() + pause_after_reading(self._interval_s, took_s)
        if changed:
            self.table.touch()

    def _fail(self, error: SmxError) -> None:
        with self._lock:
            self.state = fail(self.state, error)
            failed = resume(self.state)
            assert isinstance(failed, Failed)
            self._due = self._clocks.monotonic() + pause_after_failure(failed, self._interval_s)
        # Each failure is told, since the time of the next try has changed.
        self.table.touch()
