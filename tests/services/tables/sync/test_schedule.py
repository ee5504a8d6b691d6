"""When a table is read as a whole, on clocks that a test sets."""

from datetime import datetime, timedelta, timezone

import pytest

from smx_lab.services.tables.sync.clocks import Clocks
from smx_lab.services.tables.sync.schedule import (
    CATCH_UP_S,
    MAX_RECONCILE_S,
    RECONCILE_COSTS,
    ReconcileSchedule,
)

NOON = datetime(2024, 5, 17, 12, tzinfo=timezone.utc)


def clocks_at(seconds):
    """Both clocks, so many seconds after noon."""
    return Clocks(lambda: float(seconds), lambda: NOON + timedelta(seconds=seconds))


@pytest.fixture
def read():
    """A schedule of a table whose reading took two seconds, from second 10 on."""
    return ReconcileSchedule.first(clocks_at(0)).read_whole(10.0, 0, clocks_at(12))


def test_a_new_table_is_due_at_once():
    assert ReconcileSchedule.first(clocks_at(5)).is_due(5.0)


def test_it_is_due_after_20_times_what_reading_took(read):
    assert (read.interval_s, read.whole_time) == (2 * RECONCILE_COSTS, NOON + timedelta(seconds=12))
    assert not read.is_due(49.9)
    assert read.is_due(50.0)


def test_it_is_due_within_an_hour_however_long_reading_took():
    read = ReconcileSchedule.first(clocks_at(0)).read_whole(0.0, 0, clocks_at(1000))
    assert read.interval_s == MAX_RECONCILE_S
    assert read.is_due(MAX_RECONCILE_S)


def test_a_deletion_makes_it_due_until_it_was_read_as_a_whole(read):
    lost = read.lose()
    assert lost.is_due(13.0)
    assert not lost.read_whole(13.0, lost.losses, clocks_at(14)).is_due(15.0)


def test_a_deletion_during_a_reading_makes_the_next_one_whole_too(read):
    began = read.lose()
    met_late = began.lose()
    after = met_late.read_whole(13.0, began.losses, clocks_at(14))
    assert after.is_due(15.0)
    assert not after.read_whole(15.0, after.losses, clocks_at(16)).is_due(17.0)


def test_after_a_reading_without_search_it_is_due_at_once(read):
    assert read.read_one_by_one(20.0).is_due(20.0)


def test_a_table_from_disk_keeps_what_is_left_of_its_interval(read):
    restored = read.restore(NOON - timedelta(seconds=1000), 3000.0, clocks_at(0))
    assert not restored.is_overdue
    assert (restored.is_due(1999.9), restored.is_due(2000.0)) == (False, True)
    assert restored.hurry(1.0) == restored


def test_a_table_from_disk_that_is_overdue_shows_changes_first(read):
    restored = read.restore(NOON - timedelta(seconds=5000), 3000.0, clocks_at(0))
    assert restored.is_overdue
    assert (restored.is_due(CATCH_UP_S - 0.1), restored.is_due(CATCH_UP_S)) == (False, True)


def test_someone_who_needs_deletions_does_not_wait_for_an_overdue_table(read):
    restored = read.restore(NOON - timedelta(seconds=5000), 3000.0, clocks_at(0))
    assert restored.hurry(1.0).is_due(1.0)
    whole = restored.read_whole(1.0, 0, clocks_at(2))
    assert (whole.is_overdue, whole.is_due(3.0)) == (False, False)
