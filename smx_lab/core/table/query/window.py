"""A window of a view: some display rows, and what is true of all of them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, NamedTuple

import msgspec
import numpy as np

from smx_lab.core.rows import Extent, Row
from smx_lab.core.table.query.differences import extent
from smx_lab.core.table.query.display_rows import GroupedRows
from smx_lab.core.table.query.fields import BestStepField
from smx_lab.core.table.query.group_rows import group_rows, summary_of
from smx_lab.core.table.query.groups import Groups
from smx_lab.core.table.query.question import Question
from smx_lab.core.table.query.table_rows import table_rows

if TYPE_CHECKING:
    from smx_lab.core.table.query.fields import Indices


class Window(NamedTuple):
    """Some display rows of a view, and what is true of all of them.

    ``total`` counts the display rows, ``passed`` the rows that pass the filters, ``groups`` the
    groups they make.
    """

    rows: list[Row]
    total: int
    hidden_by_type: int
    version: int
    decimals: list[int | None]
    passed: int
    groups: int | None
    extents: list[Extent | None] | None
    baseline: Row | None
    pending: list[tuple[int, int]]
    """Display row and column of the cells that are not known yet."""
    slots: list[int]
    """Of the rows' trial components."""


def window_of(question: Question, offset: int, limit: int) -> Window:
    """Return at most ``limit`` display rows of a view, from the ``offset``-th on."""
    groups, rows = question.display_rows.at(offset, limit)
    return Window(
        rows=_rows(question, groups, rows),
        total=question.display_rows.total,
        hidden_by_type=question.selection.hidden_by_type,
        version=question.table.version,
        decimals=_decimals(question),
        passed=len(question.selection.rows),
        groups=len(question.groups) if question.groups is not None else None,
        extents=_extents(question),
        baseline=_baseline(question),
        pending=_pending(question, groups, rows),
        slots=question.slots(rows[rows >= 0]).tolist(),
    )


def window_of_rows(question: Question, found: Sequence[int]) -> Window:
    """Return these rows of the table, in this order, whatever the view filters."""
    rows = np.array(found, np.intp)
    return Window(
        rows=table_rows(question.table, rows, question.fields),
        total=len(rows),
        hidden_by_type=0,
        version=question.table.version,
        decimals=[field.decimals() if field else None for field in question.fields],
        passed=len(rows),
        groups=None,
        extents=None,
        baseline=None,
        pending=_pending(question, np.full(len(rows), -1), rows),
        slots=question.slots(rows).tolist(),
    )


def _rows(question: Question, groups: Indices, rows: Indices) -> list[Row]:
    plain = table_rows(question.table, rows[rows >= 0], question.fields)
    shown = question.display_rows
    if not isinstance(shown, GroupedRows):
        return plain
    next_row, next_group = iter(plain), iter(group_rows(question, shown, groups[groups >= 0]))
    found = []
    for row in rows.tolist():
        if row < 0:
            found.append(next(next_group))
        elif row == shown.lead:
            found.append(next(next_row))
        else:
            found.append(msgspec.structs.replace(next(next_row), level=2))
    return found


def _baseline(question: Question) -> Row | None:
    """Return the first display row, if it is the baseline."""
    if question.view.baseline is None:
        return None
    first = _rows(question, *question.display_rows.at(0, 1))
    return first[0] if first and first[0].id == question.view.baseline else None


def _decimals(question: Question) -> list[int | None]:
    """Return how many decimals the numbers of each column show, those of groups among them."""
    decimals = [field.decimals() if field else None for field in question.fields]
    groups = question.groups
    if groups is not None:
        for place, field in enumerate(question.fields):
            summary = summary_of(groups.head(), question.view, place, field)
            of_means = summary.field.decimals() if summary else None
            most = decimals[place]
            decimals[place] = None if of_means is None or most is None else max(most, of_means)
    return decimals


def _extents(question: Question) -> list[Extent | None] | None:
    """Return how far each metric reaches: over all rows, or over the means of all groups."""
    view, groups, selection = question.view, question.groups, question.selection
    if not view.extents:
        return None
    found: list[Extent | None] = []
    for place, (shown, field) in enumerate(zip(view.columns, question.fields, strict=True)):
        if not shown.column.startswith("metric:"):
            found.append(None)
        elif groups is not None:
            summary = summary_of(groups, view, place, field)
            found.append(extent(summary.field, np.arange(len(groups))) if summary else None)
        else:
            statistic = shown.statistic or view.default_statistic
            key = msgspec.structs.replace(shown, statistic=statistic)
            if key not in selection.extents:
                selection.extents[key] = extent(field, selection.rows)
            found.append(selection.extents[key])
    return found


def _pending(question: Question, groups: Indices, rows: Indices) -> list[tuple[int, int]]:
    """Return display row and column of the cells whose value is not known yet.

    The cell of a group is pending if that of any of its rows is.
    """
    found = []
    for column, field in enumerate(question.fields):
        if isinstance(field, BestStepField):
            pending = (rows >= 0) & field.pending(rows)
            if question.groups is not None:
                of_members = field.pending(question.groups.members)
                for at in np.flatnonzero(groups >= 0).tolist():
                    pending[at] = of_members[_members(question.groups, groups[at])].any()
            found += [(at, column) for at in np.flatnonzero(pending).tolist()]
    return found


def _members(groups: Groups, group: int) -> slice:
    start = groups.starts[group]
    return slice(start, start + groups.sizes[group])
