"""The columns of a table in memory: one array over all trial components for each.

Every array has one entry for each slot of the table. A slot is the place of one trial component;
the table hands slots out and tells its columns when there are more (``grow``). Values are written
for many slots at once, because NumPy is quick with a page of values and slow with one.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any, Generic, TypeVar

import msgspec
import numpy as np

from smx_lab.core.search_record import SearchedMetric
from smx_lab.core.statistics import STATISTICS
from smx_lab.core.table.columns.numbers import NumberArray, SavedNumbers, present
from smx_lab.core.table.columns.slots import SavedSlots, SlotArray, span_of
from smx_lab.core.table.columns.text import NO_TEXT, Categories, number_text, parse_number, unquoted
from smx_lab.core.views.view import CellType

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Codes = NDArray[np.int32]
    Slots = NDArray[np.integer[Any]]

Value = TypeVar("Value")

_NO_CODE = np.int32(NO_TEXT)
_ABSENT = np.bool_(False)


class SavedColumn(msgspec.Struct, array_like=True):
    """A column of any kind: what its kind has no use for is empty."""

    count: int
    numbers: list[SavedNumbers] = []
    codes: SavedSlots | None = None
    texts: list[str] = []
    has: SavedSlots | None = None
    words: int = 0
    is_coded: bool = False


class ColumnStore(ABC, Generic[Value]):
    """What the columns of every kind have in common.

    ``count`` is how many slots have a value: a column without any is no longer offered.
    """

    type: CellType = "text"

    def __init__(self) -> None:
        self.count = 0

    @abstractmethod
    def write(self, slots: Slots, values: Sequence[Value]) -> None:
        """Put values into slots that have none."""

    @abstractmethod
    def arrays(self) -> Iterable[SlotArray[Any]]:
        """All that the column has by slot."""

    def settle(self, capacity: int) -> None:
        """Take no more room than so many slots need, now that few values are to come."""
        for array in self.arrays():
            array.settle(capacity)

    @abstractmethod
    def clear(self, slot: int) -> None:
        """Take the slot's value away, if it has one."""

    @abstractmethod
    def save(self, slots: int) -> SavedColumn:
        """Everything in the first slots, which are all that were ever written."""

    def load(self, saved: SavedColumn, slots: int) -> None:
        """Take on what ``save`` answered; the column is empty.

        Raises
        ------
        ValueError
            If it is damaged, or of a column of another kind.
        """
        self.count = saved.count
        self._load(saved, slots)

    @abstractmethod
    def _load(self, saved: SavedColumn, slots: int) -> None:
        """Take on what the column's own kind has saved."""


class NumberColumn(ColumnStore["float | None"]):
    """A summary column of numbers: a time or a duration, in milliseconds."""

    def __init__(self, capacity: int, cell_type: CellType) -> None:
        super().__init__()
        self.type = cell_type
        self.numbers = NumberArray(capacity)

    def arrays(self) -> Iterable[SlotArray[Any]]:
        """The numbers."""
        return (self.numbers.slots,)

    def save(self, slots: int) -> SavedColumn:
        """Everything in the first slots."""
        return SavedColumn(self.count, numbers=[self.numbers.save(slots)])

    def _load(self, saved: SavedColumn, slots: int) -> None:
        (numbers,) = saved.numbers
        self.numbers.load(numbers, slots)

    def clear(self, slot: int) -> None:
        """Take the slot's value away, if it has one."""
        if self.numbers.has(slot):
            self.numbers.clear(slot)
            self.count -= 1

    def write(self, slots: Slots, values: Sequence[float | None]) -> None:
        """Put values into slots that have none."""
        self.numbers.write(slots, np.array(values, np.float64), values)
        self.count += len(values) - values.count(None)


class TextColumn(ColumnStore["str | None"]):
    """Texts: a code for each slot."""

    def __init__(self, capacity: int) -> None:
        super().__init__()
        self._codes = SlotArray(capacity, _NO_CODE)
        self.categories = Categories()

    @property
    def codes(self) -> Codes:
        """The code of every slot, to be read."""
        return self._codes.values

    def codes_at(self, slots: Slots) -> Codes:
        """The codes of some slots."""
        return self._codes.take(slots)

    def arrays(self) -> Iterable[SlotArray[Any]]:
        """The codes."""
        return (self._codes,)

    def settle(self, capacity: int) -> None:
        """Take no more room than so many slots need."""
        super().settle(capacity)
        self.categories.settle()

    def save(self, slots: int) -> SavedColumn:
        """Everything in the first slots."""
        return SavedColumn(self.count, codes=self._codes.save(slots), texts=self.categories.texts)

    def _load(self, saved: SavedColumn, slots: int) -> None:
        self._codes.load(saved.codes, slots)
        self.categories.load(saved.texts)

    def clear(self, slot: int) -> None:
        """Take the slot's value away, if it has one."""
        if self._codes[slot] != NO_TEXT:
            self._codes.clear(slot)
            self.count -= 1

    def text(self, slot: int) -> str | None:
        """The text of one slot."""
        code = int(self._codes[slot])
        return self.categories.texts[code] if code != NO_TEXT else None

    def write(self, slots: Slots, values: Sequence[str | None]) -> None:
        """Put values into slots that have none."""
        codes = np.fromiter(map(self.categories.code, values), np.int32, len(values))
        self._codes.write(slots, codes)
        self.count += int(np.count_nonzero(codes != NO_TEXT))


class ParameterColumn(ColumnStore["str | float"]):
    """Values that are text or numbers: a number column as long as every value is a number.

    A text keeps its exact form in ``categories``. A number has a code only once the column is
    one of text, where it takes part in the order of the others.
    """

    def __init__(self, capacity: int) -> None:
        super().__init__()
        self.numbers = NumberArray(capacity)
        self._codes = SlotArray(capacity, _NO_CODE)
        self.categories = Categories(unquoted)
        self._parsed: list[float | None] = []
        self._words = 0
        self._coded = False

    @property
    def codes(self) -> Codes:
        """The code of every slot, to be read."""
        return self._codes.values

    def codes_at(self, slots: Slots) -> Codes:
        """The codes of some slots."""
        return self._codes.take(slots)

    @property
    def type(self) -> CellType:  # type: ignore[override]
        """Whether the column is one of numbers or of text, as its values are now."""
        return "text" if self._words else "number"

    def arrays(self) -> Iterable[SlotArray[Any]]:
        """The numbers, and the codes of texts."""
        return (self.numbers.slots, self._codes)

    def settle(self, capacity: int) -> None:
        """Take no more room than so many slots need."""
        super().settle(capacity)
        self.categories.settle()

    def save(self, slots: int) -> SavedColumn:
        """Everything in the first slots."""
        return SavedColumn(
            self.count,
            numbers=[self.numbers.save(slots)],
            codes=self._codes.save(slots),
            texts=self.categories.texts,
            words=self._words,
            is_coded=self._coded,
        )

    def _load(self, saved: SavedColumn, slots: int) -> None:
        (numbers,) = saved.numbers
        self.numbers.load(numbers, slots)
        self._codes.load(saved.codes, slots)
        self.categories.load(saved.texts)
        self._words, self._coded = saved.words, saved.is_coded

    def clear(self, slot: int) -> None:
        """Take the slot's value away, if it has one."""
        is_number = self.numbers.has(slot)
        if is_number:
            self.numbers.clear(slot)
        elif self._codes[slot] != NO_TEXT:
            self._words -= 1
        else:
            return
        self._codes.clear(slot)
        self.count -= 1

    def write(self, slots: Slots, values: Sequence[str | float]) -> None:
        """Put values into slots that have none."""
        if set(map(type, values)) == {float}:
            self.numbers.write(slots, np.array(values, np.float64), values)
            self.count += len(values)
            if self._coded:
                self._code_numbers(slots)
            return
        texts = [self._code(value) if isinstance(value, str) else NO_TEXT for value in values]
        numbers = [
            self._parsed[code] if code != NO_TEXT else None if isinstance(value, str) else value
            for code, value in zip(texts, values, strict=True)
        ]
        codes = np.array(texts, np.int32)
        is_text = codes != NO_TEXT
        is_number = np.array([number is not None for number in numbers])
        if is_number.any():  # and one of words alone none for numbers
            given = [number for number in numbers if number is not None]
            self.numbers.write(slots[is_number], np.array(given, np.float64), given)
        if is_text.any():  # a column of numbers alone never takes room for codes
            self._codes.write(slots[is_text], codes[is_text])
        words = int(np.count_nonzero(is_text & ~is_number))
        self._words += words
        self.count += int(np.count_nonzero(is_text | is_number))
        if self._coded:
            self._code_numbers(slots)
        elif words:
            self._coded = True
            self._code_numbers(np.flatnonzero(self.numbers.present()))

    def _code(self, text: str) -> int:
        """The code of a text; what it is as a number is known then."""
        code = self.categories.code(text)
        for new in range(len(self._parsed), code + 1):
            self._parsed.append(parse_number(self.categories.shown[new]))
        return code

    def _code_numbers(self, slots: Slots) -> None:
        """Give plain numbers codes: in a column of text they are ordered among words."""
        numbers = self.numbers.take(slots)
        plain = present(numbers, self.numbers.has_logged_nan) & (self.codes_at(slots) == NO_TEXT)
        codes = [self.categories.code(number_text(number)) for number in numbers[plain].tolist()]
        self._codes.write(slots[plain], np.array(codes, np.int32))


class MetricColumn(ColumnStore[SearchedMetric]):
    """A metric: six statistics, each an array of its own."""

    type: CellType = "number"

    def __init__(self, capacity: int) -> None:
        super().__init__()
        self.statistics = {statistic: NumberArray(capacity) for statistic in STATISTICS}
        self._has = SlotArray(capacity, _ABSENT)

    def present(self) -> NDArray[np.bool_]:
        """Which slots have the metric."""
        return self._has.values

    def arrays(self) -> Iterable[SlotArray[Any]]:
        """The statistics, and which slots have the metric."""
        return (self._has, *(array.slots for array in self.statistics.values()))

    def save(self, slots: int) -> SavedColumn:
        """Everything in the first slots."""
        numbers = [array.save(slots) for array in self.statistics.values()]
        return SavedColumn(self.count, numbers=numbers, has=self._has.save(slots))

    def _load(self, saved: SavedColumn, slots: int) -> None:
        self._has.load(saved.has, slots)
        for array, numbers in zip(self.statistics.values(), saved.numbers, strict=True):
            array.load(numbers, slots)

    def clear(self, slot: int) -> None:
        """Take the slot's values away, if it has any."""
        if self._has[slot]:
            self._has.clear(slot)
            for array in self.statistics.values():
                array.clear(slot)
            self.count -= 1

    def write(self, slots: Slots, values: Sequence[SearchedMetric]) -> None:
        """Put values into slots that have none."""
        given = (  # in the order of STATISTICS; a list for each is twice as fast as attrgetter
            [metric.last for metric in values],
            [metric.max for metric in values],
            [metric.min for metric in values],
            [metric.avg for metric in values],
            [metric.std_dev for metric in values],
            [metric.count for metric in values],
        )
        block = np.array(given, np.float64)
        with_nan = set(np.flatnonzero(np.isnan(block).any(axis=1)).tolist())
        span = span_of(slots)
        for at, array in enumerate(self.statistics.values()):
            if at in with_nan:
                array.write(slots, block[at], given[at])
            else:
                array.put(slots, block[at], span)
        self._has.write(slots, np.ones(len(slots), np.bool_))
        self.count += len(slots)
