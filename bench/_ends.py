"""End all processes that a benchmark has started when it ends or is interrupted.

Services and Labs are processes of their own, some of them in sessions of their own. An interrupted
benchmark would leave them running, so all of them have a mark in their environment variables.
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
    """Run a benchmark and exit the process."""
    mark = os.environ[MARK] = uuid.uuid4().hex
    for number in SIGNALS:
        signal.signal(number, _interrupt)
    try:
        sys.exit(main())
    finally:
        _end(mark)


def _interrupt(number: int, _: FrameType | None) -> NoReturn:
    """Exit, ignoring further signals.

    A terminal and ``timeout`` signal several processes, each of which may signal the others.
    """
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
    except psutil.Error:  # it has ended, or belongs to another user
        return False
