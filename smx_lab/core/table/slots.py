"""One value for each slot of a table: an array, or only the values there are while they are few.

A table may have ten thousand columns of which each row fills fifty; as arrays over all rows they
would take gigabytes.
"""

from __future__ import annotations

from array import array
from typing import TYPE_CHECKING, Generic, TypeVar, cast

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Slots = NDArray[np.intp]

Number = TypeVar("Number", np.float64, np.int32, np.bool_)

_FEW = 8
"""One slot in so many may be filled before the values become an array. Our choice."""


class SlotArray(Generic[Number]):
    """Values by slot; a slot that was never written has the blank one."""

    __slots__ = ("_all", "_blank", "_capacity", "_few", "_places")

    _blank: Number

    def __init__(self, capacity: int, blank: Number) -> None:
        self._capacity = capacity
        self._blank = blank
        self._all: NDArray[Number] | None = None
        self._places: array[int] = array("i")
        self._few = bytearray()

    @classmethod
    def holding(cls, values: NDArray[Number], blank: Number) -> SlotArray[Number]:
        """These values, one for each slot."""
        held = cls(len(values), blank)
        held._all = values
        return held

    @property
    def values(self) -> NDArray[Number]:
        """The value of every slot, to be read."""
        if self._all is not None:
            return self._all
        values = np.full(self._capacity, self._blank)
        if self._places:
            values[np.frombuffer(self._places, np.int32)] = self._stored()
        return values

    def __getitem__(self, slot: int) -> Number:
        """The value of one slot."""
        if self._all is not None:
            return cast(Number, self._all[slot])
        at = self._last(slot)
        return self._blank if at < 0 else cast(Number, self._stored()[at])

    def write(self, slots: Slots, values: NDArray[Number]) -> None:
        """Put values into slots."""
        if self._all is None and _FEW * (len(self._places) + len(slots)) > self._capacity:
            self._all = self.values
            self._places, self._few = array("i"), bytearray()
        if self._all is not None:
            self._all[slots] = values
        else:
            self._places.frombytes(slots.astype(np.int32).tobytes())
            self._few += values.tobytes()

    def clear(self, slot: int) -> None:
        """Give a slot the blank value again."""
        if self._all is not None:
            self._all[slot] = self._blank
            return
        while (at := self._last(slot)) >= 0:
            size = self._blank.itemsize
            del self._places[at], self._few[size * at : size * (at + 1)]

    def grow(self, capacity: int) -> None:
        """Make room for more slots."""
        if self._all is not None:
            grown = np.full(capacity, self._blank)
            grown[: len(self._all)] = self._all
            self._all = grown
        self._capacity = capacity

    def _stored(self) -> NDArray[Number]:
        return np.frombuffer(self._few, self._blank.dtype)

    def _last(self, slot: int) -> int:
        """Where the value of a slot was written last; -1 if it was not."""
        found = np.flatnonzero(np.frombuffer(self._places, np.int32) == slot)
        return int(found[-1]) if len(found) else -1
