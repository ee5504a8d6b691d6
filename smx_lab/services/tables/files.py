"""Arrays of a large table in a temporary file, since few of their numbers are ever looked at.

A user sees one statistic of each metric and may choose the other five. In a file that is mapped
into memory, numbers take memory when they are looked at, and the system may take it back at any
time. The file has no name, so it ends with the process, and only its owner can read it.
"""

from __future__ import annotations

import contextlib
import logging
import mmap
import sys
import tempfile
import weakref
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

log = logging.getLogger(__name__)

_MADV_PAGEOUT = 21
"""From Linux's mman-common.h; Python has no name for it."""

_REST_AFTER = 32 * 1024 * 1024
"""Bytes after which memory is given back while arrays are moved. Our choice."""


class ColumnFiles:
    """The temporary files of one table. A file is gone when none of its arrays is held any more."""

    def __init__(self) -> None:
        self._mapped: weakref.WeakSet[mmap.mmap] = weakref.WeakSet()

    def move(self, arrays: Iterable[NDArray[Any]]) -> Sequence[NDArray[Any]] | None:
        """Return the same arrays in a file, taken one by one; None if it cannot be written.

        What is written to them later stays in memory, so that a full disk cannot do harm then.
        """
        parts: list[tuple[Any, int, int]] = []
        size = rested = 0
        try:
            with tempfile.TemporaryFile(prefix="smx-lab-") as file:
                for array in arrays:
                    file.write(array.data)
                    parts.append((array.dtype, len(array), size))
                    size += array.nbytes
                    if size - rested > _REST_AFTER:
                        self.rest()
                        rested = size
                file.flush()
                mapped = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_COPY)
        except OSError as error:
            log.warning("A large table stays in memory: a temporary file cannot be had: %s", error)
            return None
        self._mapped.add(mapped)
        return [np.frombuffer(mapped, *part) for part in parts]

    def rest(self) -> None:
        """Give back the memory of the files; their numbers are read again when needed."""
        if sys.platform == "linux":
            for mapped in list(self._mapped):
                # A kernel before 5.4 does not know the advice, and takes memory back by itself.
                with contextlib.suppress(OSError):
                    mapped.madvise(_MADV_PAGEOUT)
