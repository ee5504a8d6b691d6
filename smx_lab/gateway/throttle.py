"""One queue of calls for each account and region, at the rate that SageMaker grants."""

from __future__ import annotations

import heapq
import itertools
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from smx_lab.gateway.adaptive_rate import AdaptiveRate

URGENT, BULK = 0, 1
"""What somebody waits for goes before what reads on."""


class AccountThrottle:
    """One account's and region's calls. Safe from any thread.

    ``enter`` before a call and ``leave`` after it.
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._changed = threading.Condition()
        self._numbers = itertools.count()
        self._waiting: list[tuple[int, int]] = []
        self._rate = AdaptiveRate()
        self._readers = 0

    @property
    def per_second(self) -> float | None:
        """Calls a second, once SageMaker has refused one; None before."""
        return self._rate.per_second

    def enter(self, priority: int = URGENT) -> float:
        """Wait until the next call may be sent; answer the time at which it is."""
        with self._changed:
            ticket = (priority, next(self._numbers))
            heapq.heappush(self._waiting, ticket)
            try:
                while (pause := self._pause(ticket)) != 0:
                    self._changed.wait(pause)
                now = self._clock()
                self._rate.sent(now)
                return now
            finally:
                self._waiting.remove(ticket)
                heapq.heapify(self._waiting)
                self._changed.notify_all()

    def leave(self, sent: float, refused: bool) -> None:
        """A call that entered has ended; ``refused`` if SageMaker asked for fewer calls."""
        with self._changed:
            now = self._clock()
            if refused:
                self._rate.refused(now)
            else:
                self._rate.answered(now, now - sent)
            self._changed.notify_all()

    @contextmanager
    def reading(self) -> Iterator[None]:
        """Share the pace among those who read many pages."""
        with self._changed:
            self._readers += 1
        try:
            yield
        finally:
            with self._changed:
                self._readers -= 1

    def share(self) -> int:
        """How many calls a reader may usefully have under way at once, at least one."""
        with self._changed:
            return max(1, int(self._rate.at_once / max(1, self._readers)))

    def _pause(self, ticket: tuple[int, int]) -> float | None:
        """Seconds until this call may go; None: until something happens."""
        if ticket != self._waiting[0]:
            return None
        return self._rate.pause(self._clock(), urgent=ticket[0] == URGENT)


class AccountThrottles:
    """The paces of this process, each made when first asked for."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._paces: dict[tuple[str, str], AccountThrottle] = {}

    def of(self, host: str, account: str) -> AccountThrottle:
        """The pace of an account at an address, which stands for its region."""
        with self._lock:
            return self._paces.setdefault((host, account), AccountThrottle())
