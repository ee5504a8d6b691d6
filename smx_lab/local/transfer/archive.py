"""The archive itself: a zip file with a manifest that names and hashes every other member.

A zip file can be read from any member, is refused when its end is missing, and opens on every
system. Members that the manifest does not name are refused.
"""

from __future__ import annotations

import hashlib
import re
import stat
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path, PurePosixPath
from typing import IO

import msgspec

from smx_lab.core.errors import InvalidRequest
from smx_lab.local.store.schema import SCHEMA_VERSION

FORMAT = "smx-lab archive"
FORMAT_VERSION = 1
MANIFEST = "manifest.json"
STORE = "store.db"
CHUNK_BYTES = 2**20
MAX_MANIFEST_BYTES = 256 * 2**20
"""A larger manifest is not read; a million files need less. Our choice."""

_UNREADABLE = (
    zipfile.BadZipFile,
    zlib.error,
    EOFError,
    ValueError,
    # zipfile raises it for a member with a password, and its subclass NotImplementedError for an
    # unknown compression. Both become an InvalidRequest that names the archive.
    RuntimeError,
)

_BUCKET = re.compile(r"[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]")
_JOB_LOG = re.compile(r"training-jobs/[A-Za-z0-9](-*[A-Za-z0-9]){0,62}/log(\.\d+)?")


class Member(msgspec.Struct, frozen=True, kw_only=True):
    """One file: its place below the data directory, its size in bytes, its hash in hex."""

    name: str
    size: int
    sha256: str


class Manifest(msgspec.Struct, frozen=True, kw_only=True):
    """The description of an archive. ``creation_time`` is in milliseconds since the epoch."""

    format: str
    format_version: int
    store_version: int
    smx_lab_version: str
    creation_time: int
    account: str
    region: str
    buckets: list[str]
    members: list[Member]


class Archive:
    """An archive opened for reading, its manifest checked; a context manager.

    Raises
    ------
    InvalidRequest
        One sentence, if the file is damaged, foreign, newer than this version, or holds a name
        that does not belong into a data directory.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        try:
            self._zip = zipfile.ZipFile(path)
        except zipfile.BadZipFile as error:
            raise self.damaged(str(error)) from error
        try:
            self.manifest, self.digest = self._read_manifest()
            self._require_names()
        except BaseException:
            self._zip.close()
            raise

    def __enter__(self) -> Archive:
        return self

    def __exit__(self, *_: object) -> None:
        self._zip.close()

    def damaged(self, why: str) -> InvalidRequest:
        """Return the error for an archive that was changed, or is foreign."""
        return InvalidRequest(
            f"{self.path} is damaged or no archive of smx-lab ({why}). Nothing was imported."
        )

    def extract(self, member: Member, target: Path) -> None:
        """Write a member to a file. Raises InvalidRequest if it is not what the manifest says."""
        sha, size = hashlib.sha256(), 0
        try:
            with self._zip.open(member.name) as source, target.open("wb") as file:
                for chunk in chunks(source):
                    size += len(chunk)
                    if size > member.size:
                        break
                    sha.update(chunk)
                    file.write(chunk)
        except _UNREADABLE as error:
            raise self.damaged(f"{member.name}: {error}") from error
        if (size, sha.hexdigest()) != (member.size, member.sha256):
            raise self.damaged(f"{member.name} has another content than its checksum says")

    def _read_manifest(self) -> tuple[Manifest, str]:
        try:
            info = self._zip.getinfo(MANIFEST)
            if info.file_size > MAX_MANIFEST_BYTES:
                raise self.damaged("its manifest is too large")
            content = self._zip.read(info)
            told = msgspec.json.decode(content)
        except KeyError as error:
            raise self.damaged("it has no manifest") from error
        except _UNREADABLE as error:
            raise self.damaged(str(error)) from error
        if not isinstance(told, dict) or told.get("format") != FORMAT:
            raise self.damaged("its manifest is not ours")
        versions = [told.get(name) for name in ("format_version", "store_version")]
        newest = [number for number in versions if type(number) is int]
        if len(newest) < len(versions):
            raise self.damaged("its manifest has no version")
        if newest > [FORMAT_VERSION, SCHEMA_VERSION] or newest[1] > SCHEMA_VERSION:
            raise InvalidRequest(
                f"{self.path} was made by a newer smx-lab ({told.get('smx_lab_version')}). "
                "Nothing was imported; update smx-lab."
            )
        try:
            manifest = msgspec.convert(told, Manifest)
        except msgspec.ValidationError as error:
            raise self.damaged(f"its manifest: {error}") from error
        return manifest, hashlib.sha256(content).hexdigest()

    def _require_names(self) -> None:
        """Refuse names that lead out of the data directory, before anything is written."""
        manifest = self.manifest
        if not re.fullmatch(r"\d{12}", manifest.account):
            raise self.damaged("its account is none")
        if not re.fullmatch(r"[a-z]{2,4}(-[a-z]+)+-\d{1,2}", manifest.region):
            raise self.damaged("its region is none")
        for bucket in manifest.buckets:
            if not is_bucket(bucket):
                raise self._refused(bucket)
        names = [member.name for member in manifest.members]
        for name in names:
            if not is_own_name(name):
                raise self._refused(name)
        for info in self._zip.infolist():
            if stat.S_ISLNK(info.external_attr >> 16):
                raise self._refused(info.filename)
        found = [name for name in self._zip.namelist() if name != MANIFEST]
        if sorted(found) != sorted(names) or len(set(map(str.lower, names))) < len(names):
            raise self.damaged("its members are not those that its manifest names")
        if STORE not in names:
            raise self.damaged(f"it has no {STORE}")

    def _refused(self, name: str) -> InvalidRequest:
        return InvalidRequest(
            f"{self.path} is refused: the name {name!r} in it does not belong into a data "
            "directory. Nothing was imported."
        )


def is_bucket(name: str) -> bool:
    """Return whether a name is valid for an S3 bucket."""
    return _BUCKET.fullmatch(name) is not None and ".." not in name


def is_own_name(name: str) -> bool:
    """Return whether an export writes files of this name: logs, objects of S3, the store."""
    if name == STORE or _JOB_LOG.fullmatch(name):
        return True
    parts = name.split("/")
    plain = all(part not in ("", ".", "..") and "\\" not in part for part in parts)
    printable = not any(ord(letter) < 32 for letter in name)
    in_bucket = len(parts) > 2 and parts[0] == "s3" and is_bucket(parts[1])
    return in_bucket and plain and printable and str(PurePosixPath(name)) == name


def chunks(file: IO[bytes]) -> Iterator[bytes]:
    """Yield a file's content in pieces that need little memory."""
    while chunk := file.read(CHUNK_BYTES):
        yield chunk


def sha256_of(path: Path) -> str:
    """Return the hash of a file, in hex."""
    with path.open("rb") as file:
        sha = hashlib.sha256()
        for chunk in chunks(file):
            sha.update(chunk)
    return sha.hexdigest()
