"""What a view shows from top to bottom: rows, or groups, each followed by its rows if expanded."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

import numpy as np

from smx_lab.core.table.query.groups import Groups
from smx_lab.core.views.view import View

if TYPE_CHECKING:
    from smx_lab.core.table.query.fields import Indices


class PlainRows:
    """The display rows of a view without groups: rows of the table from top to bottom."""

    groups: None = None

    def __init__(self, rows: Indices) -> None:
        self._rows = rows

    @property
    def total(self) -> int:
        """How many display rows there are."""
        return len(self._rows)

    def at(self, offset: int, limit: int) -> tuple[Indices, Indices]:
        """Return a group and a row of the table for each display row of a window.

        One of the two is −1: here always the group.
        """
        rows = self._rows[offset : offset + limit]
        return np.full(len(rows), -1), rows


class GroupedRows:
    """The display rows of a grouped view: each group, followed by its rows if it is expanded.

    The baseline is the first display row and has no other place: not among the groups, and not in
    its group.
    """

    def __init__(self, groups: Groups, order: Indices, view: View, baseline: int | None) -> None:
        """Take the groups from top to bottom in ``order``.

        ``baseline`` is a row of the table; a group that is the baseline is named in ``view``.
        """
        self.groups = groups
        self.lead = baseline
        """The row of the table that is the baseline, if any."""
        self._members = groups.members
        starts, sizes = groups.starts, groups.sizes
        if baseline is not None:
            at = np.flatnonzero(groups.members == baseline)
            if at.size:
                self._members = np.delete(groups.members, at[0])
                group = int(np.searchsorted(starts, at[0], side="right")) - 1
                starts, sizes = starts.copy(), sizes.copy()
                sizes[group] -= 1
                starts[group + 1 :] -= 1
        elif view.baseline is not None and (first := groups.find(view.baseline)) is not None:
            order = np.append(first, order[order != first])
        self._order = order
        self._starts = starts
        self.is_expanded = np.zeros(len(groups), np.bool_)
        for group_id in view.expanded:
            found = groups.find(group_id)
            if found is not None:
                self.is_expanded[found] = True
        lengths = 1 + np.where(self.is_expanded, sizes, 0)[order]
        self._ends = np.cumsum(lengths)

    @property
    def total(self) -> int:
        """How many display rows there are."""
        lead = self.lead is not None
        return int(lead) + (int(self._ends[-1]) if len(self._ends) else 0)

    def at(self, offset: int, limit: int) -> tuple[Indices, Indices]:
        """Return a group and a row of the table for each display row of a window.

        One of the two is −1.
        """
        lead = self.lead is not None
        asked = np.arange(offset, min(offset + limit, self.total)) - int(lead)
        places = np.searchsorted(self._ends, asked, side="right")
        begins = np.append(0, self._ends)[places]
        groups = self._order[places] if len(self._order) else places
        below = asked - begins - 1
        rows = np.full(len(asked), -1)
        members = (below >= 0) & (asked >= 0)
        rows[members] = self._members[self._starts[groups[members]] + below[members]]
        groups = np.where(members, -1, groups)
        if lead and offset == 0 and len(asked):
            groups[0], rows[0] = -1, cast(int, self.lead)
        return groups, rows


DisplayRows = PlainRows | GroupedRows
