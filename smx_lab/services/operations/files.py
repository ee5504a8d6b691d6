"""Operations on disk: one file each, readable by its owner alone, replaced as a whole.

Several processes may share the folder: Jupyter servers, and kernels with the magics. Each writes
only the operations it runs. If its process is gone, all others show an operation as
``interrupted``.
"""

from __future__ import annotations

import os
import re
import socket
import time
from datetime import datetime, timezone
from pathlib import Path
from typing import Any

import msgspec

from smx_lab.core.entities import Entity
from smx_lab.core.errors import ServiceUnavailable
from smx_lab.core.operation import Operation

ID = re.compile(r"[0-9a-f]{16}")
MAX_KEPT = 200
"""Ended operations on disk, the newest. A choice."""
SILENT_AFTER_S = 300.0
"""A process on another machine that has not written its file for this long counts as gone."""


class Owner(Entity, frozen=True, kw_only=True):
    """The process that runs an operation. Process ids are reused, so its start time counts too."""

    host: str
    pid: int
    start_time: float


class Record(Entity, frozen=True, kw_only=True):
    """An operation with its request and the process that runs it.

    ``attempted`` lists ``kind/name`` of what it was about to create. ``notes`` are the data that
    its steps keep from one run to the next.
    """

    operation: Operation
    request: dict[str, Any]
    owner: Owner
    attempted: tuple[str, ...] = ()
    notes: dict[str, Any] = msgspec.field(default_factory=dict)


class OperationFiles:
    """The folder of operations. Two threads must not write the same operation at once."""

    def __init__(self, folder: Path, max_kept: int = MAX_KEPT) -> None:
        """``folder`` is created at the first write."""
        self._max_kept = max_kept
        self._folder = folder

    def write(self, record: Record) -> None:
        """Write a record; after a crash the file holds the old record or the new one, never a part.

        Raises
        ------
        ServiceUnavailable
            If the folder cannot be written to.
        """
        try:
            self._write(record)
        except OSError as error:
            raise ServiceUnavailable(
                f"Operations cannot be kept in {self._folder}: {error.strerror}."
            ) from error

    def read(self, operation_id: str) -> Record | None:
        """Return a record, or None where there is none that can be read."""
        if not ID.fullmatch(operation_id):
            return None
        try:
            return msgspec.json.decode(self._file(operation_id).read_bytes(), type=Record)
        except (FileNotFoundError, msgspec.DecodeError):
            return None

    def read_all(self) -> list[Record]:
        """Return every record."""
        if not self._folder.is_dir():
            return []
        found = (self.read(file.stem) for file in self._folder.glob("*.json"))
        return [record for record in found if record is not None]

    def ask_to_cancel(self, operation_id: str) -> None:
        """Ask the process that runs an operation, whichever it is, to cancel it."""
        self._cancel_file(operation_id).touch(mode=0o600)

    def is_asked_to_cancel(self, operation_id: str) -> bool:
        """Return whether a cancellation was requested."""
        return self._cancel_file(operation_id).exists()

    def clear_cancel(self, operation_id: str) -> None:
        """Withdraw the request to cancel, before a new run."""
        self._cancel_file(operation_id).unlink(missing_ok=True)

    def is_abandoned(self, record: Record) -> bool:
        """Return whether the process that runs an operation is gone."""
        if record.owner.host == socket.gethostname():
            return not _is_alive(record.owner)
        return time.time() - self.written_time(record).timestamp() > SILENT_AFTER_S

    def written_time(self, record: Record) -> datetime:
        """Return when the process that runs an operation last wrote it."""
        try:
            seconds = self._file(record.operation.id).stat().st_mtime
        except FileNotFoundError:
            return record.operation.start_time
        return datetime.fromtimestamp(seconds, timezone.utc)

    def prune(self) -> None:
        """Delete the oldest operations that have ended."""
        ended = [r.operation for r in self.read_all() if r.operation.state != "running"]
        ended.sort(key=lambda operation: operation.start_time, reverse=True)
        for operation in ended[self._max_kept :]:
            self._file(operation.id).unlink(missing_ok=True)
            self.clear_cancel(operation.id)

    def _write(self, record: Record) -> None:
        self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        file = self._file(record.operation.id)
        draft = file.with_name(f"{file.name}.{os.getpid()}")
        descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "wb") as stream:
            stream.write(msgspec.json.encode(record))
            stream.flush()
            os.fsync(stream.fileno())
        draft.replace(file)

    def _file(self, operation_id: str) -> Path:
        return self._folder / f"{operation_id}.json"

    def _cancel_file(self, operation_id: str) -> Path:
        return self._folder / f"{operation_id}.cancel"


def this_process() -> Owner:
    """Return this process as an owner."""
    import psutil

    return Owner(
        host=socket.gethostname(), pid=os.getpid(), start_time=psutil.Process().create_time()
    )


def _is_alive(owner: Owner) -> bool:
    import psutil

    try:
        process = psutil.Process(owner.pid)
        # A correction of the clock may shift the computed start time of the same process.
        return (
            abs(process.create_time() - owner.start_time) < 2.0
            and process.status() != psutil.STATUS_ZOMBIE
        )
    except psutil.NoSuchProcess:
        return False
