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
"""Priorities of a call: calls that a user waits for go before those that read many pages."""


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
        """Wait until the next call may be sent, and return the time at which it is sent."""
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
        """Note the end of a call that entered; ``refused`` if SageMaker asked for fewer calls."""
        with self._changed:
            now = self._clock()
            if refused:
                self._rate.refused(now)
            else:
                self._rate.answered(now, now - sent)
            self._changed.notify_all()

    @contextmanager
    def reading(self) -> Iterator[None]:
        """Count one more reader of many pages: they ``share`` the calls."""
        with self._changed:
            self._readers += 1
        try:
            yield
        finally:
            with self._changed:
                self._readers -= 1

    def share(self) -> int:
        """Return how many calls a reader may have under way at once, at least one."""
        with self._changed:
            return max(1, int(self._rate.at_once / max(1, self._readers)))

    def _pause(self, ticket: tuple[int, int]) -> float | None:
        """Return the seconds until this call may be sent; None: after another call."""
        if ticket != self._waiting[0]:
            return None
        return self._rate.pause(self._clock(), urgent=ticket[0] == URGENT)


class AccountThrottles:
    """The throttles of this process, each made when first asked for."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._throttles: dict[tuple[str, str], AccountThrottle] = {}

    def of(self, host: str, account: str) -> AccountThrottle:
        """Return the throttle of an account at an address, which stands for its region."""
        with self._lock:
            return self._throttles.setdefault((host, account), AccountThrottle())
