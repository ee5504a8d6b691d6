"""Arrays of a large table in a temporary file: of all their numbers few are ever looked at.

Who opens a table sees one statistic of its metrics; the other five are there to be chosen. In a
file that is mapped into memory they take memory when they are looked at, which the system may have
back at any time. The file has no name, so that it goes with the process, and its owner alone can
read it.
"""

from __future__ import annotations

import contextlib
import logging
import mmap
import sys
import tempfile
import weakref
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

log = logging.getLogger(__name__)

_MADV_PAGEOUT = 21
"""From Linux's mman-common.h; Python has no name for it."""

WORTH_BYTES = 64 * 1024 * 1024
"""Arrays that take less stay in memory. Our choice."""


class ColumnFiles:
    """The temporary files of one table. Each is gone when no array of it is held any more."""

    def __init__(self) -> None:
        self._mapped: weakref.WeakSet[mmap.mmap] = weakref.WeakSet()

    def move(self, arrays: Sequence[NDArray[Any]]) -> Sequence[NDArray[Any]]:
        """Answer the same arrays in a file; as they are, if that cannot be written.

        What is written to them later stays in memory, so that a full disk cannot do harm then.
        """
        if sum(array.nbytes for array in arrays) < WORTH_BYTES:
            return arrays
        try:
            with tempfile.TemporaryFile(prefix="smx-lab-") as file:
                for array in arrays:
                    file.write(array.data)
                file.flush()
                mapped = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_COPY)
        except OSError as error:
            log.warning("A large table stays in memory: a temporary file cannot be had: %s", error)
            return arrays
        self._mapped.add(mapped)
        found, offset = [], 0
        for array in arrays:
            found.append(np.frombuffer(mapped, array.dtype, len(array), offset))
            offset += array.nbytes
        return found

    def rest(self) -> None:
        """Let go of the memory of what was looked at: it is read again when it is wanted."""
        if sys.platform == "linux":
            for mapped in list(self._mapped):
                # A kernel before 5.4 does not know the advice, and takes memory back by itself.
                with contextlib.suppress(OSError):
                    mapped.madvise(_MADV_PAGEOUT)
