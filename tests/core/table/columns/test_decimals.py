import numpy as np
import pytest

from smx_lab.core.table.columns.decimals import MAX_DECIMALS, decimals_needed
from smx_lab.core.table.columns.numbers import NumberArray


@pytest.mark.parametrize(
    ("values", "decimals"),
    [
        ([], 0),
        ([1, 20, 300], 0),
        ([0.5], 1),
        ([0.1307, 0.3081], 4),
        ([97.531], 2),
        ([97.5], 1),
        ([0.1, 0.001], 3),
        ([123456.789], 0),
        ([0.99999], 0),
        ([-0.25, float("nan"), float("inf")], 2),
    ],
)
def test_decimals_show_four_significant_digits_and_no_idle_zeros(values, decimals):
    assert decimals_needed(np.array(values, float)) == decimals


@pytest.mark.parametrize("values", [[1e-9], [0.5, 2e-7], [1e15], [1e300, 0.5]])
def test_what_is_too_small_or_too_large_is_better_in_scientific_notation(values):
    assert decimals_needed(np.array(values)) > MAX_DECIMALS


def test_decimals_follow_what_is_written_and_taken_away():
    array = NumberArray(8)

    def write(slot, number):
        array.write(np.array([slot]), np.array([number]), [number])

    write(0, 0.5)
    assert array.decimals() == 1
    write(3, 0.125)
    assert array.decimals() == 3
    write(1, 2.0)
    assert array.decimals() == 3
    array.clear(3)
    assert array.decimals() == 1
    write(2, 1e-9)
    assert array.decimals() is None
