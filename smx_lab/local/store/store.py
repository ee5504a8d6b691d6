"""The database: one writing thread with group commit, any number of readers.

A write is acknowledged only after its transaction is on disk (``synchronous=FULL``). Writes that
arrive while the disk is busy share the next transaction, so that eight clients need hardly more
syncs than one. A write that fails is undone alone.
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

MAX_GROUP_WRITES = 256
"""The most writes in one transaction, so that the first does not wait too long; our choice."""

WRITES_BETWEEN_STATISTICS = 2000
"""The number of writes after which the query planner's statistics are updated; our choice."""

_log = logging.getLogger(__name__)


class Outcome(Protocol):
    """Receives the result of a write, on the writing thread: a Future, or an object like it."""

    def set_running_or_notify_cancel(self) -> bool:
        """Return whether the write is still wanted; called when it begins."""

    def set_result(self, result: Any, /) -> None:
        """Receive what the write returned; it is on disk."""

    def set_exception(self, exception: BaseException | None, /) -> None:
        """Receive the error; nothing was changed."""


_Write = tuple[Outcome, Callable[[sqlite3.Connection], Any]]


class Store:
    """The only owner of a database file: its threads and transactions, not its tables.

    Parameters
    ----------
    path : Path
        The database file, created when missing.

    Raises
    ------
    StoreError
        If the file is foreign, newer than this version, damaged or not writable. It is not
        changed.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self.version = 0
        """The number of committed groups of writes. It rises before their callers get results, so
        that a snapshot taken after a result contains that write."""
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
            Done once the change is on disk, with what ``function`` returned; or with what it
            raised (only its own changes are undone), or with `StoreWriteError` if the disk
            failed.
        """
        future: Future[T] = Future()
        self.write_for(future, function)
        return future

    def write_for(self, outcome: Outcome, function: Callable[[sqlite3.Connection], Any]) -> None:
        """Do the same as `write`, with an outcome that is cheaper than a Future."""
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

        Call it in a write function, on the writing thread. The callables run one after the other on
        a thread of their own, so a slow one does not delay writes; their errors are logged.
        """
        if threading.current_thread() is not self._writer:
            raise RuntimeError("after_commit belongs to a write function.")
        self._callbacks.append(function)

    def close(self) -> None:
        """Finish the queued writes, then close the file. Later writes are refused."""
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
        """Run one write in the group; return False if the group must be committed now."""
        outcome, function = write
        if not outcome.set_running_or_notify_cancel():
            return True
        self._callbacks = []
        if group.run(outcome, function):
            group.callbacks += self._callbacks
        return not group.lost and len(group) < MAX_GROUP_WRITES

    def _keep_statistics(self, writes: int) -> None:
        self._since_statistics += writes
        if self._since_statistics >= WRITES_BETWEEN_STATISTICS and self._writes.empty():
            self._since_statistics = 0
            self._update_statistics()

    def _update_statistics(self) -> None:
        """Update the query planner's statistics; a failure costs only speed."""
        try:
            self._connection.execute("ANALYZE")
        except sqlite3.Error:
            _log.warning("The query planner's statistics could not be updated.", exc_info=True)


class _Group:
    """Writes that share one transaction, and their results."""

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
        """Run one write, and keep its result until the commit; a failing one is undone alone.

        Return True if it has succeeded so far.
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
        """Run the first write of a group, which is undone by a rollback of the transaction.

        It needs no savepoint, which makes SQLite keep a copy of each page: a third of the cost of
        many writes.
        """
        result, raised = self._call(function)
        if raised is not None:
            self._connection.execute("ROLLBACK")
            self._connection.execute("BEGIN IMMEDIATE")
        return result, raised

    def _run_beside(
        self, function: Callable[[sqlite3.Connection], Any]
    ) -> tuple[Any, Exception | None]:
        """Run a write in a savepoint, so that the writes before it stay if it fails."""
        self._connection.execute("SAVEPOINT one_write")
        result, raised = self._call(function)
        if raised is not None:
            self._connection.execute("ROLLBACK TO one_write")
        self._connection.execute("RELEASE one_write")
        return result, raised

    def _call(self, function: Callable[[sqlite3.Connection], Any]) -> tuple[Any, Exception | None]:
        """Return the result or the error of a write."""
        try:
            return function(self._connection), None
        except Exception as error:
            if not self._connection.in_transaction:
                # On a full disk, for example, SQLite itself undoes the whole transaction.
                raise sqlite3.OperationalError(str(error)) from error
            return None, _as_write_error(error)

    def commit(self, kept: Callable[[], None]) -> bool:
        """Commit the group and give every caller its result; return False if nothing was kept.

        Parameters
        ----------
        kept : callable
            Called after the commit, before the callers get their results.
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
                with contextlib.suppress(sqlite3.Error):  # every caller gets the error below
                    self._connection.execute("ROLLBACK")
        for outcome, result, raised in self._outcomes:
            if self.lost:
                outcome.set_exception(StoreWriteError(str(self.lost)))
            elif raised is not None:
                outcome.set_exception(raised)
            else:
                outcome.set_result(result)
        return not self.lost


def _as_write_error(error: Exception) -> Exception:
    """Return StoreWriteError for an error of the disk, any other error unchanged."""
    text = str(error)
    if isinstance(error, sqlite3.OperationalError) and ("disk" in text or "readonly" in text):
        return StoreWriteError(text)
    return error


def _run_logged(callback: Callable[[], object]) -> None:
    try:
        callback()
    except Exception:  # noqa: BLE001 - the caller already has its answer
        _log.exception("Work to follow a write failed.")
