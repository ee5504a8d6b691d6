"""Everything that a view shows, kept as it is now: for exports and data frames."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple, cast

import numpy as np

from smx_lab.core.rows import Cell
from smx_lab.core.table.columns.numbers import is_logged_nan
from smx_lab.core.table.columns.text import NO_TEXT, Categories, number_text
from smx_lab.core.table.query.fields import Field, NumberField
from smx_lab.core.table.query.group_labels import GroupLabels
from smx_lab.core.views.view import CellType

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from smx_lab.core.table.query.fields import Codes, Indices, Mask, Numbers

_EXACT_INTEGER = 2.0**53
_FIRST = 64
"""Numbers that are checked before a whole column is."""


class NumberValues:
    """Numbers, times or durations of some rows. ``blank`` tells where there is none.

    ``whole`` is whether all of them are integers, and may be written so without loss.
    """

    def __init__(self, cell_type: CellType, numbers: Numbers, present: Mask) -> None:
        self.type = cell_type
        self.numbers = numbers
        self.blank: Mask = ~present
        self.whole = cell_type in ("time", "duration") or _are_whole(numbers[present])

    def __len__(self) -> int:
        return len(self.numbers)

    def cells(self, first: int, last: int) -> list[Cell]:
        """Return the values of rows, ``last`` not included; what JSON cannot write is text."""
        numbers, blank = self.numbers[first:last], self.blank[first:last]
        cells: list[Cell]
        if self.whole and self.type != "duration":
            cells = np.where(blank, 0, numbers).astype(np.int64).tolist()
        else:
            cells = numbers.tolist()
        for at in np.flatnonzero(blank | ~np.isfinite(numbers)).tolist():
            cells[at] = None if blank[at] else number_text(float(numbers[at]))
        return cells


class TextValues:
    """Texts of some rows, as codes. ``categories`` only ever grow, so the codes stay right."""

    type: CellType = "text"

    def __init__(self, codes: Codes, categories: Categories) -> None:
        self.codes = codes
        self.categories = categories

    def __len__(self) -> int:
        return len(self.codes)

    def cells(self, first: int, last: int) -> list[Cell]:
        """Return the texts of rows, ``last`` not included."""
        return list(self.categories.at(self.codes[first:last]))

    def objects(self) -> NDArray[np.object_]:
        """Return the texts of all rows, None where there is none."""
        return self.categories.objects(self.codes)


Values = NumberValues | TextValues


class Part(NamedTuple):
    """What a column of a snapshot holds: a column of the view, by its place, or part of it.

    ``name`` says which part; where ``place`` is None, it is what the column is called.
    """

    place: int | None
    name: str = ""


@dataclass(frozen=True)
class Snapshot:
    """The rows of a view, in its order, or its groups.

    ``columns`` stand as the view names them, unless ``parts`` says what each of them holds.
    ``names`` are the real names of the rows' components, or the labels of the groups.
    """

    ids: list[str]
    names: TextValues
    columns: list[Values]
    parts: list[Part] | None = None
    is_grouped: bool = False

    def __len__(self) -> int:
        """Return how many rows there are."""
        return len(self.names)


def freeze(field: Field | None, rows: Indices) -> Values:
    """Return the values of a field in arrays of their own; all blank where there is no field."""
    if isinstance(field, NumberField):
        return NumberValues(field.type, field.numbers()[rows], field.present()[rows])
    if field is None:
        return TextValues(np.full(len(rows), NO_TEXT, np.int32), Categories())
    if isinstance(field, GroupLabels):
        labels = Categories()
        codes = [labels.code(cast("str | None", label)) for label in field.cells(rows)]
        return TextValues(np.array(codes, np.int32), labels)
    return TextValues(field.codes[rows], field.categories)


def _are_whole(numbers: NDArray[np.float64]) -> bool:
    first = numbers[:_FIRST]
    if not (np.floor(first) == first).all():
        return False  # as most are that are not whole
    if is_logged_nan(numbers).any() or not np.isfinite(numbers).all():
        return False
    whole = (np.floor(numbers) == numbers) & (np.abs(numbers) < _EXACT_INTEGER)
    # -0.0 is an integer to NumPy, and would lose its sign.
    return bool(whole.all()) and not bool((np.signbit(numbers) & (numbers == 0)).any())
