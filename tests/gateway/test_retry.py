"""The retry policy: which failures are repeated, after which pauses, and when it gives up."""

import threading

import pytest

from smx_lab.core.errors import AccessDenied, NotFound, ServiceUnavailable, Throttled
from smx_lab.gateway import boto
from smx_lab.gateway.retry import CONFIG_READ_LAG, SETTLING, RetryLimits, RetryPolicy

THROTTLED = Throttled("SageMaker is limiting requests.")
SILENT = ServiceUnavailable("SageMaker does not answer.")


class Clock:
    """Seconds that pass only by waiting."""

    def __init__(self):
        self.now = 0.0
        self.pauses = []

    def __call__(self):
        return self.now

    def wait(self, seconds):
        self.pauses.append(seconds)
        self.now += seconds


@pytest.fixture
def clock():
    return Clock()


def failing(*errors):
    """Return a call that fails with these errors, one after the other, and then returns "done"."""
    left = iter(errors)

    def call():
        error = next(left, None)
        if error is not None:
            raise error
        return "done"

    return call


def test_a_failing_call_is_repeated_after_pauses_that_double(clock):
    limits = RetryLimits(first_pause_s=1.0, longest_pause_s=5.0, shortest_part=1.0)
    retry = RetryPolicy(limits, clock.wait, clock=clock)
    assert retry.call(failing(THROTTLED, SILENT, THROTTLED, SILENT, SILENT)) == "done"
    assert clock.pauses == [1.0, 2.0, 4.0, 5.0, 5.0]


def test_pauses_are_cut_at_random():
    for limits in (RetryLimits(), RetryLimits(shortest_part=0.5)):
        firsts = [next(limits.pauses()) for _ in range(200)]
        assert min(firsts) >= 0.5 * limits.shortest_part
        assert max(firsts) <= 0.5
        assert len(set(firsts)) > 100


def test_another_failure_is_raised_at_once(clock):
    with pytest.raises(AccessDenied):
        RetryPolicy(wait=clock.wait, clock=clock).call(failing(AccessDenied("No.")))
    with pytest.raises(ServiceUnavailable):
        RetryPolicy(wait=clock.wait, kinds=(Throttled,), clock=clock).call(failing(SILENT))
    assert clock.pauses == []


def test_it_gives_up_once_nothing_has_succeeded_for_long(clock):
    retry = RetryPolicy(wait=clock.wait, clock=clock)
    with pytest.raises(Throttled):
        retry.call(failing(*[THROTTLED] * 1000))
    assert 30 <= clock.now < 40
    assert retry.call(failing()) == "done"
    # A success of any call of the work counts for all.
    assert retry.call(failing(THROTTLED)) == "done"


def test_some_failures_never_end_it(clock):
    retry = RetryPolicy(wait=clock.wait, never_give_up=(Throttled,), clock=clock)
    assert retry.call(failing(*[THROTTLED] * 100)) == "done"
    assert clock.now > 100
    with pytest.raises(ServiceUnavailable):
        retry.call(failing(*[SILENT] * 1000))


def test_each_failure_that_is_repeated_is_told(clock):
    told = []
    retry = RetryPolicy(RetryLimits(max_retries=2), clock.wait, on_failure=told.append, clock=clock)
    with pytest.raises(ServiceUnavailable):
        retry.call(failing(THROTTLED, SILENT, SILENT))
    assert told == [THROTTLED, SILENT]


def test_what_ends_the_work_ends_the_waiting():
    stopped = threading.Event()
    retry = RetryPolicy(wait=stopped.wait, on_failure=lambda _: stopped.set())
    with pytest.raises(Throttled):
        retry.call(failing(THROTTLED))


@pytest.mark.parametrize(
    ("limits", "pauses"), [(SETTLING, [0.5, 1.0, 2.0]), (CONFIG_READ_LAG, [5.0])]
)
def test_what_settles_in_a_moment_is_repeated_a_few_times(clock, limits, pauses):
    retry = RetryPolicy(limits, clock.wait, kinds=(NotFound,), clock=clock)
    with pytest.raises(NotFound):
        retry.call(failing(*[NotFound("There is none.")] * 10))
    assert clock.pauses == pauses


def test_botocore_repeats_few_times_and_an_invocation_never():
    attempts = [
        config["retries"]["total_max_attempts"]
        for config in (boto.AWS_CONFIG, boto.LOCAL_CONFIG, boto.INVOCATION_CONFIG)
    ]
    assert attempts == [4, 2, 1]
