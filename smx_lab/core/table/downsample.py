"""Long series made short enough to be drawn, without losing an extreme."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray


def downsample(values: NDArray[np.float64], most: int) -> NDArray[np.intp]:
    """Return the places of at most ``most`` values, in their order: all, if there are no more.

    Otherwise the first, the last, and the least and the greatest of each stretch of equal length;
    what is no number counts for neither. ``most`` is 4 or more.
    """
    count = len(values)
    if count <= most:
        return np.arange(count)
    stretches = (most - 2) // 2
    length = -(-count // stretches)
    padded = np.full(stretches * length, np.nan)
    padded[:count] = values
    table = padded.reshape(stretches, length)
    begins = np.arange(stretches) * length
    unknown = np.isnan(table)
    least = begins + np.where(unknown, np.inf, table).argmin(axis=1)
    greatest = begins + np.where(unknown, -np.inf, table).argmax(axis=1)
    places = np.unique(np.concatenate([least, greatest, [0, count - 1]]))
    return places[places < count].astype(np.intp)
