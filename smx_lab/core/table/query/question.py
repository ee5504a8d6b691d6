"""A view put to one version of a table: what of it is asked for is worked out once."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from smx_lab.core.table.query.display_rows import DisplayRows, GroupedRows, PlainRows
from smx_lab.core.table.query.fields import Field, find_field
from smx_lab.core.table.query.group_labels import GroupLabels
from smx_lab.core.table.query.groups import MANY_GROUPS, Groups
from smx_lab.core.table.query.selections import Selection, Selections, essence
from smx_lab.core.table.store import Table
from smx_lab.core.views.view import GROUP_COLUMN, View

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from smx_lab.core.table.query.fields import Indices


class Question:
    """The rows, groups and columns of a view. Used under the table's lock, and not kept beyond it.

    ``view`` keeps the rules, and none of its filters stands for the caller any more.
    """

    def __init__(
        self, table: Table, view: View, selections: Selections, many_groups: int = MANY_GROUPS
    ) -> None:
        self.table = table
        self.view = view
        self._selections = selections
        self._many_groups = many_groups

    @cached_property
    def selection(self) -> Selection:
        """The rows that pass the filters, in order."""
        return self._selections.of(self.view)

    @cached_property
    def fields(self) -> list[Field | None]:
        """What each column of the view shows; None where no row has the column."""
        view, groups = self.view, self.groups
        return [
            GroupLabels(groups)
            if shown.column == GROUP_COLUMN and groups is not None
            else find_field(
                self.table, shown.column, shown.statistic or view.default_statistic, shown.at
            )
            for shown in view.columns
        ]

    @property
    def groups(self) -> Groups | None:
        """The groups of the rows; None if the view is not grouped."""
        return self._grouped[0] if self.view.group_by else None

    @property
    def group_order(self) -> Indices:
        """The groups of a grouped view from top to bottom."""
        return self._grouped[1]

    @cached_property
    def display_rows(self) -> DisplayRows:
        """What the view shows from top to bottom: rows, or groups and their rows."""
        view = self.view
        baseline = None if view.baseline is None else self.table.find_row(view.baseline)
        groups = self.groups
        if groups is not None:
            return GroupedRows(groups, self.group_order, view, baseline)
        rows = self.selection.rows
        if baseline is not None:
            rows = np.append(baseline, rows[rows != baseline])
        return PlainRows(rows)

    def slots(self, rows: Indices) -> NDArray[np.int32]:
        """Return the slots of some rows' trial components."""
        return self.table.pairs.slots[rows]

    @cached_property
    def _grouped(self) -> tuple[Groups, Indices]:
        key, selection = self.view.group_by, self.selection
        found = selection.groups.get(key)
        if found is None:
            groups = Groups(self.table, key, selection.rows, self._many_groups)
            order = groups.order(self.table, essence(self.view).sort)
            found = selection.groups[key] = groups, order
        return found
