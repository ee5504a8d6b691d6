"""The lines of a view: rows, or groups, each followed by its rows if it is unfolded."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, cast

import msgspec
import numpy as np

from smx_lab.core.entities import ComponentType, PrimaryStatus
from smx_lab.core.rows import Cell, Extent, Group, GroupSummary, Row
from smx_lab.core.table.columns.text import number_text
from smx_lab.core.table.query.differences import extent
from smx_lab.core.table.query.fields import BestStepField, Field, TextField, find_field
from smx_lab.core.table.query.groups import GROUP_COLUMN, Groups, Summary
from smx_lab.core.table.store import Table
from smx_lab.core.views.view import View, ViewColumn

if TYPE_CHECKING:
    from smx_lab.core.table.query.fields import Indices

_NO_SUMMARY = GroupSummary(n=0)


class Selection:
    """The rows of a view, in its order, and how many the type filter alone keeps out.

    Remembers what has been worked out about them.
    """

    def __init__(self, rows: Indices, hidden_by_type: int) -> None:
        self.rows = rows
        self.hidden_by_type = hidden_by_type
        self.groups: dict[tuple[str, ...], tuple[Groups, Indices]] = {}
        self.extents: dict[ViewColumn, Extent | None] = {}


class Lines:
    """What stands on each line of a grouped view. ``order`` holds the groups from top to bottom.

    The baseline stands on the first line only: not in its place among the groups, or in its group.
    """

    def __init__(self, groups: Groups, order: Indices, view: View, baseline: int | None) -> None:
        """``baseline`` is a row of the table; a group that is the baseline is named in ``view``."""
        self.groups = groups
        self.lead = baseline
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
        self.unfolded = np.zeros(len(groups), np.bool_)
        for group_id in view.expanded:
            found = groups.find(group_id)
            if found is not None:
                self.unfolded[found] = True
        lengths = 1 + np.where(self.unfolded, sizes, 0)[order]
        self._ends = np.cumsum(lengths)

    @property
    def total(self) -> int:
        """How many lines there are."""
        lead = self.lead is not None
        return int(lead) + (int(self._ends[-1]) if len(self._ends) else 0)

    def at(self, offset: int, limit: int) -> tuple[Indices, Indices]:
        """A group and a row of the table for each line of a window; −1 for the one it is not."""
        lead = self.lead is not None
        lines = np.arange(offset, min(offset + limit, self.total)) - int(lead)
        places = np.searchsorted(self._ends, lines, side="right")
        begins = np.append(0, self._ends)[places]
        groups = self._order[places] if len(self._order) else places
        below = lines - begins - 1
        rows = np.full(len(lines), -1)
        members = (below >= 0) & (lines >= 0)
        rows[members] = self._members[self._starts[groups[members]] + below[members]]
        groups = np.where(members, -1, groups)
        if lead and offset == 0 and len(lines):
            groups[0], rows[0] = -1, cast(int, self.lead)
        return groups, rows


def groups_and_rows(lines: Lines | Indices, offset: int, limit: int) -> tuple[Indices, Indices]:
    """A group and a row of the table for each line of a window; −1 for the one it is not."""
    if isinstance(lines, Lines):
        return lines.at(offset, limit)
    rows = lines[offset : offset + limit]
    return np.full(len(rows), -1), rows


def pending_of(
    lines: Lines | Indices, at: tuple[Indices, Indices], fields: Sequence[Field | None]
) -> list[tuple[int, int]]:
    """Line and column of the cells whose value, or that of a row behind them, is not known yet."""
    groups, rows = at
    found = []
    for column, field in enumerate(fields):
        if isinstance(field, BestStepField):
            pending = (rows >= 0) & field.pending(rows)
            if isinstance(lines, Lines):
                of_members = field.pending(lines.groups.members)
                for line in np.flatnonzero(groups >= 0).tolist():
                    start = lines.groups.starts[groups[line]]
                    end = start + lines.groups.sizes[groups[line]]
                    pending[line] = of_members[start:end].any()
            found += [(line, column) for line in np.flatnonzero(pending).tolist()]
    return found


def grouped_rows(
    table: Table,
    view: View,
    lines: Lines,
    window: tuple[int, int],
    fields: Sequence[Field | None],
    make: Callable[[Indices, Sequence[Field | None]], list[Row]],
) -> list[Row]:
    """Return a window, an offset and a limit, of a grouped view; ``make`` makes its plain rows."""
    at_groups, at_rows = lines.at(*window)
    plain = iter(make(at_rows[at_rows >= 0], fields))
    groups = iter(_group_rows(table, view, lines, at_groups[at_groups >= 0], fields))
    found = []
    for row in at_rows.tolist():
        if row < 0:
            found.append(next(groups))
        elif row == lines.lead:
            found.append(next(plain))
        else:
            found.append(msgspec.structs.replace(next(plain), level=2))
    return found


def group_label(values: Sequence[Cell]) -> str:
    """The values of a group as one text."""
    return " · ".join(number_text(v) if isinstance(v, float | int) else v or "–" for v in values)


class GroupLabels(TextField):
    """For each row the label of its group: what ``summary:Group`` shows of rows."""

    def __init__(self, groups: Groups) -> None:
        self._groups = groups

    def cells(self, rows: Indices) -> list[Cell]:
        """The labels of some rows."""
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


def summary_of(groups: Groups, view: View, place: int, field: Field | None) -> Summary | None:
    """The summary of a view's column; None where no row has it."""
    shown = view.columns[place]
    if field is None or isinstance(field, GroupLabels):
        return None
    is_metric = shown.column.startswith("metric:")
    has_statistic = is_metric and shown.at is None
    statistic = (shown.statistic or view.default_statistic) if has_statistic else None
    return groups.summary((shown.column, statistic, shown.at), field)


def _group_rows(
    table: Table, view: View, lines: Lines, groups: Indices, fields: Sequence[Field | None]
) -> list[Row]:
    everything, at = lines.groups, groups
    if everything.are_many:
        everything, at = everything.part(groups), np.arange(len(groups))
    values = [everything.values(group) for group in at.tolist()]
    labels = [group_label(found) for found in values]
    cells: list[list[Cell]] = []
    behind: list[list[GroupSummary]] = []
    for place, field in enumerate(fields):
        summary = summary_of(everything, view, place, field)
        if summary is not None:
            cells.append(summary.field.cells(at))
            behind.append(summary.of(at))
        else:
            is_label = view.columns[place].column == GROUP_COLUMN
            cells.append(list(labels) if is_label else [None] * len(groups))
            behind.append([_NO_SUMMARY] * len(groups))
    shared = [_common(table, everything, name, at) for name in ("Experiment", "Type", "Status")]
    return [
        Row(
            id=everything.id(number),
            experiment_name=shared[0][line],
            trial_name=None,
            trial_component_name="",
            trial_component_arn="",
            display_name=labels[line],
            type=cast(ComponentType, shared[1][line] or "Undefined"),
            status=cast("PrimaryStatus | None", shared[2][line]),
            training_job_name=None,
            model_data=None,
            cells=tuple(column[line] for column in cells),
            group=Group(
                values=values[line],
                row_count=int(everything.sizes[number]),
                is_expanded=bool(lines.unfolded[group]),
                summaries=tuple(column[line] for column in behind),
            ),
        )
        for line, (group, number) in enumerate(zip(groups.tolist(), at.tolist(), strict=True))
    ]


def _common(table: Table, groups: Groups, name: str, at: Indices) -> list[str | None]:
    """What all rows of a group have in a summary column."""
    column = f"summary:{name}"
    field = find_field(table, column, "Last")
    assert isinstance(field, TextField)
    summary = groups.summary((column, None, None), field)
    found = cast("list[str | None]", summary.field.cells(at))
    whole = summary.counts[at] == groups.sizes[at]
    return [text if all_have else None for text, all_have in zip(found, whole, strict=True)]


def decimals_of(
    view: View, lines: Lines | Indices, fields: Sequence[Field | None]
) -> list[int | None]:
    """How many decimals the numbers of each column show, those of groups among them."""
    decimals = [field.decimals() if field else None for field in fields]
    if isinstance(lines, Lines):
        for place, field in enumerate(fields):
            summary = summary_of(lines.groups.head(), view, place, field)
            of_means = summary.field.decimals() if summary else None
            most = decimals[place]
            decimals[place] = None if of_means is None or most is None else max(most, of_means)
    return decimals


def extents_of(
    view: View, selection: Selection, lines: Lines | Indices, fields: Sequence[Field | None]
) -> list[Extent | None] | None:
    """How far each metric reaches: over all rows, or over the means of all groups."""
    if not view.extents:
        return None
    found: list[Extent | None] = []
    for place, (shown, field) in enumerate(zip(view.columns, fields, strict=True)):
        if not shown.column.startswith("metric:"):
            found.append(None)
        elif isinstance(lines, Lines):
            summary = summary_of(lines.groups, view, place, field)
            everything = np.arange(len(lines.groups))
            found.append(extent(summary.field, everything) if summary else None)
        else:
            statistic = shown.statistic or view.default_statistic
            key = msgspec.structs.replace(shown, statistic=statistic)
            if key not in selection.extents:
                selection.extents[key] = extent(field, selection.rows)
            found.append(selection.extents[key])
    return found
