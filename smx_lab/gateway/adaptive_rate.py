"""How many calls SageMaker accepts, learned from its answers. Times are passed in.

AWS publishes no rates for Search, and several servers may share an account. So the number of calls
under way grows until SageMaker refuses one. From then on calls are sent at a rate. The rate first
changes by large steps and then by small ones, so that few calls are refused: each refusal cuts it,
and it slowly grows back, as in TCP (CUBIC, RFC 9438).
"""

from __future__ import annotations

from collections import deque

FIRST_AT_ONCE, MAX_AT_ONCE = 2, 16
MORE_AT_ONCE = 1.0
"""Calls under way: from the first number to the second while SageMaker accepts all. Each answer
adds one, so the number doubles in the time of one call (TCP's slow start). Choices: to read the
answers of sixteen calls takes all of one processor."""

MORE_FOR_URGENT = 8
"""So many more calls at once if a user waits for them: calls that hang must not hold up others. As
many as a connection has threads in the server."""

LEARNING_S = 3.5
LEARNING_GROWTH = 1.2
LEARNING_CUT = 0.85
LEARNING_PAUSE_S = 0.3
"""For so long after the first refusal the rate grows by 120 % a second. Each further refusal cuts
it and halves the growth. Choices, from simulations of one to five servers under several limits."""

FIRST_RATE = 3.0
MIN_RATE = 0.2
USED_SHARE = 0.95
"""So much of the learned rate is used: several servers leave each other room."""

REFUSAL_CUT = 0.85
RECOVERY_S = 20.0
MAX_RECOVERY_S = 120.0
GROWTH = 0.15
CALLS_PER_REFUSAL = 200
"""A refusal cuts the rate. After ``RECOVERY_S`` of use it is as before, and then it grows beyond.
If more than one in so many calls is refused, that time gets longer: refusals stay below 1 %."""

MEASURED_S = 3.0
IDLE_S = 1.0
"""A longer time without calls lets the rate grow no more than this time does."""


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
        self._recovery_s = RECOVERY_S
        self._calls_since = 0

    @property
    def at_once(self) -> float:
        """How many calls may usefully be under way."""
        if self.per_second is None:
            return self._at_once
        return min(MAX_AT_ONCE, self.per_second * self._latency_s * 1.5 + 1)

    def pause(self, now: float, urgent: bool = False) -> float | None:
        """Return the seconds until a call may be sent; None: not before another has ended."""
        most = self._at_once if self.per_second is None else MAX_AT_ONCE
        if urgent:
            most = MAX_AT_ONCE + MORE_FOR_URGENT
        if self.under_way >= int(most):
            return None
        return 0 if self.per_second is None else max(0.0, self._next - now)

    def sent(self, now: float) -> None:
        """Note that a call is sent."""
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
            self.per_second = max(MIN_RATE, self._grow())
        self._next = max(self._next, now) + 1 / self.per_second

    def answered(self, now: float, took_s: float) -> None:
        """Note that a call has ended and was not refused."""
        self.under_way -= 1
        self._answered.append(now)
        self._calls_since += 1
        self._latency_s += 0.2 * (took_s - self._latency_s)
        if self.per_second is None:
            self._at_once = min(MAX_AT_ONCE, self._at_once + MORE_AT_ONCE)

    def refused(self, now: float) -> None:
        """Note that a call was refused, since SageMaker asks for fewer calls."""
        self.under_way -= 1
        since_cut = now - self._last_cut
        if self.per_second is None:
            self._learn(now)
        elif now < self._learning_until:
            # Calls that were under way together are refused together: that counts once.
            if since_cut < LEARNING_PAUSE_S:
                return
            self._cuts += 1
            self.per_second = max(MIN_RATE, self.per_second * LEARNING_CUT)
            self._next = max(self._next, now + 1 / self.per_second)
        elif since_cut < max(1.0, 1 / self.per_second):
            return
        else:
            self._cut(now, self.per_second)
        self._calls_since = 0
        self._used_s = 0.0
        self._last_cut = self._last_sent = now

    def _learn(self, now: float) -> None:
        self.per_second = max(FIRST_RATE, self._measure(now, 1.0))
        self._learning_until = now + LEARNING_S
        self._next = now + LEARNING_PAUSE_S

    def _settle(self, now: float, per_second: float) -> None:
        """Take the rate of the calls that were accepted meanwhile as what SageMaker allows."""
        self._ceiling = max(MIN_RATE, min(per_second, self._measure(now, MEASURED_S)))
        self._floor = self._ceiling * USED_SHARE
        self._used_s = 0.0

    def _cut(self, now: float, per_second: float) -> None:
        often = self._calls_since < CALLS_PER_REFUSAL
        recovery_s = self._recovery_s * (1.5 if often else 1 / 1.5)
        self._recovery_s = min(MAX_RECOVERY_S, max(RECOVERY_S, recovery_s))
        self._ceiling = per_second
        self.per_second = self._floor = max(MIN_RATE, per_second * REFUSAL_CUT)
        self._next = max(self._next, now + 1 / self.per_second)

    def _grow(self) -> float:
        part = self._used_s / self._recovery_s
        if part < 1:
            return self._ceiling - (self._ceiling - self._floor) * (1 - part) ** 3
        return self._ceiling * (1 + GROWTH * (part - 1) ** 3)

    def _measure(self, now: float, span_s: float) -> float:
        return sum(1 for time in self._answered if now - time <= span_s) / span_s
