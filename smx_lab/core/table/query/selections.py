"""Which rows a view shows and in which order, worked out once for each version of a table."""

from __future__ import annotations

from collections import OrderedDict
from typing import TYPE_CHECKING, cast

import numpy as np

from smx_lab.core.rows import Extent
from smx_lab.core.table.query.fields import TextField, find_field, statistic_of
from smx_lab.core.table.query.filters import passing_rows
from smx_lab.core.table.query.groups import Groups
from smx_lab.core.table.store import Table
from smx_lab.core.views.view import Filter, SortKey, View, ViewColumn

if TYPE_CHECKING:
    from smx_lab.core.table.query.fields import Indices

MAX_KEPT = 8
"""Selections kept for a table: for a few open windows, the present view and the one before it."""


class Selection:
    """The rows of a view, in its order, and how many the type filter alone keeps out.

    Groups and extents are kept here once they have been worked out.
    """

    def __init__(self, rows: Indices, hidden_by_type: int) -> None:
        self.rows = rows
        self.hidden_by_type = hidden_by_type
        self.groups: dict[tuple[str, ...], tuple[Groups, Indices]] = {}
        self.extents: dict[ViewColumn, Extent | None] = {}


class Selections:
    """The selections of one table. Used under the table's lock."""

    def __init__(self, table: Table) -> None:
        self._table = table
        self._version: int | None = None
        self._kept: OrderedDict[View, Selection] = OrderedDict()
        self._base: Indices | None = None

    def of(self, view: View) -> Selection:
        """Return the rows of a view. None of its filters stands for the caller any more."""
        if self._version != self._table.version:
            self._kept.clear()
            self._base = None
            self._version = self._table.version
        key = essence(view)
        selection = self._kept.get(key)
        if selection is None:
            selection = self._kept[key] = self._work_out(key)
            if len(self._kept) > MAX_KEPT:
                self._kept.popitem(last=False)
        self._kept.move_to_end(key)
        return selection

    def _work_out(self, view: View) -> Selection:
        order = self._order(view)
        if not view.filters and view.types is None:
            return Selection(order, 0)
        met = passing_rows(self._table, view)
        shown = met
        if view.types is not None:
            field = cast(TextField, find_field(self._table, "summary:Type", "Last"))
            shown = met & field.categories.matching(view.types.__contains__)[field.codes]
        return Selection(order[shown[order]], int(met.sum() - shown.sum()))

    def _order(self, view: View) -> Indices:
        if not view.sort:
            return self._original()
        # A change of filters alone finds the order of all rows here.
        unfiltered = View(sort=view.sort)
        if view != unfiltered:
            return self.of(unfiltered).rows
        order = self._original()
        for key in reversed(view.sort):  # the sorts are stable, so the first key goes last
            field = find_field(self._table, key.column, key.statistic or "Last", key.at)
            if field is not None:
                order = field.order(order, key.descending)
        return order

    def _original(self) -> Indices:
        """Return all rows, newest trial component first; those of one stay as they were met."""
        if self._base is None:
            field = find_field(self._table, "summary:Created on", "Last")
            assert field is not None
            self._base = field.order(np.arange(len(self._table)), True)
        return self._base


def essence(view: View) -> View:
    """Return the part of a view that decides about rows and order, with statistics spelled out."""

    def spell_out(part: SortKey | Filter) -> dict[str, object]:
        is_metric = part.column.startswith("metric:")
        statistic = statistic_of(view, part.column, part.statistic) if is_metric else None
        if part.at is not None:
            statistic = None
        return {"column": part.column, "statistic": statistic, "at": part.at}

    return View(
        sort=tuple(SortKey(**spell_out(key), descending=key.descending) for key in view.sort),  # type: ignore[arg-type]
        filters=tuple(
            Filter(**spell_out(item), operator=item.operator, values=item.values)  # type: ignore[arg-type]
            for item in view.filters
        ),
        types=view.types,
    )
