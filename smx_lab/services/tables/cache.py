"""Tables on disk, for the next time they are opened: for their owner alone, and of bounded size.

A file is of one connection, account, region and origin; only the account's own credentials open
it again. The local service needs none: it is on this machine.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import tempfile
from datetime import datetime
from pathlib import Path

import msgspec

from smx_lab import __version__

SUFFIX, DRAFT = ".table", ".draft"


class Kept(msgspec.Struct):
    """How far a kept table was in step with SageMaker."""

    key: str
    version: str
    updated_time: datetime
    """When it was last known to be right."""
    looked: datetime | None
    """Changes before this are in it, by SageMaker's clock."""
    whole_time: datetime
    """When it was last read whole."""
    reconcile_s: float
    """How long after that it is to be read whole again."""
    pages: int


class CacheFolder:
    """The folder of kept tables: ``read`` and ``write`` by key. Several processes may share it."""

    def __init__(self, folder: Path, max_bytes: int) -> None:
        """Make ``folder`` when first written to; it holds at most ``max_bytes``."""
        self._folder = folder
        self._max_bytes = max_bytes

    def read(self, key: str) -> tuple[Kept, bytes] | None:
        """Return what was written last; None where there is nothing that can be read."""
        file = self._file(key)
        try:
            data = file.read_bytes()
            os.utime(file)  # what is used is the last to go
        except OSError:
            return None
        size = int.from_bytes(data[:4], "big")
        try:
            kept = msgspec.msgpack.decode(data[4 : 4 + size], type=Kept)
        except msgspec.DecodeError:
            return None
        # The same key, in case two have one hash; the same version, since insides may change.
        return (kept, data[4 + size :]) if (kept.key, kept.version) == (key, __version__) else None

    def write(self, key: str, kept: Kept, table: bytes) -> None:
        """Put a table on disk, whole or not at all, and remove what is too much."""
        if len(table) > self._max_bytes:
            self.remove(key)
            return
        head = msgspec.msgpack.encode(kept)
        self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        # mkstemp makes files that their owner alone can read.
        handle, name = tempfile.mkstemp(dir=self._folder, suffix=DRAFT)
        draft = Path(name)
        try:
            with os.fdopen(handle, "wb") as stream:
                stream.write(len(head).to_bytes(4, "big"))
                stream.write(head)
                stream.write(table)
            draft.replace(self._file(key))
        finally:
            draft.unlink(missing_ok=True)
        self._sweep()

    def remove(self, key: str) -> None:
        """Remove a table."""
        self._file(key).unlink(missing_ok=True)

    def clear(self) -> None:
        """Remove everything."""
        for file in self._files():
            file.unlink(missing_ok=True)

    def _sweep(self) -> None:
        """Remove the tables used longest ago, until the rest is within bounds."""
        found = []
        for file in self._files():
            with contextlib.suppress(FileNotFoundError):
                status = file.stat()
                found.append((status.st_mtime, status.st_size, file))
        size = 0
        for _, bytes_, file in sorted(found, reverse=True):
            size += bytes_
            if size > self._max_bytes:
                file.unlink(missing_ok=True)

    def _files(self) -> list[Path]:
        return [*self._folder.glob(f"*{SUFFIX}"), *self._folder.glob(f"*{DRAFT}")]

    def _file(self, key: str) -> Path:
        return self._folder / f"{hashlib.sha256(key.encode()).hexdigest()[:32]}{SUFFIX}"
