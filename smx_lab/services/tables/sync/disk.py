"""One table's place on disk: read when the table is opened, written when it has changed."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable

import msgspec

from smx_lab.core.table import Origin, Table
from smx_lab.core.table.saved import restore, save
from smx_lab.gateway.sagemaker import SageMaker
from smx_lab.services.tables.cache import CacheFolder, Kept

log = logging.getLogger(__name__)

KEEP_EVERY_S = 60.0
"""A table that changes is written to disk at most so often. Our choice."""


class TableOnDisk:
    """What is kept of one table. What goes wrong there is logged: the table works without.

    One thread at a time loads and keeps; ``wait`` is for any.
    """

    def __init__(
        self,
        folder: CacheFolder | None,
        connection_id: str,
        origin: Origin,
        clock: Callable[[], float],
        keep_every_s: float = KEEP_EVERY_S,
    ) -> None:
        """Keep nothing where ``folder`` is None. ``clock`` counts seconds."""
        self._folder = folder
        self._connection_id = connection_id
        self._origin = origin
        self._clock = clock
        self._keep_every_s = keep_every_s
        self._key: str | None = None
        self._kept_version: int | None = None
        self._keep_at = clock()
        self._is_written = threading.Event()
        self._is_written.set()

    def load(
        self, sagemaker: Callable[[], SageMaker], first_version: int
    ) -> tuple[Table, Kept] | None:
        """Return what is kept of the table for the present credentials.

        Raises
        ------
        SmxError
            If there are no credentials.
        """
        if self._folder is None:
            return None
        key = self._key = self._key_for(sagemaker())
        found = self._folder.read(key) if key is not None else None
        if key is None or found is None:
            return None
        kept, data = found
        table = Table(self._origin, first_version)
        try:
            restore(table, data)
        except (ValueError, LookupError) as error:
            log.warning("A kept table cannot be read, and is dropped: %s", error)
            self._folder.remove(key)
            return None
        self._note(table)
        return table, kept

    def keep(self, table: Table, kept: Callable[[str], Kept]) -> None:
        """Write the table, if it has changed and was not written just now.

        ``kept`` says how far the table is in step, given the key under which it is written.
        """
        if self._folder is None or table.version == self._kept_version:
            return
        if self._clock() >= self._keep_at:
            self._note(table)
            self._write(self._folder, table, kept)

    def expect(self) -> None:
        """Have ``wait`` wait from now on: rows have been read, and may be written next."""
        self._is_written.clear()

    def done(self) -> None:
        """Have ``wait`` return: what was to be written has been."""
        self._is_written.set()

    def wait(self, timeout_s: float) -> None:
        """Return once what was read is written, or time is up."""
        self._is_written.wait(timeout_s)

    def _note(self, table: Table) -> None:
        self._kept_version = table.version
        self._keep_at = self._clock() + self._keep_every_s

    def _write(self, folder: CacheFolder, table: Table, kept: Callable[[str], Kept]) -> None:
        if self._key is None:
            return
        try:
            folder.write(self._key, kept(self._key), save(table))
        except (OSError, UnicodeEncodeError) as error:
            log.warning("A table cannot be kept on disk: %s", error)

    def _key_for(self, sagemaker: SageMaker) -> str | None:
        account = sagemaker.account_key()
        if account is None:
            return None
        parts = [self._connection_id, account, sagemaker.region, self._origin]
        return msgspec.json.encode(parts).decode()
