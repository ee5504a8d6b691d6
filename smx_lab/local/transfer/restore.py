"""``smx-lab local import``: adds an archive's content to a data directory.

First every member is unpacked into a folder of its own and compared with its checksum; an
interrupted import continues there. Then files are moved to their places, and finally the rows are
written in one transaction. Until then no record of the archive is visible; a second import of the
same archive changes nothing.
"""

from __future__ import annotations

import os
import re
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from importlib import resources
from pathlib import Path

from smx_lab.core.errors import Conflict, InvalidRequest, ServiceUnavailable
from smx_lab.local.errors import StartError
from smx_lab.local.home import data_dir as places
from smx_lab.local.home import lock
from smx_lab.local.home.identity import load_identity, save_identity
from smx_lab.local.store.schema import open_for_writing
from smx_lab.local.transfer.archive import STORE, Archive, Manifest, Member, sha256_of
from smx_lab.local.transfer.merge import INCOMING, NAME, Counts, Merge, tables, words

_PACKAGE = resources.files("smx_lab.local.store")

MAX_NAMED = 3
"""The most differing records that the refusal names. Our choice."""


@dataclass
class Imported:
    """The result of an import."""

    counts: Counts
    new_files: int
    same_files: int

    def lines(self) -> list[str]:
        """Return a line for each kind: how many are new, replaced, and unchanged."""
        counts = self.counts
        found = [
            (words(table), counts.new.get(table, 0), counts.changed.get(table, 0), same)
            for table, same in {**dict.fromkeys(counts.all(), 0), **counts.same}.items()
        ]
        found.append(("file", self.new_files, 0, self.same_files))
        return [
            f"{_count_noun(new, noun)} new, {replaced} replaced, {same} there already"
            for noun, new, replaced, same in found
            if new or replaced or same
        ]


def import_archive(data_dir: Path, path: Path, *, overwrite: bool = False) -> Imported:
    """Import an archive into a data directory whose service does not run.

    Raises
    ------
    InvalidRequest
        If the archive is damaged, foreign, newer, or of another account or region.
    Conflict
        If something of the same name but other content is there, and ``overwrite`` is not given;
        nothing was changed then.
    ServiceUnavailable
        If the service runs, or the data directory cannot be used.
    """
    with Archive(path) as archive, _hold_lock(data_dir):
        _require_same_owner(data_dir, archive)
        _require_room(data_dir, archive.manifest)
        folder = data_dir / f"import-{archive.digest[:16]}"
        folder.mkdir(mode=0o700, exist_ok=True)
        try:
            store = _stage(archive, archive.manifest.members[_store_at(archive.manifest)], folder)
            files = [member for member in archive.manifest.members if member.name != STORE]
            for member in files:
                _stage(archive, member, folder)
            _prepare_store(archive, store)
            imported = _merge(data_dir, archive, store, files, folder, overwrite)
        except (Conflict, InvalidRequest):
            shutil.rmtree(folder)
            raise
        shutil.rmtree(folder)
    return imported


@contextmanager
def _hold_lock(data_dir: Path) -> Iterator[None]:
    """Hold the lock of the data directory, so that the service cannot start."""
    try:
        places.prepare(data_dir)
    except StartError as error:
        raise ServiceUnavailable(str(error)) from error
    descriptor = lock.acquire(data_dir)
    if descriptor is None:
        raise ServiceUnavailable(
            f"The local service of {data_dir} runs. Stop it with: smx-lab local stop"
        )
    try:
        yield
    finally:
        os.close(descriptor)


def _require_same_owner(data_dir: Path, archive: Archive) -> None:
    """Require the archive's account and region, since ARNs contain them."""
    manifest, is_new = archive.manifest, not places.identity_file(data_dir).exists()
    try:
        identity = load_identity(data_dir)
    except StartError as error:
        raise ServiceUnavailable(str(error)) from error
    if is_new:
        identity.account, identity.region = manifest.account, manifest.region
        save_identity(data_dir, identity)
    elif (identity.account, identity.region) != (manifest.account, manifest.region):
        raise InvalidRequest(
            f"{archive.path} is of account {manifest.account} in {manifest.region}, {data_dir} of "
            f"{identity.account} in {identity.region}. Import it into another --data-dir."
        )


def _require_room(data_dir: Path, manifest: Manifest) -> None:
    store = manifest.members[_store_at(manifest)].size
    # The database is unpacked, and its rows are written once more.
    needed = sum(member.size for member in manifest.members) + store
    free = shutil.disk_usage(data_dir).free
    if needed > free:
        raise ServiceUnavailable(
            f"The import needs {needed / 1e6:.0f} MB, and {free / 1e6:.0f} MB are free in "
            f"{data_dir}. Nothing was imported."
        )


def _store_at(manifest: Manifest) -> int:
    return [member.name for member in manifest.members].index(STORE)


def _stage(archive: Archive, member: Member, folder: Path) -> Path:
    """Unpack a member, unless an earlier import has done so; return its path."""
    target = folder / member.name
    if _is_file(target, member):
        return target
    target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    # The name of an incomplete file, which no member can have.
    draft = folder / "draft"
    archive.extract(member, draft)
    draft.replace(target)
    return target


def _prepare_store(archive: Archive, store: Path) -> None:
    """Check the archive's store, and end its unfinished jobs so that none starts here."""
    try:
        cx = open_for_writing(store)
    except StartError as error:
        raise archive.damaged(str(error).replace(str(store), STORE)) from error
    try:
        _require_tables(archive, cx)
        cx.create_function("smx_is_name", 1, _is_name, deterministic=True)
        with _transaction(cx):
            for table in tables(cx):
                if table.is_named:
                    _require_plain_names(archive, cx, table.name)
            _end_jobs(cx, archive.manifest.creation_time)
    except sqlite3.Error as error:
        raise archive.damaged(str(error)) from error
    finally:
        cx.close()


def _end_jobs(cx: sqlite3.Connection, time: int) -> None:
    """Set jobs that were running when the archive was made to Stopped."""
    for row in cx.execute("SELECT name FROM sqlite_schema WHERE name LIKE '%\\_job' ESCAPE '\\'"):
        table = row["name"]
        unfinished = f"FROM {table} WHERE status IN ('InProgress', 'Stopping')"
        cx.execute(
            f"""
            UPDATE trial_component
            SET primary_status = 'Stopped', end_time = coalesce(end_time, :time)
            WHERE name IN (SELECT trial_component_name {unfinished})
            """,  # noqa: S608 - a table of ours
            {"time": time},
        )
        cx.execute(
            f"UPDATE {table} SET status = 'Stopped' WHERE name IN (SELECT name {unfinished})"  # noqa: S608
        )
    cx.execute(
        """
        UPDATE training_job
        SET secondary_status = 'Stopped', training_end_time = coalesce(training_end_time, :time)
        WHERE status = 'Stopped' AND secondary_status != 'Stopped'
        """,
        {"time": time},
    )


def _require_tables(archive: Archive, cx: sqlite3.Connection) -> None:
    """Require our schema: a foreign view or trigger would be executed."""
    ours = sqlite3.connect(":memory:")
    try:
        ours.executescript(_PACKAGE.joinpath("schema.sql").read_text("utf-8"))
        is_ours = _outline(ours) == _outline(cx)
    finally:
        ours.close()
    if not is_ours:
        raise archive.damaged(f"the tables of its {STORE} are not ours")


def _outline(cx: sqlite3.Connection) -> set[tuple[str, ...]]:
    """Return tables with their columns, and triggers and views with their text."""
    found: set[tuple[str, ...]] = set()
    for kind, name, sql in cx.execute("SELECT type, name, sql FROM sqlite_schema").fetchall():
        if kind == "table" and not name.startswith("sqlite_"):
            columns = sorted(row[1] for row in cx.execute(f'PRAGMA table_xinfo("{name}")'))
            found.add((" ".join(sql.split()[:2]), name, *columns))
        elif kind != "table" and kind != "index":
            found.add((kind, name, " ".join(sql.split())))
    return found


def _is_name(name: object) -> bool:
    return isinstance(name, str) and len(name) <= 128 and bool(re.fullmatch(NAME, name))


def _require_plain_names(archive: Archive, cx: sqlite3.Connection, table: str) -> None:
    """Require names that are safe as names of folders."""
    row = cx.execute(f"SELECT name FROM {table} WHERE NOT smx_is_name(name)").fetchone()  # noqa: S608
    if row:
        raise archive.damaged(f"the {words(table)} {row[0]!r} has no possible name")


def _merge(
    data_dir: Path,
    archive: Archive,
    store: Path,
    files: list[Member],
    folder: Path,
    overwrite: bool,
) -> Imported:
    try:
        cx = open_for_writing(places.store_file(data_dir))
    except StartError as error:
        raise ServiceUnavailable(str(error)) from error
    try:
        cx.execute(f"ATTACH :path AS {INCOMING}", {"path": str(store)})
        merge = Merge(cx)
        merge.compare()
        differing = _find_differing_files(data_dir, files)
        if not overwrite:
            _require_no_change(archive, data_dir, merge, differing)
        counts = merge.counts()
        for member in files:
            _require_free(data_dir, data_dir / member.name)
        new_files = _place(data_dir, files, folder)
        for bucket in archive.manifest.buckets:
            places.buckets(data_dir).joinpath(bucket).mkdir(0o700, parents=True, exist_ok=True)
        os.sync()  # files are on disk before the rows that name them
        with _transaction(cx):
            merge.apply()
        with suppress(sqlite3.Error):  # costs only speed, and the service repeats it
            cx.execute("ANALYZE main")
        cx.execute(f"DETACH {INCOMING}")
    finally:
        cx.close()
    return Imported(counts, new_files, len(files) - new_files)


def _count_noun(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


def _find_differing_files(data_dir: Path, files: list[Member]) -> list[str]:
    return [
        member.name
        for member in files
        if os.path.lexists(data_dir / member.name) and not _is_there(data_dir, member)
    ]


def _is_there(data_dir: Path, member: Member) -> bool:
    return _is_file(data_dir / member.name, member)


def _is_file(path: Path, member: Member) -> bool:
    """Return whether a file already has the content of a member."""
    if path.is_symlink() or not path.is_file() or path.stat().st_size != member.size:
        return False
    return sha256_of(path) == member.sha256


def _require_no_change(
    archive: Archive, data_dir: Path, merge: Merge, differing: list[str]
) -> None:
    total, names = merge.changed(MAX_NAMED)
    total, names = total + len(differing), [*names, *differing][:MAX_NAMED]
    if total:
        more = ", …" if total > len(names) else ""
        raise Conflict(
            f"{data_dir} has {total} of the same name as in {archive.path}, but with other "
            f"content ({', '.join(names)}{more}). Nothing was imported; take --overwrite to "
            "replace them, or another --data-dir."
        )


def _place(data_dir: Path, files: list[Member], folder: Path) -> int:
    """Move the files to their places; return how many were not there."""
    placed = 0
    for member in files:
        if _is_there(data_dir, member):
            continue
        target = data_dir / member.name
        target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        (folder / member.name).replace(target)
        placed += 1
    return placed


def _require_free(data_dir: Path, target: Path) -> None:
    """Refuse a place that cannot hold a file, or that a link leads to."""
    if target.is_dir() and not target.is_symlink():
        raise Conflict(f"{target} is a folder, and a file in the archive. Move it away.")
    for folder in target.relative_to(data_dir).parents:
        place = data_dir / folder
        if place != data_dir and (place.is_symlink() or (place.exists() and not place.is_dir())):
            raise Conflict(f"{place} is no folder, but one in the archive. Move it away.")


@contextmanager
def _transaction(cx: sqlite3.Connection) -> Iterator[None]:
    cx.execute("BEGIN IMMEDIATE")
    try:
        yield
    except BaseException:
        cx.execute("ROLLBACK")
        raise
    cx.execute("COMMIT")
