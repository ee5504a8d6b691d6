"""Long series made short."""

import numpy as np
import pytest

from smx_lab.core.table.downsample import downsample


def test_a_short_series_stays_as_it_is():
    assert downsample(np.array([3.0, 1.0, 2.0]), 4).tolist() == [0, 1, 2]


@pytest.mark.parametrize("count", [11, 99, 1000, 12_345])
def test_extremes_and_ends_of_a_long_series_are_kept(count):
    values = np.random.default_rng(count).normal(size=count)
    places = downsample(values, 10)
    assert len(places) <= 10
    assert places.tolist() == sorted(set(places.tolist()))
    assert (places[0], places[-1]) == (0, count - 1)
    assert {int(values.argmin()), int(values.argmax())} <= set(places.tolist())


def test_what_is_no_number_hides_no_extreme():
    values = np.full(1000, np.nan)
    values[[10, 500]] = [-5.0, np.inf]
    places = downsample(values, 20)
    assert {0, 10, 500, 999} <= set(places.tolist())
    assert len(places) <= 20
