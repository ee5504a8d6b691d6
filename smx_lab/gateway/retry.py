"""How long a failing call is tried again, beyond what boto3 does: with jitter, up to a deadline."""

from __future__ import annotations

import random
import threading
import time
from collections.abc import Callable
from typing import TypeVar

from smx_lab.core.errors import ServiceUnavailable, SmxError, Throttled

GIVE_UP_S = 30.0
"""After so long without an answer a failure is told, with the rows that are there. Our choice."""

FIRST_PAUSE_S = 0.5
LONGEST_PAUSE_S = 10.0

Result = TypeVar("Result")


class RetryPolicy:
    """How long nothing has been answered, over all calls of one piece of work; threadsafe."""

    def __init__(self, stopped: threading.Event) -> None:
        """``stopped`` ends all waiting."""
        self._stopped = stopped
        self._since = time.monotonic()

    def call(
        self,
        call: Callable[[], Result],
        kinds: tuple[type[SmxError], ...] = (Throttled, ServiceUnavailable),
    ) -> Result:
        """Call until it succeeds, or fails in another way than these.

        Raises
        ------
        SmxError
            The call's own, if another try would not help, or nothing was answered for long.
        """
        pause = FIRST_PAUSE_S
        while True:
            try:
                result = call()
            except kinds:
                if self._stopped.is_set() or time.monotonic() - self._since >= GIVE_UP_S:
                    raise
                # Jitter: who failed together must not come back together.
                self._stopped.wait(pause * random.uniform(0.2, 1.0))  # noqa: S311
                pause = min(2 * pause, LONGEST_PAUSE_S)
            else:
                self._since = time.monotonic()
                return result
