"""Fetching inputs from where they lie on this machine, and leaving outputs where S3 serves them.

Standard library only: the processes beside the service import it.
"""

from __future__ import annotations

import shutil
import time
from collections.abc import Callable
from pathlib import Path

# A larger file is linked, not copied: a second copy could fill a laptop's disk. Our choice.
LINK_FROM_BYTES = 256 * 1024 * 1024
# How long the S3 server may answer from what it has read of a folder. Our choice: a person does not
# notice it, and with none at all rclone deadlocks (s3_process.command).
S3_MEMORY_S = 0.01
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
    """Copy a folder of code, without what is never part of it."""
    shutil.copytree(source, target, ignore=_NO_CODE, dirs_exist_ok=True)


def wait_until_s3_shows() -> None:
    """Wait until the S3 server shows what was just written into a bucket's folder."""
    time.sleep(S3_MEMORY_S)
