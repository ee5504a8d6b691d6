"""How many calls SageMaker grants, learned from its answers; time is given from outside.

AWS publishes no rates for Search, and several servers may share an account's. So the first calls
grow in number until SageMaker refuses one; after that calls are spaced by a rate. It is found by
bold steps at first and then by gentle ones, so that few calls are refused: less for each refusal,
and slowly back, as TCP does it (CUBIC, RFC 9438).
"""

from __future__ import annotations

from collections import deque

FIRST_AT_ONCE, MAX_AT_ONCE = 2, 16
MORE_AT_ONCE = 1.0
"""Calls under way: from the first number to the other while SageMaker answers all, one more with
every answer, which doubles them in the time that a call takes (TCP's slow start). Choices: to read
the answers of sixteen takes all of one processor."""

ROOM_FOR_URGENT = 8
"""So many more at once where somebody waits: calls that hang must not hold up those beside them.
As many as a connection has threads in the server."""

LEARNING_S = 3.5
LEARNING_GROWTH = 1.2
LEARNING_CUT = 0.85
LEARNING_PAUSE_S = 0.3
"""After the first refusal the rate grows by 120 % a second, half as much after each further
refusal, which cuts it. Choices, by simulation of one to five servers under several limits."""

FIRST_RATE = 3.0
LOWEST_RATE = 0.2
SLACK = 0.95
"""The learned rate is used but for this, so that several servers leave each other room."""

CUT = 0.85
PATIENCE_S = 20.0
LONGEST_PATIENCE_S = 120.0
GROWTH = 0.15
CALLS_PER_REFUSAL = 200
"""A refusal cuts the rate; it is back after ``PATIENCE_S`` of use and then grows beyond. Where
refusals come more often than once in so many calls, the patience grows: they stay below 1 %."""

MEASURED_S = 3.0
IDLE_S = 1.0
"""Time without calls teaches nothing, and lets the rate grow by no more than this."""


class AdaptiveRate:
    """One account's calls in numbers. Not threadsafe; all times are seconds of one clock."""

    def __init__(self) -> None:
        self.under_way = 0
        self.per_second: float | None = None
        """Calls a second, once SageMaker has refused one; None before."""
        self._at_once = float(FIRST_AT_ONCE)
        self._latency_s = 0.1
        self._answered: deque[float] = deque(maxlen=4096)
        self._next = 0.0
        self._learning_until = 0.0
        self._cuts = 0
        self._last_cut = 0.0
        self._last_sent = 0.0
        self._ceiling = 0.0
        self._floor = 0.0
        self._used_s = 0.0
        self._patience_s = PATIENCE_S
        self._calls_since = 0

    @property
    def at_once(self) -> float:
        """How many calls under way are of use."""
        if self.per_second is None:
            return self._at_once
        return min(MAX_AT_ONCE, self.per_second * self._latency_s * 1.5 + 1)

    def pause(self, now: float, urgent: bool = False) -> float | None:
        """Seconds until a call may be sent; None: not before another has ended."""
        most = self._at_once if self.per_second is None else MAX_AT_ONCE
        if urgent:
            most = MAX_AT_ONCE + ROOM_FOR_URGENT
        if self.under_way >= int(most):
            return None
        return 0 if self.per_second is None else max(0.0, self._next - now)

    def sent(self, now: float) -> None:
        """A call is sent."""
        self.under_way += 1
        if self.per_second is None:
            return
        elapsed = min(now - self._last_sent, IDLE_S)
        self._last_sent = now
        if now < self._learning_until:
            self.per_second *= 1 + LEARNING_GROWTH * 0.5**self._cuts * elapsed
        else:
            if not self._ceiling:
                self._settle(now, self.per_second)
            self._used_s += elapsed
            self.per_second = max(LOWEST_RATE, self._grown())
        self._next = max(self._next, now) + 1 / self.per_second

    def answered(self, now: float, took_s: float) -> None:
        """A call has ended, and was not refused."""
        self.under_way -= 1
        self._answered.append(now)
        self._calls_since += 1
        self._latency_s += 0.2 * (took_s - self._latency_s)
        if self.per_second is None:
            self._at_once = min(MAX_AT_ONCE, self._at_once + MORE_AT_ONCE)

    def refused(self, now: float) -> None:
        """A call has ended: SageMaker asks for fewer."""
        self.under_way -= 1
        since_cut = now - self._last_cut
        if self.per_second is None:
            self._learn(now)
        elif now < self._learning_until:
            # Calls that were under way together are refused together, and say the same thing.
            if since_cut < LEARNING_PAUSE_S:
                return
            self._cuts += 1
            self.per_second = max(LOWEST_RATE, self.per_second * LEARNING_CUT)
            self._next = max(self._next, now + 1 / self.per_second)
        elif since_cut < max(1.0, 1 / self.per_second):
            return
        else:
            self._cut(now, self.per_second)
        self._calls_since = 0
        self._used_s = 0.0
        self._last_cut = self._last_sent = now

    def _learn(self, now: float) -> None:
        self.per_second = max(FIRST_RATE, self._measured(now, 1.0))
        self._learning_until = now + LEARNING_S
        self._next = now + LEARNING_PAUSE_S

    def _settle(self, now: float, per_second: float) -> None:
        """What came through while calls were refused is what SageMaker grants us."""
        self._ceiling = max(LOWEST_RATE, min(per_second, self._measured(now, MEASURED_S)))
        self._floor = self._ceiling * SLACK
        self._used_s = 0.0

    def _cut(self, now: float, per_second: float) -> None:
        often = self._calls_since < CALLS_PER_REFUSAL
        patience = self._patience_s * (1.5 if often else 1 / 1.5)
        self._patience_s = min(LONGEST_PATIENCE_S, max(PATIENCE_S, patience))
        self._ceiling = per_second
        self.per_second = self._floor = max(LOWEST_RATE, per_second * CUT)
        self._next = max(self._next, now + 1 / self.per_second)

    def _grown(self) -> float:
        part = self._used_s / self._patience_s
        if part < 1:
            return self._ceiling - (self._ceiling - self._floor) * (1 - part) ** 3
        return self._ceiling * (1 + GROWTH * (part - 1) ** 3)

    def _measured(self, now: float, span_s: float) -> float:
        return sum(1 for time in self._answered if now - time <= span_s) / span_s
