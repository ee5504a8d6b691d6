"""Moves the arrays of a large table to a place that costs less than memory, such as a file."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import TYPE_CHECKING, Any

from smx_lab.core.table.columns.slots import SlotArray

if TYPE_CHECKING:
    from numpy.typing import NDArray

Mover = Callable[[Iterable["NDArray[Any]"]], "Sequence[NDArray[Any]] | None"]
"""Returns arrays equal to those it is given, one after the other; None if it cannot.

The table writes to what is returned.
"""

OFFLOAD_BYTES = 64 * 1024 * 1024
"""Arrays that take less in all stay in memory. Our choice."""

Arrays = Sequence[SlotArray[Any]]


def grow(arrays: Arrays, capacity: int, mover: Mover | None, least_bytes: int) -> bool:
    """Make room for more slots in all arrays; return whether any was moved.

    Arrays that take ``least_bytes`` or more in all are packed and moved. Only one at a time is in
    memory twice, or in full if it is moved. Smaller ones are packed when they settle, and not
    before: values go into packed arrays more slowly.
    """
    if sum(array.bytes_for(capacity) for array in arrays) >= least_bytes:
        for array in arrays:
            array.pack()
    moving = [array for array in arrays if array.is_large]
    moved = None
    if mover is not None and sum(array.bytes_for(capacity) for array in moving) >= least_bytes:
        moved = mover(array.copy_for(capacity) for array in moving)
    if moved is None:
        moving = []
    for array, values in zip(moving, moved or (), strict=True):
        array.hold(values, capacity)
    for array in arrays:
        if len(array) != capacity:
            array.grow(capacity)
    return bool(moving)


def settle(arrays: Arrays, mover: Mover | None, least_bytes: int) -> None:
    """Move settled arrays that are in memory, if they take ``least_bytes`` or more in all."""
    moving = [array for array in arrays if array.is_in_memory]
    if mover is None or sum(array.bytes_for(len(array)) for array in moving) < least_bytes:
        return
    moved = mover(array.values for array in moving)
    if moved is not None:
        for array, values in zip(moving, moved, strict=True):
            array.hold(values, len(array))
