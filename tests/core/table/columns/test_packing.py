import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from smx_lab.core.table.columns.numbers import LOGGED_NAN, NumberArray
from smx_lab.core.table.columns.packing import FORMS, narrowest, pack, unpack
from smx_lab.core.table.columns.slots import SlotArray, span_of

FLOAT = np.dtype(np.float64)
BLANK = np.float64(np.nan)

odd = st.sampled_from(
    [math.nan, float(LOGGED_NAN[0]), -0.0, math.inf, -math.inf, 5e-324, 1e300, -128.0, 2.0**31]
)
decimals = st.decimals(-3000, 3000, allow_nan=False, places=6).map(float)
values = st.lists(
    st.one_of(
        odd,
        st.integers(-(2**31), 2**31).map(float),
        st.integers(-130, 130).map(float),
        decimals,
        st.floats(),
        st.floats(width=32),
    ),
    max_size=40,
)


def bits(numbers):
    return np.asarray(numbers, np.float64).view(np.int64).tolist()


@given(values)
def test_what_is_packed_comes_out_bit_by_bit_or_is_not_packed(numbers):
    numbers = np.array(numbers, np.float64)
    for form in FORMS:
        stored = pack(numbers, form)
        assert stored is None or bits(unpack(stored, form, FLOAT)) == bits(numbers)


@pytest.mark.parametrize(
    ("numbers", "size"),
    [
        ([1.0, 2.0, 127.0, math.nan], 1),
        ([1.0, -128.0], 2),
        ([0.1, 0.001, math.nan], 2),
        ([0.123456, 12.5], 4),
        ([70_000.0], 4),
        ([float(np.float32(0.1)), math.inf], 4),
        ([0.1 + 0.2], 8),
        ([-0.0, 1.0], 4),
        ([math.nan, math.nan], 1),
        ([], 1),
    ],
)
def test_numbers_take_as_many_bytes_as_they_need(numbers, size):
    numbers = np.array(numbers, np.float64)
    found = narrowest(numbers)
    assert (found[1].itemsize if found else 8) == size
    if found:
        assert bits(unpack(found[1], found[0], FLOAT)) == bits(numbers)


WRITES = st.lists(
    st.tuples(
        st.lists(st.integers(0, 63), min_size=1, unique=True), values.filter(bool), st.booleans()
    ),
    max_size=12,
)


@given(WRITES)
def test_an_array_holds_the_same_numbers_settled_or_not(writes):
    array, plain = SlotArray(64, BLANK), np.full(64, np.nan)
    for slots, numbers, settles in writes:
        given_numbers = np.resize(np.array(numbers, np.float64), len(slots))
        array.write(np.array(slots), given_numbers)
        plain[slots] = given_numbers
        if settles:
            array.settle(64)
            array.clear(slots[0])
            plain[slots[0]] = np.nan
    assert bits(array.values) == bits(plain)
    assert bits(array.take(np.arange(64)[::-3])) == bits(plain[::-3])
    assert bits([array[slot] for slot in range(64)]) == bits(plain)
    again = SlotArray(70, BLANK)
    again.load(array.save(64), 64)
    assert bits(again.values) == bits(np.append(plain, np.full(6, np.nan)))


@given(st.permutations(range(8)), st.integers(0, 3))
def test_values_go_into_their_slots_in_whatever_order(slots, first):
    array = NumberArray(16)
    array.write(np.arange(16), np.full(16, 0.5), [0.5] * 16)
    places = np.array(slots[: first + 3]) + first
    array.put(places, places / 7, span_of(places))
    assert array.take(places).tolist() == (places / 7).tolist()
    assert np.count_nonzero(array.values != 0.5) == len(places)


def test_a_long_array_is_packed_while_it_grows():
    array = SlotArray(8192, BLANK)
    array.write(np.arange(8192), np.arange(8192) % 100 / 100)
    array.pack()
    array.grow(10_000)
    assert array._all.nbytes == 2 * 10_000
    array.write(np.array([9000]), np.array([1 / 3]))
    array.pack()
    array.grow(12_000)
    assert array._all.nbytes == 8 * 12_000
    assert (array[99], array[9000], math.isnan(array[9001])) == (0.99, 1 / 3, True)


def test_codes_are_packed_as_well():
    array = SlotArray(300, np.int32(-1))
    array.write(np.arange(300), np.arange(300, dtype=np.int32))
    array.settle(300)
    assert array._all.dtype == np.int16
    assert array.values.dtype == np.int32
    array.write(np.array([7]), np.array([70_000], np.int32))
    assert array.take(np.array([6, 7])).tolist() == [6, 70_000]
