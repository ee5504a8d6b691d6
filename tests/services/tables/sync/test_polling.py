import pytest

from smx_lab.core.errors import CredentialsExpired, ServiceUnavailable
from smx_lab.services.tables.sync.polling import (
    MAX_CREDENTIALS_PAUSE_S,
    MAX_PAUSE_S,
    pause_after_failure,
    pause_after_reading,
)
from smx_lab.services.tables.sync.state import MAX_FAILURES, Failed

AWAY, EXPIRED = ServiceUnavailable("Away."), CredentialsExpired("Expired.")


def test_a_table_is_due_after_half_an_interval():
    assert pause_after_reading(10.0) == 5.0


def test_a_table_that_is_read_one_by_one_rests_as_long_as_it_reads():
    assert pause_after_reading(10.0, 60.0) == 60.0
    assert pause_after_reading(10.0, 2.0) == 5.0


@pytest.mark.parametrize(
    ("error", "failures", "pause"),
    [
        (AWAY, 1, 10.0),
        (AWAY, 2, 20.0),
        (AWAY, 5, 160.0),
        (AWAY, 6, MAX_PAUSE_S),
        (AWAY, MAX_FAILURES, MAX_PAUSE_S),
        (EXPIRED, 1, 10.0),
        (EXPIRED, 3, MAX_CREDENTIALS_PAUSE_S),
    ],
)
def test_the_pause_doubles_with_each_failure_up_to_a_bound(error, failures, pause):
    assert pause_after_failure(Failed(error, failures, None), 10.0) == pause
