import sys

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from smx_lab.core.entities import MetricSummary
from smx_lab.core.table.columns.columns import MetricColumn
from smx_lab.core.table.columns.slots import SlotArray

BLANK = np.float64(np.nan)
WRITES = st.lists(st.tuples(st.integers(0, 63), st.floats(allow_nan=False)), max_size=40)


@given(writes=WRITES, clears=st.lists(st.integers(0, 63)), more=WRITES)
def test_few_values_and_many_are_kept_alike(writes, clears, more):
    sparse, plain = SlotArray(1024, BLANK), np.full(2048, np.nan)
    for written in (writes, more):
        for slot, number in written:
            sparse.write(np.array([slot]), np.array([number]))
            plain[slot] = number
        for slot in clears:
            sparse.clear(slot)
            plain[slot] = np.nan
        sparse.grow(2048)
    np.testing.assert_array_equal(sparse.values, plain)
    np.testing.assert_array_equal([sparse[slot] for slot in range(64)], plain[:64])


def test_what_becomes_an_array_keeps_its_values():
    array = SlotArray(128, np.int32(-1))
    for slot in range(0, 128, 2):
        array.write(np.array([slot]), np.array([slot], np.int32))
    array.grow(256)
    assert array.values.tolist() == [n if n < 128 and n % 2 == 0 else -1 for n in range(256)]
    assert (array[126], array[127]) == (126, -1)


def test_the_very_bits_of_a_number_are_kept():
    bits = np.array([0x7FF8_0000_0000_0001, 0x8000_0000_0000_0000], np.uint64)
    array = SlotArray(128, BLANK)
    array.write(np.array([3, 90]), bits.view(np.float64))
    assert array.values[[3, 90]].view(np.uint64).tolist() == bits.tolist()


def test_a_metric_of_one_row_takes_no_room_for_the_others():
    column = MetricColumn(100_000)
    column.write(np.array([99_999]), [MetricSummary(metric_name="loss", last=0.5, count=1)])
    arrays = column.statistics.values()
    held = [getattr(array.slots, name) for array in arrays for name in SlotArray.__slots__]
    assert sum(map(sys.getsizeof, held)) < 10_000
    assert column.statistics["Last"].values[99_998:].tolist()[1] == 0.5
