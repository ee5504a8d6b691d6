"""How many decimals a column's numbers show, so that they stand one under the other."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

SIGNIFICANT_DIGITS = 4
MAX_DECIMALS = 6
"""A column that needs more decimals is shown in scientific notation. Our choice."""
LARGEST = 1e15
"""From here on a plain number is too long to read. Our choice."""

_CHEAP = 4096


def decimals_needed(values: NDArray[np.float64]) -> int:
    """Return the fewest decimals that show each value's first four significant digits.

    Trailing zeros do not count: 0.5 needs one decimal, 0.1307 four, 97.53 two, an integer none.
    Returns a number above ``MAX_DECIMALS`` where scientific notation is better.
    """
    sizes = np.abs(values[np.isfinite(values)])
    if sizes.size and sizes.max() >= LARGEST:
        return MAX_DECIMALS + 1
    sizes = sizes[sizes != np.rint(sizes)]
    if not sizes.size:
        return 0
    if sizes.min() < 10.0**-MAX_DECIMALS:
        return MAX_DECIMALS + 1
    exponents = np.floor(np.log10(sizes)).astype(np.int64)
    digits = np.rint(sizes * 10.0 ** (SIGNIFICANT_DIGITS - 1 - exponents)).astype(np.int64)
    zeros = np.zeros(sizes.shape, np.int64)
    for count in range(1, SIGNIFICANT_DIGITS + 1):
        zeros[digits % 10**count == 0] = count
    return max(0, int((SIGNIFICANT_DIGITS - 1 - exponents - zeros).max()))


class HasValues(Protocol):
    """Values by slot, all of them or some."""

    @property
    def values(self) -> NDArray[np.float64]:
        """The value of every slot."""
        ...

    def take(self, slots: NDArray[np.integer[Any]], /) -> NDArray[np.float64]:
        """Return the values of some slots."""
        ...

    def __len__(self) -> int: ...


class Decimals:
    """A column's decimals, kept in step with its values at little cost.

    Only the slots written since the last time are looked at. Values that were taken away may have
    been those that needed most: all are looked at again once it is cheap, or enough have gone.
    """

    def __init__(self) -> None:
        self._known = 0
        self._first = 0
        self._end = 0
        self._gone = 0

    def note(self, first: int, last: int) -> None:
        """Note that values were written to slots from ``first`` to ``last``."""
        self._first = min(self._first, first) if self._end else first
        self._end = max(self._end, last + 1)

    def forget(self) -> None:
        """Note that a value was removed."""
        self._gone += 1

    def of(self, column: HasValues) -> int | None:
        """Return the decimals for the column's values; None where scientific notation is better."""
        if self._gone and (len(column) <= _CHEAP or 16 * self._gone > len(column)):
            self._known = decimals_needed(column.values)
            self._gone = self._end = 0
        elif self._end:
            written = column.take(np.arange(self._first, self._end))
            self._known = max(self._known, decimals_needed(written))
            self._end = 0
        return self._known if self._known <= MAX_DECIMALS else None
