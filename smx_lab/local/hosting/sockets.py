"""A private folder for the Unix sockets of model servers, short enough for their addresses."""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path

# An address of a Unix socket has 108 bytes on Linux and 104 on macOS, its closing zero included.
MAX_ADDRESS_BYTES = 103
# Room for the name of one socket in the folder.
_NAME_BYTES = 16


class SocketFolder:
    """Hands out addresses; only the owner may enter the folder, so only they may connect.

    Parameters
    ----------
    data_dir : Path
        The folder is inside, unless that makes the addresses too long; then it is in the system's
        folder for temporary files, and ``data_dir/sockets`` leads there.
    """

    def __init__(self, data_dir: Path) -> None:
        self._link = data_dir / "sockets"
        self._remove_old()
        self._count = 0
        if len(bytes(self._link)) + _NAME_BYTES <= MAX_ADDRESS_BYTES:
            self._link.mkdir(mode=0o700)
            self._folder = self._link
        else:
            # mkdtemp makes it new and 0700, so nobody can have prepared it.
            self._folder = Path(tempfile.mkdtemp(prefix="smx-"))
            self._link.symlink_to(self._folder)

    def new_address(self) -> str:
        """Return an address that no socket has yet."""
        self._count += 1
        return str(self._folder / f"{self._count}.sock")

    def remove(self) -> None:
        """Remove the folder and what is in it."""
        self._remove_old()

    def _remove_old(self) -> None:
        if self._link.is_symlink():
            shutil.rmtree(self._link.readlink(), ignore_errors=True)
            self._link.unlink()
        elif self._link.exists():
            shutil.rmtree(self._link)
