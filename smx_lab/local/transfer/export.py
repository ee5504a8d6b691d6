"""``smx-lab local export``: writes everything tracked in a data directory to one file.

The service may run meanwhile, since the database is copied in one snapshot. Keys, addresses and the
folders of running jobs and endpoints are not exported.
"""

from __future__ import annotations

import hashlib
import os
import sqlite3
import tempfile
import time
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import msgspec

import smx_lab
from smx_lab.core.errors import Conflict, InvalidRequest, NotFound
from smx_lab.local.errors import StoreError
from smx_lab.local.home import data_dir as places
from smx_lab.local.home.identity import load_identity
from smx_lab.local.store.schema import SCHEMA_VERSION, open_for_writing
from smx_lab.local.transfer import archive as format_
from smx_lab.local.transfer.archive import Manifest, Member


class Exported(NamedTuple):
    """Number and size of the exported files, and the names of those left out."""

    files: int
    size: int
    left_out: list[str]


def export(data_dir: Path, target: Path, *, overwrite: bool = False) -> Exported:
    """Write an archive, complete or not at all, readable by its owner alone.

    Raises
    ------
    Conflict
        If ``target`` is there and ``overwrite`` is not given.
    NotFound
        If the data directory has no store.
    """
    if target.exists() and not overwrite:
        raise Conflict(f"{target} is there already. Take another name, or --overwrite.")
    store = places.store_file(data_dir)
    if not store.exists():
        raise NotFound(f"Nothing is kept in {data_dir} yet, so there is nothing to export.")
    with tempfile.TemporaryDirectory(prefix=f".{target.name}.", dir=target.parent) as folder:
        snapshot, draft = Path(folder) / format_.STORE, Path(folder) / "archive"
        _copy_store(store, snapshot)
        exported = _write(data_dir, snapshot, draft)
        with draft.open("rb") as file:
            os.fsync(file.fileno())
        draft.chmod(0o600)
        draft.replace(target)
    return exported


def _copy_store(store: Path, snapshot: Path) -> None:
    connection = sqlite3.connect(f"{store.absolute().as_uri()}?mode=ro", uri=True)
    try:
        connection.execute("PRAGMA busy_timeout = 5000")
        connection.execute("VACUUM INTO :snapshot", {"snapshot": str(snapshot)})
    except sqlite3.Error as error:
        raise InvalidRequest(f"The store {store} cannot be read ({error}).") from error
    finally:
        connection.close()
    # Checks the copy, and migrates an old one; the original is not changed.
    try:
        copy = open_for_writing(snapshot)
    except StoreError as error:
        raise InvalidRequest(str(error).replace(str(snapshot), str(store))) from error
    copy.execute("PRAGMA journal_mode = DELETE")
    copy.close()


def _write(data_dir: Path, snapshot: Path, draft: Path) -> Exported:
    identity = load_identity(data_dir)
    members: list[Member] = []
    left_out: list[str] = []
    with zipfile.ZipFile(draft, "w", zipfile.ZIP_DEFLATED) as file:
        for name, source in [(format_.STORE, snapshot), *_files(data_dir)]:
            if not format_.is_own_name(name):
                left_out.append(name)
                continue
            try:
                members.append(_add(file, name, source))
            except FileNotFoundError:
                left_out.append(name)  # deleted since it was listed
        manifest = Manifest(
            format=format_.FORMAT,
            format_version=format_.FORMAT_VERSION,
            store_version=SCHEMA_VERSION,
            smx_lab_version=smx_lab.__version__,
            creation_time=time.time_ns() // 1_000_000,
            account=identity.account,
            region=identity.region,
            buckets=_buckets(data_dir),
            members=members,
        )
        file.writestr(format_.MANIFEST, msgspec.json.encode(manifest))
    return Exported(len(members), draft.stat().st_size, left_out)


def _add(file: zipfile.ZipFile, name: str, source: Path) -> Member:
    """Write one file, and hash it at the same time, since it may be growing."""
    sha, size = hashlib.sha256(), 0
    with source.open("rb") as content:
        info = zipfile.ZipInfo(name)
        info.compress_type = zipfile.ZIP_DEFLATED
        with file.open(info, "w", force_zip64=True) as into:
            for chunk in format_.chunks(content):
                sha.update(chunk)
                size += len(chunk)
                into.write(chunk)
    return Member(name=name, size=size, sha256=sha.hexdigest())


def _files(data_dir: Path) -> Iterator[tuple[str, Path]]:
    """Yield name and path of the files beside the database: objects of S3, logs of jobs."""
    for folder, folders, names in os.walk(places.buckets(data_dir)):
        folders.sort()
        for name in sorted(names):
            path = Path(folder) / name
            # The target of a link need not exist on another machine.
            if path.is_file() and not path.is_symlink():
                yield path.relative_to(data_dir).as_posix(), path
    for path in sorted((data_dir / "training-jobs").glob("*/log*")):
        name = path.relative_to(data_dir).as_posix()
        if path.is_file() and format_.is_own_name(name):
            yield name, path


def _buckets(data_dir: Path) -> list[str]:
    folder = places.buckets(data_dir)
    found = folder.iterdir() if folder.exists() else ()
    return sorted(path.name for path in found if path.is_dir() and format_.is_bucket(path.name))
