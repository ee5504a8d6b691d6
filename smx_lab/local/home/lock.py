"""The lock that allows one service process for each data directory.

It is a flock: the kernel releases it when the process ends, however it ends, so there are no stale
locks.
"""

from __future__ import annotations

import fcntl
import os
import time
from pathlib import Path

from smx_lab.local.home.data_dir import lock_file

PATIENCE_S = 1.0
"""How long to try: a process that only checks the lock holds it for a moment. Our choice."""


def acquire(data_dir: Path) -> int | None:
    """Return the descriptor that holds the lock until it is closed, or None if another has it."""
    descriptor = os.open(lock_file(data_dir), os.O_RDWR | os.O_CREAT, 0o600)
    deadline = time.monotonic() + PATIENCE_S
    while not _try(descriptor, fcntl.LOCK_EX):
        if time.monotonic() > deadline:
            os.close(descriptor)
            return None
        time.sleep(0.02)
    os.truncate(descriptor, 0)
    os.pwrite(descriptor, str(os.getpid()).encode(), 0)
    return descriptor


def holder(data_dir: Path) -> int | None:
    """Return the process id of the service that holds the lock, None if nobody does."""
    try:
        descriptor = os.open(lock_file(data_dir), os.O_RDONLY)
    except FileNotFoundError:
        return None
    try:
        if _try(descriptor, fcntl.LOCK_SH):
            return None
        text = os.pread(descriptor, 20, 0)
        return int(text) if text.isdigit() else None
    finally:
        os.close(descriptor)


def _try(descriptor: int, kind: int) -> bool:
    try:
        fcntl.flock(descriptor, kind | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
