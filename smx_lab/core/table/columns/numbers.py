"""The numbers of a column by slot, where a NaN that was logged differs from no number."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import msgspec
import numpy as np

from smx_lab.core.table.columns.decimals import Decimals
from smx_lab.core.table.columns.slots import SavedSlots, SlotArray, Span, span_of

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Numbers = NDArray[np.float64]
    Slots = NDArray[np.integer[Any]]

_LOGGED_NAN_BITS = 0x7FF8_0000_0000_0001
_ENOUGH = 4096
"""Of means, which are computed, this many tell how many decimals all of them need. Our choice."""

_NO_NUMBER = np.float64(np.nan)

LOGGED_NAN: Numbers = np.array([_LOGGED_NAN_BITS], np.int64).view(np.float64)
"""A NaN that somebody logged. A plain NaN in an array means that there is no value."""


def is_logged_nan(numbers: Numbers) -> NDArray[np.bool_]:
    """Where the values are NaNs that were logged."""
    return np.asarray(numbers.view(np.int64) == _LOGGED_NAN_BITS)


class SavedNumbers(msgspec.Struct, array_like=True):
    """The values by slot, and whether a NaN among them was logged."""

    values: SavedSlots
    has_logged_nan: bool


class NumberArray:
    """Numbers by slot; no value is NaN. Knows how many decimals they need."""

    def __init__(self, capacity: int) -> None:
        self.slots = SlotArray(capacity, _NO_NUMBER)
        """Where the numbers are, to be grown and settled; written to by ``write`` alone."""
        self.has_logged_nan = False
        self._decimals = Decimals()

    @classmethod
    def of_values(cls, values: Numbers) -> NumberArray:
        """Return an array of these numbers, which may have ``LOGGED_NAN`` among them."""
        array = cls(0)
        array.slots = SlotArray.of_values(values, _NO_NUMBER)
        array.has_logged_nan = bool(is_logged_nan(values).any())
        array._decimals.note(0, min(len(values), _ENOUGH) - 1)
        return array

    @property
    def values(self) -> Numbers:
        """The number of every slot, to be read."""
        return self.slots.values

    def take(self, slots: Slots) -> Numbers:
        """Return the numbers of some slots, to be read."""
        return self.slots.take(slots)

    def save(self, slots: int) -> SavedNumbers:
        """Return everything in the first slots."""
        return SavedNumbers(self.slots.save(slots), self.has_logged_nan)

    def load(self, saved: SavedNumbers, slots: int) -> None:
        """Take over what ``save`` returned; ValueError if it does not fit."""
        self.slots.load(saved.values, slots)
        self.has_logged_nan = saved.has_logged_nan
        if slots:
            self._decimals.note(0, slots - 1)

    def write(self, slots: Slots, numbers: Numbers, given: Sequence[Any]) -> None:
        """Put numbers into slots; ``given`` tells a NaN that was logged from None."""
        for at in np.flatnonzero(np.isnan(numbers)).tolist():
            if given[at] is not None:
                numbers[at : at + 1] = LOGGED_NAN
                self.has_logged_nan = True
        self.put(slots, numbers, span_of(slots))

    def put(self, slots: Slots, numbers: Numbers, span: Span) -> None:
        """Put numbers into slots, none of which is NaN."""
        self.slots.write(slots, numbers, span)
        self._decimals.note(span.first, span.last)

    def present(self) -> NDArray[np.bool_]:
        """Where there is a value."""
        return present(self.values, self.has_logged_nan)

    def has(self, slot: int) -> bool:
        """Return whether the slot has a value."""
        return bool(present(np.array([self.slots[slot]]), self.has_logged_nan)[0])

    def clear(self, slot: int) -> None:
        """Take the slot's value away."""
        self.slots.clear(slot)
        self._decimals.forget()

    def decimals(self) -> int | None:
        """Decimals that show four significant digits of every number; None for scientific."""
        return self._decimals.of(self.slots)


def present(numbers: Numbers, has_logged_nan: bool) -> NDArray[np.bool_]:
    """Where there is a value, be it a NaN."""
    found = ~np.isnan(numbers)
    return found | is_logged_nan(numbers) if has_logged_nan else found
