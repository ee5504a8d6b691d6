"""Rows gathered into groups by the values of some columns: mean, spread and count of each.

Groups are numbered in the order of their values. Their columns are fields as those of rows are,
over numbers of groups in place of numbers of rows, so that they are ordered and written alike.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import TYPE_CHECKING, NamedTuple, cast

import msgspec
import numpy as np

from smx_lab.core.errors import InvalidRequest
from smx_lab.core.limits import MAX_GROUP_COLUMNS
from smx_lab.core.rows import Cell, GroupSummary
from smx_lab.core.table.columns.numbers import LOGGED_NAN, NumberArray, is_logged_nan, present
from smx_lab.core.table.columns.text import NO_TEXT, number_text, parse_number
from smx_lab.core.table.query.fields import Field, NumberField, TextField, find_field
from smx_lab.core.table.store import Table
from smx_lab.core.views.view import GROUP_COLUMN, SortKey, View

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from smx_lab.core.table.query.fields import Codes, Indices, Mask, Numbers

GROUP_ID = "group:"
"""What the id of a group begins with, and that of a row does not: a colon is in no trial's name."""

_MAX_FLAGS = 4_000_000
"""Pairs of group and text are counted by flags, without a sort, if that takes no more bytes."""

MANY_GROUPS = 4096
"""With more groups, only those in the window are summed up where that is enough. Our choice."""


def check_groups(view: View) -> None:
    """Raise InvalidRequest if the rows cannot be grouped as the view says."""
    if len(view.group_by) > MAX_GROUP_COLUMNS:
        raise InvalidRequest(
            f"Rows are grouped by at most {MAX_GROUP_COLUMNS} columns at once.", field="group_by"
        )
    for column in view.group_by:
        if column.startswith("metric:"):
            raise InvalidRequest(
                f"Rows are not grouped by a metric such as {column}, but by parameters or tags.",
                field="group_by",
            )


class Summary(NamedTuple):
    """One column of all groups: what they show, and what stands behind it."""

    field: Field
    counts: Indices
    deviations: Numbers | None = None
    distinct: Indices | None = None

    def of(self, groups: Indices) -> list[GroupSummary]:
        """Return what stands behind the cells of some groups."""
        size = len(groups)
        deviations: list[float | None] = [None] * size
        if self.deviations is not None:
            spread = self.deviations[groups]
            finite = np.isfinite(spread).tolist()
            deviations = [
                value if known else None
                for value, known in zip(spread.tolist(), finite, strict=True)
            ]
        distinct: list[int | None] = [None] * size
        if self.distinct is not None:
            distinct = cast("list[int | None]", self.distinct[groups].tolist())
        return [
            GroupSummary(n=n, std_dev=deviation, distinct=different)
            for n, deviation, different in zip(
                self.counts[groups].tolist(), deviations, distinct, strict=True
            )
        ]


class Groups:
    """The groups of some rows of one version of a table. Used under the table's lock."""

    def __init__(
        self, table: Table, group_by: Sequence[str], rows: Indices, many: int = MANY_GROUPS
    ) -> None:
        """Gather ``rows``, which keep their order within each group.

        Beyond ``many`` groups, callers sum up only those they need.
        """
        self._many = many
        keys = [find_field(table, column, "Last") for column in group_by]
        codes = _codes(keys, rows)
        order = _order(codes)
        starts = _starts(codes[order])
        self._hold(keys, rows[order], starts, np.diff(np.append(starts, len(rows))))

    def _hold(
        self, keys: list[Field | None], members: Indices, starts: Indices, sizes: Indices
    ) -> None:
        self._keys = keys
        self.members = members
        """The rows, group by group."""
        self.starts = starts
        """Where the rows of each group begin in ``members``."""
        self.sizes = sizes
        self._summaries: dict[object, Summary] = {}
        self._by_id: dict[str, int] | None = None
        self._head: Groups | None = None

    def __len__(self) -> int:
        """Return how many groups there are."""
        return len(self.starts)

    @property
    def are_many(self) -> bool:
        """Whether summing all of them up would take too long for a window."""
        return len(self) > self._many

    def part(self, groups: Indices) -> Groups:
        """Return some of the groups, numbered anew, as if there were no others."""
        sizes = self.sizes[groups]
        ends = np.cumsum(sizes)
        starts = ends - sizes
        places = np.repeat(self.starts[groups] - starts, sizes) + np.arange(sizes.sum())
        part = Groups.__new__(Groups)
        part._many = self._many
        part._hold(self._keys, self.members[places], starts, sizes)
        return part

    def head(self) -> Groups:
        """Return enough groups to choose decimals for their numbers; all, if they are few."""
        if not self.are_many:
            return self
        if self._head is None:
            self._head = self.part(np.arange(self._many))
        return self._head

    def order(self, table: Table, sort: Sequence[SortKey]) -> Indices:
        """Return the groups in the order of what they show; equal ones in that of their values."""
        groups: Indices = np.arange(len(self))
        for key in reversed(sort):
            if key.column == GROUP_COLUMN:
                turn = -1 if key.descending else 1
                groups = groups[np.argsort(turn * groups, kind="stable")]
                continue
            field = find_field(table, key.column, key.statistic or "Last", key.at)
            if field is not None:
                summary = self.summary((key.column, key.statistic, key.at), field)
                groups = summary.field.order(groups, key.descending)
        return groups

    def values(self, group: int) -> tuple[Cell, ...]:
        """Return what the rows of a group have in common."""
        first = self.members[self.starts[group] : self.starts[group] + 1]
        cells = [field.cells(first)[0] if field else None for field in self._keys]
        # Minus zero and zero are in one group, under one name.
        return tuple(cell + 0.0 if isinstance(cell, float) else cell for cell in cells)

    def id(self, group: int) -> str:
        """Return a name for a group that outlives refresh, sort and filter."""
        texts = [
            cell if cell is None or isinstance(cell, str) else number_text(cell)
            for cell in self.values(group)
        ]
        return f"{GROUP_ID}{json.dumps(texts, ensure_ascii=False)}"

    def find(self, group_id: str) -> int | None:
        """Return the number of a group; None if there is no such group."""
        if self.are_many:
            return self._find_among_many(group_id)
        if self._by_id is None:
            self._by_id = {self.id(group): group for group in range(len(self))}
        return self._by_id.get(group_id)

    def _find_among_many(self, group_id: str) -> int | None:
        """Return the number of a group without an id for each, by the values its rows share."""
        texts = _texts_of(group_id)
        if len(texts) != len(self._keys):
            return None
        firsts = self.members[self.starts]
        found = np.arange(len(self))
        for field, text in zip(self._keys, texts, strict=True):
            if field is not None:
                found = found[_shows(field, firsts[found], text)]
        return next((group for group in found.tolist() if self.id(group) == group_id), None)

    def summary(self, name: object, field: Field) -> Summary:
        """Return a column of the groups, worked out once under each name."""
        summary = self._summaries.get(name)
        if summary is None:
            if isinstance(field, TextField):
                summary = self._of_texts(field)
            elif field.type == "time":
                summary = self._of_times(field)
            else:
                summary = self._of_numbers(field)
            self._summaries[name] = summary
        return summary

    def _of_numbers(self, field: NumberField) -> Summary:
        numbers = field.at(self.members)
        there = present(numbers, field.has_logged_nan)
        counts = self._sums(there)
        lowest, highest = self._lowest(numbers), self._highest(numbers)
        blank = counts == 0
        with np.errstate(invalid="ignore", divide="ignore", over="ignore"):
            filled = numbers if there.all() else np.where(there, numbers, 0.0)
            means = self._sums(filled) / counts
            apart = filled - np.repeat(means, self.sizes)
            if filled is not numbers:
                apart[~there] = 0.0
            deviations = np.sqrt(self._sums(apart * apart) / (counts - 1))
        # Sums are rounded: what is equal throughout is its own mean.
        alike = (lowest == highest) & np.isfinite(means)
        means = np.where(alike, lowest, means)
        deviations[alike] = 0.0
        deviations[counts < 2] = np.nan
        # A mean that is no number, of a NaN or of both infinities, is one all the same.
        means.view(np.int64)[np.isnan(means)] = LOGGED_NAN.view(np.int64)[0]
        means[blank] = np.nan
        return Summary(self._field(field, means), counts, deviations)

    def _of_times(self, field: NumberField) -> Summary:
        numbers = field.at(self.members)
        return Summary(self._field(field, self._highest(numbers)), self._sums(~np.isnan(numbers)))

    def _of_texts(self, field: TextField) -> Summary:
        codes = field.codes[self.members]
        alike = field.categories.alike()
        blank = int(alike[NO_TEXT])
        found = alike[codes]
        there = codes != NO_TEXT
        first = cast("Codes", self._reduce(np.minimum, found))
        last = cast("Codes", self._reduce(np.maximum, np.where(there, found, -1)))
        code_of = np.full(blank + 1, NO_TEXT, np.int32)
        code_of[alike[:-1]] = np.arange(len(alike) - 1, dtype=np.int32)
        common = np.where(first == last, code_of[first], NO_TEXT).astype(np.int32)
        distinct = (last >= 0).astype(np.intp)
        several = (first < last) & (last >= 0)
        if several.any():
            distinct[several] = self._distinct(several, found, there, blank + 1)
        return Summary(TextField(common, field.categories), self._sums(there), distinct=distinct)

    def _distinct(self, groups: Mask, texts: Codes, there: Mask, size: int) -> Indices:
        """Return how many different texts there are in some groups."""
        count = int(groups.sum())
        numbered = np.repeat(np.where(groups, np.cumsum(groups) - 1, -1), self.sizes)
        there = there & (numbered >= 0)
        pairs = numbered[there] * size + texts[there]
        if count * size <= _MAX_FLAGS:
            flags = np.zeros(count * size, np.bool_)
            flags[pairs] = True
            return cast("Indices", flags.reshape(count, size).sum(axis=1))
        return np.bincount(np.unique(pairs) // size, minlength=count)

    def _field(self, field: NumberField, values: Numbers) -> NumberField:
        return NumberField(field.type, NumberArray.of_values(values), np.arange(len(values)))

    def _sums(self, values: NDArray[np.bool_] | Numbers) -> NDArray[np.int_]:
        if values.dtype == np.bool_:
            values = values.view(np.int8)  # type: ignore[assignment]
            return cast("NDArray[np.int_]", self._reduce(np.add, values, np.int64))
        return cast("NDArray[np.int_]", self._reduce(np.add, values))

    def _lowest(self, numbers: Numbers) -> Numbers:
        return cast("Numbers", self._reduce(np.fmin, numbers))

    def _highest(self, numbers: Numbers) -> Numbers:
        return cast("Numbers", self._reduce(np.fmax, numbers))

    def _reduce(
        self, how: np.ufunc, values: NDArray[np.generic], dtype: type[np.generic] | None = None
    ) -> NDArray[np.generic]:
        if len(self) == len(values):  # each row is a group of its own, or there is none
            return values.astype(dtype) if dtype else values
        return cast("NDArray[np.generic]", how.reduceat(values, self.starts, dtype=dtype))


def _texts_of(group_id: str) -> list[str | None]:
    """Return the texts that the id of a group is made of; none if it is no such id."""
    try:
        return msgspec.json.decode(group_id.removeprefix(GROUP_ID), type=list[str | None])
    except msgspec.DecodeError:
        return []


def _shows(field: Field, rows: Indices, text: str | None) -> Mask:
    """Return which of some rows show a text; numbers that are equal count as the same text."""
    if isinstance(field, TextField):
        codes = field.codes[rows]
        if text is None:
            return np.asarray(codes == NO_TEXT)
        return field.categories.matching(text.__eq__)[codes]
    numbers = field.at(rows)
    number = None if text is None else parse_number(text)
    return np.isnan(numbers) if number is None or np.isnan(number) else numbers == number


def _codes(keys: Sequence[Field | None], rows: Indices) -> Indices:
    """Return a number for each row, the same for rows alike under every key, in the keys' order."""
    codes: Indices = np.zeros(len(rows), np.intp)
    for field in keys:
        if field is not None:
            more, size = _key(field, rows)
            codes = _compact(codes * size + more)
    return codes


def _key(field: Field, rows: Indices) -> tuple[Indices, int]:
    """Return numbers for the values of a column in their order, and how many there may be."""
    if isinstance(field, TextField):
        ranks = field.categories.ranks()
        return ranks[field.codes[rows]].astype(np.intp), len(ranks)
    numbers = field.at(rows)
    distinct, codes = np.unique(numbers, return_inverse=True)
    codes = codes.reshape(-1)
    blank = np.isnan(numbers)
    if blank.any():
        codes[blank] = len(distinct) + 1
        codes[is_logged_nan(numbers)] = len(distinct)
    return codes, len(distinct) + 2


def _compact(codes: Indices) -> Indices:
    """Return the same order in numbers from 0 without a gap."""
    if not codes.size:
        return codes
    size = int(codes.max()) + 1
    if size > 4 * len(codes) + _MAX_FLAGS:
        return np.unique(codes, return_inverse=True)[1].reshape(-1)
    used = np.zeros(size, np.bool_)
    used[codes] = True
    return (np.cumsum(used) - 1)[codes]


def _order(codes: Indices) -> Indices:
    """Return the places of some numbers in their order, equal ones as they were."""
    highest = int(codes.max()) if codes.size else 0
    if highest < 1 << 16:  # NumPy sorts numbers of 16 bits by their digits
        return np.argsort(codes.astype(np.uint16), kind="stable")
    if highest + 1 == len(codes):  # each number once, as without a gap there are as many
        order = np.empty(len(codes), np.intp)
        order[codes] = np.arange(len(codes))
        return order
    return np.argsort(codes, kind="stable")


def _starts(codes: Indices) -> Indices:
    """Where each run of equal numbers begins."""
    if not codes.size:
        return np.empty(0, np.intp)
    return np.flatnonzero(np.append(True, codes[1:] != codes[:-1]))
