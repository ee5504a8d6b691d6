"""Copies inputs and code from where they are on this machine to where a program expects them.

Standard library only: the processes beside the service import it.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

from smx_lab.local.files.archives import unpack

# A larger file is linked, not copied: a second copy could fill a laptop's disk. Our choice.
LINK_FROM_BYTES = 256 * 1024 * 1024
# Never part of a script, and often larger than all the rest.
_NO_CODE = shutil.ignore_patterns(
    ".git", "__pycache__", ".ipynb_checkpoints", "node_modules", ".venv"
)


def fetch(source: Path, target: Path, check: Callable[[], None]) -> None:
    """Copy a file into the folder ``target``, or a folder's content to it.

    Parameters
    ----------
    check : callable
        Called before each file; what it raises ends the copying.

    Raises
    ------
    OSError
        If something cannot be read or written.
    """

    def copy(from_: str, to: str) -> str:
        check()
        if Path(from_).stat().st_size >= LINK_FROM_BYTES:
            Path(to).symlink_to(Path(from_).resolve())
        else:
            shutil.copyfile(from_, to)
        return to

    if source.is_dir():
        shutil.copytree(source, target, copy_function=copy, dirs_exist_ok=True)
    else:
        target.mkdir(parents=True, exist_ok=True)
        copy(str(source), str(target / source.name))


def fetch_code(source: Path, target: Path) -> None:
    """Copy a folder of code without what is never part of it, or unpack an archive of code.

    Raises
    ------
    ArchiveError, OSError
    """
    if source.is_dir():
        shutil.copytree(source, target, ignore=_NO_CODE, dirs_exist_ok=True)
    else:
        unpack(source, target)
