"""Packing and unpacking ``.tar.gz`` archives of code and models, safely.

Standard library only: the processes beside the service import it.
"""

from __future__ import annotations

import os
import tarfile
from collections.abc import Callable
from pathlib import Path


class ArchiveError(ValueError):
    """The archive is broken or would write outside its folder; the message says which member."""


def unpack(archive: Path, target: Path) -> None:
    """Unpack a (compressed) tar archive below ``target``, which is created.

    Python's ``data`` filter refuses absolute paths, ``..``, links that lead outside, devices, and
    takes away set-uid and group or world write permission (PEP 706).

    Raises
    ------
    ArchiveError
        If it is no tar archive, is cut short, or holds a member that the filter refuses.
    """
    target.mkdir(parents=True, exist_ok=True)
    try:
        with tarfile.open(archive) as tar:
            tar.extractall(target, filter="data")
    except tarfile.FilterError as error:
        raise ArchiveError(f"{archive.name} is refused: {_sentence(error)}") from error
    except (tarfile.TarError, EOFError, OSError) as error:
        raise ArchiveError(f"{archive.name} cannot be unpacked: {_sentence(error)}") from error


def pack(source: Path, archive: Path, note: Callable[[str], None]) -> None:
    """Pack the content of ``source`` into ``archive`` (gzip), which appears whole or not at all.

    Parameters
    ----------
    note : callable
        Told about each entry that is left out: a link to a folder, a socket, a broken link.

    Notes
    -----
    Links to files are packed as the files: the archive is unpacked elsewhere, where the link would
    lead nowhere, and where the ``data`` filter refuses it.
    """
    archive.parent.mkdir(parents=True, exist_ok=True)
    partial = partial_path(archive)
    try:
        # Level 6 is gzip's own default; 9 costs twice the time for about 1 % on model files.
        with tarfile.open(partial, "w:gz", compresslevel=6, dereference=True) as tar:
            for path in _entries(source):
                _add(tar, path, source, note)
        partial.replace(archive)
    finally:
        partial.unlink(missing_ok=True)


def partial_path(archive: Path) -> Path:
    """Return the file in which an archive is written before it gets its name.

    Only a killed process leaves one behind.
    """
    return archive.with_name(f".{archive.name}.part")


def _entries(source: Path) -> list[Path]:
    found: list[Path] = []
    for folder, folders, files in os.walk(source):
        folders.sort()
        found.extend(Path(folder) / name for name in sorted([*folders, *files]))
    return found


def _add(tar: tarfile.TarFile, path: Path, source: Path, note: Callable[[str], None]) -> None:
    name = path.relative_to(source).as_posix()
    if path.is_symlink() and not path.is_file():
        note(f"{name} is a link to a folder or to nothing and is left out of the archive.")
    elif path.is_dir() or path.is_file():
        tar.add(path, name, recursive=False)
    else:
        note(f"{name} is no regular file and is left out of the archive.")


def _sentence(error: Exception) -> str:
    text = str(error).strip() or type(error).__name__
    return text if text.endswith(".") else f"{text}."
