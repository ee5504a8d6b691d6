"""The two clocks of a table: one for pauses, one that outlives the process."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import datetime, timezone
from typing import NamedTuple


def utc_now() -> datetime:
    """Return the present instant, aware."""
    return datetime.now(timezone.utc)


class Clocks(NamedTuple):
    """``monotonic`` counts seconds of this process, ``wall`` gives instants in UTC."""

    monotonic: Callable[[], float] = time.monotonic
    wall: Callable[[], datetime] = utc_now
