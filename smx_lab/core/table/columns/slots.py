"""One value for each slot of a table: an array, or only the values there are while they are few.

A table may have ten thousand columns of which each row fills fifty; as arrays over all rows they
would take gigabytes. A long array is kept in fewer bytes where its values allow it.
"""

from __future__ import annotations

from array import array
from typing import TYPE_CHECKING, Any, Generic, NamedTuple, TypeVar, cast

import msgspec
import numpy as np

from smx_lab.core.table.columns.packing import Form, forms_of, narrowest, pack, unpack

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Slots = NDArray[np.integer[Any]]

Number = TypeVar("Number", np.float64, np.int32, np.bool_)

_FEW = 8
"""One slot in so many may be filled before the values become an array. Our choice."""

_LONG = 4096
"""From so many slots on an array is packed when it grows. Our choice."""

_MUCH = 16
"""A value for every so many slots is enough to be in every page of memory. Our choice."""

_PLAIN = -1


class Span(NamedTuple):
    """The first and the last of some slots, and whether they are all between, in their order."""

    first: int
    last: int
    is_whole: bool


class SavedSlots(msgspec.Struct, array_like=True):
    """One value for each slot, or only those in some ``places``. ``form`` is -1 if not packed."""

    is_full: bool
    values: bytes
    places: bytes
    form: int = _PLAIN


class SlotArray(Generic[Number]):
    """Values by slot; a slot that was never written has the blank one."""

    __slots__ = ("_all", "_blank", "_capacity", "_few", "_form", "_places", "_written")

    _blank: Number

    def __init__(self, capacity: int, blank: Number) -> None:
        self._capacity = capacity
        self._blank = blank
        self._all: NDArray[Any] | None = None
        self._form: Form | None = None
        self._written: int | None = None
        """How many values were written since the array is held elsewhere; None if it is not."""
        self._places: array[int] = array("i")
        self._few = bytearray()

    @classmethod
    def of_values(cls, values: NDArray[Number], blank: Number) -> SlotArray[Number]:
        """These values, one for each slot."""
        held = cls(len(values), blank)
        held._all = values
        return held

    def __len__(self) -> int:
        """Return how many slots there is room for."""
        return self._capacity

    @property
    def values(self) -> NDArray[Number]:
        """The value of every slot, to be read."""
        if self._all is not None:
            return self._plain(self._all)
        values = np.full(self._capacity, self._blank)
        if self._places:
            values[np.frombuffer(self._places, np.int32)] = self._stored()
        return values

    def take(self, slots: Slots) -> NDArray[Number]:
        """Return the values of some slots."""
        if self._all is None:
            return self.values[slots]
        return self._plain(self._all[slots])

    def __getitem__(self, slot: int) -> Number:
        """Return the value of one slot."""
        if self._all is not None:
            return cast(Number, self._plain(self._all[slot : slot + 1])[0])
        at = self._last(slot)
        return self._blank if at < 0 else cast(Number, self._stored()[at])

    def write(self, slots: Slots, values: NDArray[Number], span: Span | None = None) -> None:
        """Put values into slots; ``span`` is that of the slots, where it is known."""
        if self._all is None and _FEW * (len(self._places) + len(slots)) > self._capacity:
            self._all = self.values
            self._places, self._few = array("i"), bytearray()
        if self._all is None:
            self._places.frombytes(slots.astype(np.int32).tobytes())
            self._few += values.tobytes()
            return
        if self._written is not None:
            self._written += len(slots)
        if self._form is not None:
            stored = pack(values, self._form)
            if stored is None:
                self._all, self._form = self._plain(self._all), None
            else:
                values = stored
        if span is not None and span.is_whole:
            self._all[span.first : span.last + 1] = values
        else:
            self._all[slots] = values

    def clear(self, slot: int) -> None:
        """Give a slot the blank value again."""
        if self._all is not None:
            self._all[slot] = self._packed_blank()
            return
        while (at := self._last(slot)) >= 0:
            size = self._blank.itemsize
            del self._places[at], self._few[size * at : size * (at + 1)]

    def grow(self, capacity: int) -> None:
        """Make room for more slots."""
        if self._all is not None:
            self._all, self._written = self.copy_for(capacity), None
        self._capacity = capacity

    def copy_for(self, capacity: int) -> NDArray[Any]:
        """Return an array with room for more slots, to be held; this one stays as it is."""
        assert self._all is not None  # few values need no room
        grown = np.full(capacity, self._packed_blank())
        grown[: len(self._all)] = self._all
        return grown

    def settle(self, capacity: int) -> None:
        """Take no more room than so many slots need; what is behind them was never written."""
        self.pack(always=True)
        if self._all is not None and len(self._all) > capacity:
            kept = self._all[:capacity]
            self._all = kept.copy() if self._written is None else kept
        self._capacity = capacity

    def pack(self, *, always: bool = False) -> None:
        """Keep a long array, or any, in fewer bytes if its values allow it.

        One that is held elsewhere did not allow it before, and is not looked at again.
        """
        if self._all is None or self._form is not None or self._written is not None:
            return
        if always or len(self._all) >= _LONG:
            found = narrowest(self._all)
            if found is not None:
                self._form, self._all = found

    @property
    def is_large(self) -> bool:
        """Whether this is a long array that cannot be packed."""
        return self._all is not None and self._form is None and len(self._all) >= _LONG

    @property
    def is_in_memory(self) -> bool:
        """Whether such an array is in memory, or was so much written to that it is again."""
        return self.is_large and (self._written is None or _MUCH * self._written > self._capacity)

    def bytes_for(self, capacity: int) -> int:
        """Return what an array of so many slots takes."""
        return capacity * self._blank.itemsize

    def hold(self, values: NDArray[Any], capacity: int) -> None:
        """Have these values, as ``grown`` gave them, in another place from now on."""
        self._all, self._capacity, self._written = values, capacity, 0

    def save(self, slots: int) -> SavedSlots:
        """Return everything in the first slots; the others were never written."""
        if self._all is None:
            return SavedSlots(False, bytes(self._few), self._places.tobytes())
        form = forms_of(self._blank.dtype).index(self._form) if self._form else _PLAIN
        return SavedSlots(True, self._all[:slots].tobytes(), b"", form)

    def load(self, saved: SavedSlots | None, slots: int) -> None:
        """Take over what ``save`` returned.

        Raises
        ------
        ValueError
            If it does not fit.
        """
        if saved is None:
            raise ValueError("a column has no values")
        kind = self._blank.dtype
        if not saved.is_full:
            load_array(saved.values, kind, len(saved.places) // self._places.itemsize)
            self._places.frombytes(saved.places)
            self._few += saved.values
            return
        if saved.form != _PLAIN:
            self._form = forms_of(kind)[saved.form]
        values = load_array(saved.values, self._form.type if self._form else kind, slots)
        self._all = np.full(self._capacity, self._packed_blank())
        self._all[:slots] = values

    def _plain(self, stored: NDArray[Any]) -> NDArray[Number]:
        return stored if self._form is None else unpack(stored, self._form, self._blank.dtype)

    def _packed_blank(self) -> Any:
        if self._form is None:
            return self._blank
        stored = pack(np.array([self._blank]), self._form)
        assert stored is not None  # every form has a blank
        return stored[0]

    def _stored(self) -> NDArray[Number]:
        return np.frombuffer(self._few, self._blank.dtype)

    def _last(self, slot: int) -> int:
        """Where the value of a slot was written last; -1 if it was not."""
        found = np.flatnonzero(np.frombuffer(self._places, np.int32) == slot)
        return int(found[-1]) if len(found) else -1


def span_of(slots: Slots) -> Span:
    """Return what is known of slots in which values are written together; new ones are a whole."""
    first, last = int(slots.min()), int(slots.max())
    is_whole = last - first == len(slots) - 1 and bool((slots[1:] > slots[:-1]).all())
    return Span(first, last, is_whole)


def load_array(data: bytes, kind: Any, length: int) -> NDArray[Any]:
    """Return an array from its bytes.

    Raises
    ------
    ValueError
        If it is of another length.
    """
    array = np.frombuffer(data, kind)
    if len(array) != length:
        raise ValueError(f"{len(array)} values for {length} slots")
    return array
