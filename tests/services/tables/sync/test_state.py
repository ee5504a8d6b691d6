"""How far a table is in step, told apart from what the sync does."""

from datetime import datetime, timezone

import pytest

from smx_lab.core.errors import ServiceUnavailable, Throttled
from smx_lab.services.tables.sync.state import (
    MAX_FAILURES,
    Failed,
    Halted,
    Loading,
    Ready,
    error_of,
    fail,
    halt,
    is_complete,
    restore,
    resume,
    updated_time_of,
)

NOON = datetime(2024, 5, 17, 12, tzinfo=timezone.utc)
LATER = datetime(2024, 5, 17, 13, tzinfo=timezone.utc)
AWAY, SLOW = ServiceUnavailable("SageMaker cannot be reached."), Throttled("Slow down.")


@pytest.mark.parametrize(
    ("state", "facts"),
    [
        (Loading(), (None, None, False)),
        (Ready(NOON), (None, NOON, True)),
        (Failed(AWAY, 1, None), (AWAY, None, False)),
        (Failed(AWAY, 1, NOON), (AWAY, NOON, True)),
        (Halted(Loading()), (None, None, False)),
        (Halted(Failed(AWAY, 1, None)), (AWAY, None, False)),
    ],
)
def test_a_state_says_its_error_its_age_and_whether_it_is_complete(state, facts):
    assert (error_of(state), updated_time_of(state), is_complete(state)) == facts


def test_failures_are_counted_and_keep_the_age_of_the_rows():
    first = fail(Ready(NOON), AWAY)
    assert first == Failed(AWAY, 1, NOON)
    assert fail(first, SLOW) == Failed(SLOW, 2, NOON)
    assert fail(Loading(), AWAY) == Failed(AWAY, 1, None)


def test_failures_are_not_counted_without_end():
    state = Loading()
    for _ in range(MAX_FAILURES + 5):
        state = fail(state, AWAY)
    assert state.failures == MAX_FAILURES


@pytest.mark.parametrize("before", [Loading(), Failed(AWAY, 3, None)])
def test_what_is_halted_goes_on_from_where_it_was(before):
    assert halt(before) == Halted(before)
    assert halt(Halted(before)) == Halted(before)
    assert resume(halt(before)) == before


@pytest.mark.parametrize("state", [Ready(NOON), Failed(AWAY, 1, NOON)])
def test_complete_rows_are_never_halted(state):
    assert halt(state) == state


def test_a_failure_after_the_user_has_halted_leaves_it_halted():
    assert fail(Halted(Loading()), AWAY) == Halted(Failed(AWAY, 1, None))


@pytest.mark.parametrize(
    ("state", "restored"),
    [
        (Loading(), Ready(LATER)),
        (Halted(Loading()), Ready(LATER)),
        (Failed(AWAY, 2, None), Failed(AWAY, 2, LATER)),
    ],
)
def test_rows_from_disk_are_complete_and_leave_an_error_standing(state, restored):
    assert restore(state, LATER) == restored
