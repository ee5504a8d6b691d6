"""Gives memory back to the system, and measures how much of the mapped files is in memory."""

from __future__ import annotations

import ctypes
import mmap
import sys
from collections.abc import Callable
from functools import cache
from pathlib import Path

_STATM = Path("/proc/self/statm")


def give_back() -> None:
    """Give free memory back. Reading a large table leaves tens of megabytes free but held."""
    trim = _trim()
    if trim is not None:
        trim(0)


def mapped_bytes() -> int:
    """Return the bytes of mapped files that are in memory; 0 where the system does not tell."""
    try:
        resident_file_pages = int(_STATM.read_bytes().split()[2])
    except (OSError, IndexError, ValueError):
        return 0
    return resident_file_pages * mmap.PAGESIZE


@cache
def _trim() -> Callable[[int], int] | None:
    """glibc's malloc_trim; other libraries have none, or return memory by themselves."""
    if not sys.platform.startswith("linux"):
        return None
    try:
        found: Callable[[int], int] = ctypes.CDLL(None).malloc_trim
    except (OSError, AttributeError):
        return None
    return found
