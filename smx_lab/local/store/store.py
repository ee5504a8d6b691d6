"""The database: one writing thread with group commit, any number of readers.

A write is acknowledged only after the transaction that holds it is on disk (``synchronous=FULL``).
Writes that arrive while the disk is busy share the next transaction, each undone by itself if it
fails, so that eight clients cost hardly more syncs than one.
"""

from __future__ import annotations

import contextlib
import logging
import queue
import sqlite3
import threading
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from typing import Any, Protocol, TypeVar

from smx_lab.local.errors import StoreWriteError
from smx_lab.local.store.schema import open_for_writing, open_read_only

T = TypeVar("T")

GROUP_LIMIT = 256
"""Most writes in one transaction, so that the first of them does not wait for ever; our choice."""

WRITES_BETWEEN_STATISTICS = 2000
"""How often the query planner's statistics are brought up to date; our choice."""

_log = logging.getLogger(__name__)


class Outcome(Protocol):
    """Where a write tells what came of it, on the writing thread: a Future, or the like of one."""

    def set_running_or_notify_cancel(self) -> bool:
        """Tell whether it is still wanted, as it begins."""

    def set_result(self, result: Any, /) -> None:
        """Take what the write returned; it is on disk."""

    def set_exception(self, exception: BaseException | None, /) -> None:
        """Take what went wrong; nothing was changed."""


_Write = tuple[Outcome, Callable[[sqlite3.Connection], Any]]


class Store:
    """The one owner of a database file. Knows threads and transactions, and none of the tables.

    Parameters
    ----------
    path : Path
        The database file, created when missing.

    Raises
    ------
    StoreError
        If the file is not ours, newer than this version, damaged or not writable. It is left as
        it is.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self.version = 0
        """How many groups of writes were kept. Raised before the writers are told, so that a
        snapshot that is taken later holds all of them."""
        self._connection = open_for_writing(path)
        self._writes: queue.SimpleQueue[_Write | None] = queue.SimpleQueue()
        self._lock = threading.Lock()
        self._closed = False
        self._local = threading.local()
        self._readers: list[sqlite3.Connection] = []
        self._callbacks: list[Callable[[], object]] = []
        self._callback_thread = ThreadPoolExecutor(1, thread_name_prefix="store-after-commit")
        self._since_statistics = 0
        self._writer = threading.Thread(target=self._write_until_closed, name="store-writer")
        self._writer.start()

    def write(self, function: Callable[[sqlite3.Connection], T]) -> Future[T]:
        """Run ``function`` on the writing thread, in a transaction; safe from any thread.

        Returns
        -------
        Future
            Done once the change is on disk, with what ``function`` returned, or with what it
            raised (its changes are undone, those of others are not), or with
            `StoreWriteError` if the disk refused.
        """
        future: Future[T] = Future()
        self.write_for(future, function)
        return future

    def write_for(self, outcome: Outcome, function: Callable[[sqlite3.Connection], Any]) -> None:
        """As `write`, for who has something lighter than a Future to be told by."""
        with self._lock:
            if not self._closed:
                self._writes.put((outcome, function))
                return
        outcome.set_exception(StoreWriteError("The store is closed."))

    def read(self, function: Callable[[sqlite3.Connection], T]) -> T:
        """Run ``function`` on this thread's own read-only connection, in one snapshot."""
        connection = self._reader()
        connection.execute("BEGIN")
        try:
            return function(connection)
        finally:
            connection.execute("COMMIT")

    def after_commit(self, function: Callable[[], object]) -> None:
        """Run ``function`` once the present write is on disk; not at all if the write fails.

        To be called by a write function, on the writing thread. The callables run one after the
        other on a thread of their own, so a slow one does not hold up writes; what one raises is
        logged.
        """
        if threading.current_thread() is not self._writer:
            raise RuntimeError("after_commit belongs to a write function.")
        self._callbacks.append(function)

    def close(self) -> None:
        """Finish the writes already taken, then close the file. Later writes are refused."""
        with self._lock:
            if self._closed:
                return
            self._closed = True
            self._writes.put(None)
        self._writer.join()
        self._callback_thread.shutdown()
        for connection in self._readers:
            connection.close()
        self._connection.close()

    def _reader(self) -> sqlite3.Connection:
        connection: sqlite3.Connection | None = getattr(self._local, "connection", None)
        if connection is None:
            connection = open_read_only(self.path)
            self._local.connection = connection
            with self._lock:
                self._readers.append(connection)
        return connection

    def _write_until_closed(self) -> None:
        write = self._writes.get()
        while write is not None:
            group = _Group(self._connection)
            while write is not None and self._add_to(group, write):
                try:
                    write = self._writes.get_nowait()
                except queue.Empty:
                    break
            if group.commit(self._raise_version):
                for callback in group.callbacks:
                    self._callback_thread.submit(_run_logged, callback)
                self._keep_statistics(len(group))
            if write is not None:
                write = self._writes.get()
        self._update_statistics()

    def _raise_version(self) -> None:
        self.version += 1

    def _add_to(self, group: _Group, write: _Write) -> bool:
        """Run one write in the group; False when the group must be committed now."""
        outcome, function = write
        if not outcome.set_running_or_notify_cancel():
            return True
        self._callbacks = []
        if group.run(outcome, function):
            group.callbacks += self._callbacks
        return not group.lost and len(group) < GROUP_LIMIT

    def _keep_statistics(self, writes: int) -> None:
        self._since_statistics += writes
        if self._since_statistics >= WRITES_BETWEEN_STATISTICS and self._writes.empty():
            self._since_statistics = 0
            self._update_statistics()

    def _update_statistics(self) -> None:
        """Let the query planner know how the values lie; a failure costs speed, nothing else."""
        try:
            self._connection.execute("ANALYZE")
        except sqlite3.Error:
            _log.warning("The query planner's statistics could not be updated.", exc_info=True)


class _Group:
    """Writes that share one transaction, and what each of them came to."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection
        self._outcomes: list[tuple[Outcome, Any, BaseException | None]] = []
        self.callbacks: list[Callable[[], object]] = []
        self.lost: Exception | None = None
        try:
            connection.execute("BEGIN IMMEDIATE")
        except sqlite3.Error as error:
            self.lost = error

    def __len__(self) -> int:
        return len(self._outcomes)

    def run(self, outcome: Outcome, function: Callable[[sqlite3.Connection], Any]) -> bool:
        """Run one write, undone by itself if it fails, and keep what came of it until the commit.

        True if it succeeded so far.
        """
        result, raised = None, None
        if not self.lost:
            try:
                result, raised = self._run_beside(function) if self else self._run_first(function)
            except sqlite3.Error as error:
                self.lost = error
        self._outcomes.append((outcome, result, raised))
        return raised is None and self.lost is None

    def _run_first(
        self, function: Callable[[sqlite3.Connection], Any]
    ) -> tuple[Any, Exception | None]:
        """Run a write that has nothing before it, so that all can be undone if it fails.

        A savepoint has SQLite keep each page as it was: a third of what many a write costs.
        """
        result, raised = self._call(function)
        if raised is not None:
            self._connection.execute("ROLLBACK")
            self._connection.execute("BEGIN IMMEDIATE")
        return result, raised

    def _run_beside(
        self, function: Callable[[sqlite3.Connection], Any]
    ) -> tuple[Any, Exception | None]:
        """Run a write in a savepoint of its own: those before it stay if it fails."""
        self._connection.execute("SAVEPOINT one_write")
        result, raised = self._call(function)
        if raised is not None:
            self._connection.execute("ROLLBACK TO one_write")
        self._connection.execute("RELEASE one_write")
        return result, raised

    def _call(self, function: Callable[[sqlite3.Connection], Any]) -> tuple[Any, Exception | None]:
        """Return result or error of a write."""
        try:
            return function(self._connection), None
        except Exception as error:
            if not self._connection.in_transaction:
                # SQLite itself gives up the whole transaction on a full disk and the like.
                raise sqlite3.OperationalError(str(error)) from error
            return None, _told_apart(error)

    def commit(self, kept: Callable[[], None]) -> bool:
        """Make the group durable and tell every caller; False if nothing was kept.

        Parameters
        ----------
        kept : callable
            Called between the two.
        """
        if not self.lost:
            try:
                self._connection.execute("COMMIT")
                kept()
            except sqlite3.Error as error:
                self.lost = error
        if self.lost:
            _log.error("A group of %d writes was not kept: %s", len(self), self.lost)
            if self._connection.in_transaction:
                with contextlib.suppress(sqlite3.Error):  # told to every caller just below
                    self._connection.execute("ROLLBACK")
        for outcome, result, raised in self._outcomes:
            if self.lost:
                outcome.set_exception(StoreWriteError(str(self.lost)))
            elif raised is not None:
                outcome.set_exception(raised)
            else:
                outcome.set_result(result)
        return not self.lost


def _told_apart(error: Exception) -> Exception:
    """Return StoreWriteError for what the disk did, and anything else as it is."""
    text = str(error)
    if isinstance(error, sqlite3.OperationalError) and ("disk" in text or "readonly" in text):
        return StoreWriteError(text)
    return error


def _run_logged(callback: Callable[[], object]) -> None:
    try:
        callback()
    except Exception:  # noqa: BLE001 - its caller has long been answered; this is for the log
        _log.exception("Work to follow a write failed.")
