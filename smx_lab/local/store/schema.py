"""Opens the database file: creates it, updates it, or refuses it without a change."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Sequence
from importlib import resources
from pathlib import Path
from typing import NamedTuple

from smx_lab.local.errors import StoreError

APPLICATION_ID = 0x534D584C
"""``SMXL``: marks the file as ours (PRAGMA application_id)."""

SCHEMA_VERSION = 2
"""The number of the newest migration, and the version that schema.sql creates."""

MAX_CHECKED_BYTES = 64 * 2**20
"""Up to this size the whole file is checked at every start; larger ones would take too long."""

_PACKAGE = resources.files("smx_lab.local.store")


class Migration(NamedTuple):
    """The SQL that brings a store from the version before to ``version``."""

    version: int
    script: str


def open_for_writing(path: Path, steps: Sequence[Migration] | None = None) -> sqlite3.Connection:
    """Return the writing connection to a sound store of this version.

    Parameters
    ----------
    steps : sequence of Migration, optional
        The migrations, oldest first; those of this package without it.

    Raises
    ------
    StoreError
        One sentence on what is wrong with the file and what to do. The file is not changed.
    """
    if sqlite3.sqlite_version_info < (3, 37, 0):
        raise StoreError(
            f"SQLite {sqlite3.sqlite_version} is too old for the local service. "
            "Use a Python with SQLite 3.37 or newer."
        )
    is_new = not path.exists() or path.stat().st_size == 0
    steps = migrations() if steps is None else steps
    newest = steps[-1].version
    connection = None
    try:
        connection = sqlite3.connect(
            path, isolation_level=None, check_same_thread=False, cached_statements=512
        )
        _require_ours(connection, path, is_new, newest)
        path.chmod(0o600)
        _configure(connection)
        _bring_up_to_date(connection, path, is_new, steps)
    except sqlite3.Error as error:
        if connection is not None:
            connection.close()
        raise _unusable(path, str(error)) from error
    except StoreError:
        if connection is not None:
            connection.close()
        raise
    return connection


def open_read_only(path: Path) -> sqlite3.Connection:
    """Return a read-only connection, for one thread at a time."""
    connection = sqlite3.connect(
        f"{path.absolute().as_uri()}?mode=ro",
        uri=True,
        isolation_level=None,
        check_same_thread=False,
        cached_statements=512,
    )
    connection.row_factory = sqlite3.Row
    connection.execute("PRAGMA query_only = ON")
    connection.execute("PRAGMA busy_timeout = 5000")
    connection.execute("PRAGMA cache_size = -8192")
    connection.execute("PRAGMA mmap_size = 201326592")
    return connection


def _require_ours(connection: sqlite3.Connection, path: Path, is_new: bool, newest: int) -> None:
    """Check the file without a change; even switching a foreign file to WAL would alter it."""
    if is_new:
        return
    version = connection.execute("PRAGMA user_version").fetchone()[0]
    if connection.execute("PRAGMA application_id").fetchone()[0] != APPLICATION_ID:
        raise StoreError(
            f"{path} is not a store of smx-lab. It was left as it is; "
            "choose another data directory with --data-dir or SMX_LAB_DATA_DIR."
        )
    if version > newest:
        raise StoreError(
            f"{path} was written by a newer smx-lab (store version {version}; this one knows "
            f"{newest}). It was left as it is; update smx-lab, or choose another data "
            "directory with --data-dir or SMX_LAB_DATA_DIR."
        )
    if path.stat().st_size <= MAX_CHECKED_BYTES:
        found = connection.execute("PRAGMA quick_check(1)").fetchone()[0]
        if found != "ok":
            # The first line only names the database.
            raise _unusable(path, found.splitlines()[-1])


def _unusable(path: Path, reason: str) -> StoreError:
    return StoreError(
        f"The store {path} cannot be used ({reason}). It was left as it is; put a backup in its "
        "place, or choose another data directory with --data-dir or SMX_LAB_DATA_DIR."
    )


def _configure(connection: sqlite3.Connection) -> None:
    connection.row_factory = sqlite3.Row
    connection.execute("PRAGMA journal_mode = WAL")
    # FULL syncs the log at every commit: acknowledged writes survive a loss of power.
    connection.execute("PRAGMA synchronous = FULL")
    connection.execute("PRAGMA foreign_keys = ON")
    connection.execute("PRAGMA busy_timeout = 5000")
    connection.execute("PRAGMA cache_size = -16384")
    connection.execute("PRAGMA journal_size_limit = 67108864")
    # 16 MB: a page that many writes change is copied into the file once.
    connection.execute("PRAGMA wal_autocheckpoint = 4000")
    connection.execute("PRAGMA analysis_limit = 1000")


def _bring_up_to_date(
    connection: sqlite3.Connection, path: Path, is_new: bool, steps: Sequence[Migration]
) -> None:
    """Create the tables, or run all missing migrations in one transaction."""
    version = connection.execute("PRAGMA user_version").fetchone()[0]
    if is_new:
        scripts = [_PACKAGE.joinpath("schema.sql").read_text("utf-8")]
    else:
        scripts = [step.script for step in steps if step.version > version]
    if not scripts:
        return
    if not is_new:
        backup = path.with_name(f"{path.name}.version-{version}")
        if not backup.exists():
            connection.execute("VACUUM INTO :backup", {"backup": str(backup)})
            backup.chmod(0o600)
    script = "\n".join(scripts)
    connection.executescript(
        f"BEGIN IMMEDIATE;\n{script}\n"
        f"PRAGMA application_id = {APPLICATION_ID};\n"
        f"PRAGMA user_version = {steps[-1].version};\nCOMMIT;"
    )


def migrations() -> list[Migration]:
    """Return every migration, ``migrations/NNNN_<what>.sql``, oldest first."""
    found = []
    for file in _PACKAGE.joinpath("migrations").iterdir():
        match = re.fullmatch(r"(\d{4})_\w+\.sql", file.name)
        if match:
            found.append(Migration(int(match[1]), file.read_text("utf-8")))
    return sorted(found)
