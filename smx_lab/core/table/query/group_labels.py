"""What a group is called, and which group a row belongs to."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from smx_lab.core.rows import Cell
from smx_lab.core.table.columns.text import number_text
from smx_lab.core.table.query.fields import TextField
from smx_lab.core.table.query.groups import Groups

if TYPE_CHECKING:
    from smx_lab.core.table.query.fields import Indices


def group_label(values: Sequence[Cell]) -> str:
    """Return the values of a group as one text."""
    return " · ".join(number_text(v) if isinstance(v, float | int) else v or "–" for v in values)


class GroupLabels(TextField):
    """For each row the label of its group: what ``summary:Group`` shows of rows."""

    def __init__(self, groups: Groups) -> None:
        self._groups = groups

    def cells(self, rows: Indices) -> list[Cell]:
        """Return the labels of some rows."""
        members = self._groups.members
        place = np.empty(int(members.max()) + 1 if members.size else 0, np.intp)
        place[members] = np.arange(len(members))
        known = np.isin(rows, members)
        groups = np.full(len(rows), -1)
        groups[known] = np.searchsorted(self._groups.starts, place[rows[known]], side="right") - 1
        labels = {
            group: group_label(self._groups.values(group)) for group in np.unique(groups[known])
        }
        return [labels.get(group) for group in groups.tolist()]
