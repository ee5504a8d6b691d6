"""What a measurement has started ends with it, however it ends.

Services and Labs are processes of their own, some of them in sessions of their own: an interrupted
measurement would leave them running. All of them have a mark in their environment.
"""

from __future__ import annotations

import contextlib
import os
import signal
import sys
import uuid
from collections.abc import Callable
from types import FrameType
from typing import NoReturn

import psutil

MARK = "SMX_LAB_BENCH"
PATIENCE_S = 10.0
SIGNALS = [
    getattr(signal, name) for name in ("SIGINT", "SIGTERM", "SIGHUP") if hasattr(signal, name)
]


def run(main: Callable[[], int | None]) -> NoReturn:
    """Run a measurement, which is to be all that this process does, and exit."""
    mark = os.environ[MARK] = uuid.uuid4().hex
    for number in SIGNALS:
        signal.signal(number, _interrupt)
    try:
        sys.exit(main())
    finally:
        _end(mark)


def _interrupt(number: int, _: FrameType | None) -> NoReturn:
    """Leave all blocks, and do so once: a terminal and ``timeout`` tell it to several processes,
    each of which may tell it to the others."""
    for each in SIGNALS:
        signal.signal(each, signal.SIG_IGN)
    raise SystemExit(128 + number)


def _end(mark: str) -> None:
    left = [one for one in psutil.process_iter() if one.pid != os.getpid() and _has(one, mark)]
    for one in left:
        with contextlib.suppress(psutil.Error):
            one.terminate()
    for one in psutil.wait_procs(left, PATIENCE_S)[1]:
        with contextlib.suppress(psutil.Error):
            one.kill()


def _has(process: psutil.Process, mark: str) -> bool:
    try:
        return bool(process.environ().get(MARK) == mark)
    except psutil.Error:  # it has ended, or is somebody else's
        return False
