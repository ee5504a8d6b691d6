"""The rate of calls, simulated: servers under a limit of SageMaker's, in time that costs none."""

import heapq
import itertools
import random

import pytest

from smx_lab.gateway.adaptive_rate import MAX_AT_ONCE, AdaptiveRate

LATENCY_S = 0.12


class Bucket:
    """A limit as AWS describes it: so many calls a second, and a burst."""

    def __init__(self, per_second, burst):
        self.per_second, self.burst, self.level, self.filled = per_second, burst, burst, 0.0

    def takes(self, now):
        self.level = min(self.burst, self.level + (now - self.filled) * self.per_second)
        self.filled = now
        if self.level < 1:
            return False
        self.level -= 1
        return True


class Second:
    """A limit of calls in any one second."""

    def __init__(self, most):
        self.most, self.taken = most, []

    def takes(self, now):
        self.taken = [time for time in self.taken if now - time < 1]
        if len(self.taken) >= self.most:
            return False
        self.taken.append(now)
        return True


def simulate(servers, limit, calls, until, seed):
    """Servers that each have so many calls to make; answers (time, accepted) of every call."""
    number = random.Random(seed)
    rates = [AdaptiveRate() for _ in range(servers)]
    left = [calls] * servers
    wakes = [False] * servers
    order = itertools.count()
    events = [(0.0, next(order), server, None) for server in range(servers)]
    log = []
    while events:
        now, _, server, ended = heapq.heappop(events)
        if now > until:
            break
        rate = rates[server]
        if ended is None:
            wakes[server] = False
        else:
            took_s, accepted = ended
            if accepted:
                rate.answered(now, took_s)
            else:
                rate.refused(now)
                left[server] += 1
        while left[server] and (pause := rate.pause(now)) is not None:
            if pause > 0:
                if not wakes[server]:
                    wakes[server] = True
                    heapq.heappush(events, (now + pause, next(order), server, None))
                break
            rate.sent(now)
            left[server] -= 1
            took_s = LATENCY_S * number.uniform(0.9, 1.2)
            accepted = limit.takes(now + took_s / 3) if limit else True
            log.append((now, accepted))
            heapq.heappush(events, (now + took_s, next(order), server, (took_s, accepted)))
    return log


def limits():
    return {
        "burst of 10": lambda: Bucket(10, 10),
        "burst of 5": lambda: Bucket(10, 5),
        "10 in any second": lambda: Second(10),
    }


@pytest.mark.parametrize("limit", limits().values(), ids=limits().keys())
@pytest.mark.parametrize("servers", [1, 3])
def test_few_calls_are_refused_after_the_first_seconds(servers, limit):
    late = []
    for seed in range(10):
        log = simulate(servers, limit(), 10_000, 120, seed)
        late += [accepted for time, accepted in log if time > 5]
    assert late.count(False) < 0.02 * len(late)
    assert len(late) > 10 * 115 * 7  # the limit is used: well above 7 calls a second of 10


@pytest.mark.parametrize("limit", limits().values(), ids=limits().keys())
def test_a_hundred_calls_take_little_longer_than_they_must(limit):
    ends = [simulate(1, limit(), 100, 100, seed)[-1][0] for seed in range(10)]
    assert sum(ends) / 10 < 1.15 * 10


def test_without_a_limit_calls_go_side_by_side():
    log = simulate(1, None, 100, 100, 1)
    assert log[-1][0] < 100 * LATENCY_S / MAX_AT_ONCE * 2
    assert all(accepted for _, accepted in log)


def test_a_limit_that_is_raised_is_found_again():
    limit = Bucket(5, 5)
    log = []

    class Raised:
        def takes(self, now):
            limit.per_second = 5 if now < 60 else 20
            return limit.takes(now)

    log = simulate(1, Raised(), 100_000, 400, 1)
    before = [time for time, accepted in log if accepted and 30 < time < 60]
    after = [time for time, accepted in log if accepted and 370 < time < 400]
    assert len(after) > 2.5 * len(before)
