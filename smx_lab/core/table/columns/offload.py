"""The arrays of a large table in a place that costs less than memory, which its owner knows of."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import TYPE_CHECKING, Any

from smx_lab.core.table.columns.slots import SlotArray

if TYPE_CHECKING:
    from numpy.typing import NDArray

Mover = Callable[[Iterable["NDArray[Any]"]], "Sequence[NDArray[Any]] | None"]
"""Answers arrays equal to those it is given, one after the other; None if it cannot.

What it answers is written to later.
"""

WORTH_BYTES = 64 * 1024 * 1024
"""Arrays that take less in all stay in memory. Our choice."""

Arrays = Sequence[SlotArray[Any]]


def grow(arrays: Arrays, capacity: int, mover: Mover | None) -> bool:
    """Make room for more slots in all arrays; tell whether any was moved.

    Only one at a time is in memory twice, or in full if it is moved. What takes little is packed
    when it settles, and not before: values go into packed arrays more slowly.
    """
    if sum(array.bytes_for(capacity) for array in arrays) >= WORTH_BYTES:
        for array in arrays:
            array.pack()
    moving = [array for array in arrays if array.is_large]
    moved = None
    if mover is not None and sum(array.bytes_for(capacity) for array in moving) >= WORTH_BYTES:
        moved = mover(array.grown(capacity) for array in moving)
    if moved is None:
        moving = []
    for array, values in zip(moving, moved or (), strict=True):
        array.hold(values, capacity)
    for array in arrays:
        if len(array) != capacity:
            array.grow(capacity)
    return bool(moving)


def settle(arrays: Arrays, mover: Mover | None) -> None:
    """Move what is in memory of arrays that have been settled."""
    moving = [array for array in arrays if array.is_in_memory]
    if mover is None or sum(array.bytes_for(len(array)) for array in moving) < WORTH_BYTES:
        return
    moved = mover(array.values for array in moving)
    if moved is not None:
        for array, values in zip(moving, moved, strict=True):
            array.hold(values, len(array))
