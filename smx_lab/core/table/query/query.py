"""What can be asked of a table by a view: windows, snapshots, values, differences."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

import msgspec
import numpy as np

from smx_lab.core.statistics import Statistic
from smx_lab.core.table.query.differences import Differences
from smx_lab.core.table.query.fields import find_field, statistic_of
from smx_lab.core.table.query.filters import check_filters, with_caller
from smx_lab.core.table.query.group_snapshot import group_snapshot
from smx_lab.core.table.query.groups import GROUP_ID, MANY_GROUPS, check_groups
from smx_lab.core.table.query.question import Question
from smx_lab.core.table.query.selections import Selections
from smx_lab.core.table.query.snapshot import Snapshot, TextValues, freeze
from smx_lab.core.table.query.table_rows import row_ids
from smx_lab.core.table.query.values import Distinct, distinct_values
from smx_lab.core.table.query.window import Window, window_of, window_of_rows
from smx_lab.core.table.store import Table
from smx_lab.core.views.view import View

if TYPE_CHECKING:
    from smx_lab.core.table.query.fields import Indices

_AT_ONCE = 100
"""Columns that are compared before other callers have their turn. Our choice."""


class ChartRows(NamedTuple):
    """Rows that a chart draws, the first of ``total``."""

    snapshot: Snapshot
    total: int
    version: int


class Queries:
    """Views of one table; the same view of the same version is worked out once.

    A method that takes a view raises InvalidRequest if the view names an impossible column or
    group, or a filter lacks its values.
    """

    def __init__(
        self,
        table: Table,
        caller_names: Callable[[], Sequence[str]] = tuple[str, ...],
        many_groups: int = MANY_GROUPS,
    ) -> None:
        """Read ``table``.

        Parameters
        ----------
        caller_names : callable
            The names under which the caller appears as a creator.
        many_groups : int
            With more groups, only those in a window are summed up where that is enough.
        """
        self._table = table
        self._caller_names = caller_names
        self._many_groups = many_groups
        self._selections = Selections(table)

    def window(self, view: View, offset: int, limit: int) -> Window:
        """Return at most ``limit`` rows of a view, from its ``offset``-th on."""
        view = self._prepare(view)
        with self._table.lock:
            return window_of(self._question(view), offset, limit)

    def rows_of(self, view: View, ids: Sequence[str]) -> Window:
        """Return the rows of these ids, in this order; one that the table lacks is left out.

        Rows that the view filters out are among them, and its groups do not count.
        """
        with self._table.lock:
            found = [row for row in map(self._table.find_row, ids) if row is not None]
            view = msgspec.structs.replace(view, group_by=())
            return window_of_rows(self._question(view), found)

    def differing_columns(self, view: View, at_once: int = _AT_ONCE) -> tuple[list[str], int]:
        """Return the ids of all columns that differ in the rows of a view; see ``Differences``.

        Metrics are compared by the statistic in which the view shows them. The second value is the
        version of the table.
        """
        asked = self._prepare(view, group_by=())
        statistics = {shown.column: shown.statistic for shown in view.columns}
        with self._table.lock:
            version = self._table.version
            columns = self._table.columns()
            differences = Differences(self._table, self._question(asked).selection.rows)
        found: list[str] = []
        for first in range(0, len(columns), at_once):
            # With many columns this takes a while, and other callers want their rows.
            with self._table.lock:
                if self._table.version != version:
                    return self.differing_columns(view, at_once=len(columns))
                found += [
                    column.id
                    for column in columns[first : first + at_once]
                    if differences.differ(
                        column.id, statistics.get(column.id) or view.default_statistic
                    )
                ]
        return found, version

    def distinct(
        self,
        view: View,
        column: str,
        statistic: Statistic | None = None,
        contains: str = "",
        limit: int = 100,
    ) -> Distinct:
        """Return the values of a column in the rows that pass the filters on all other columns."""
        meant = statistic_of(view, column, statistic)
        others = tuple(condition for condition in view.filters if condition.column != column)
        view = self._prepare(view, filters=others, sort=(), group_by=())
        with self._table.lock:
            field = find_field(self._table, column, meant)
            rows = self._question(view).selection.rows
            return distinct_values(field, rows, contains, limit)

    def snapshot(self, view: View, ids: Collection[str] | None = None) -> Snapshot:
        """Return everything that a view shows, as it is now; later changes do not reach it.

        A grouped view gives its groups, one row each.

        Parameters
        ----------
        ids : collection of str, optional
            Only these rows, whether or not they pass the filters; or only these groups.
        """
        view = self._prepare(view)
        of_groups = ids is None or any(one.startswith(GROUP_ID) for one in ids)
        with self._table.lock:
            if view.group_by and of_groups:
                return group_snapshot(self._question(view), ids)
            if ids is not None:
                view = msgspec.structs.replace(view, filters=(), types=None)
            question = self._question(view)
            rows = question.selection.rows
            found = row_ids(self._table, rows)
            if ids is not None:
                wanted = set(ids)
                kept = [at for at, row in enumerate(found) if row in wanted]
                rows, found = rows[kept], [found[at] for at in kept]
            return _row_snapshot(question, rows, found)

    def chart_rows(self, view: View, ids: Collection[str] | None, limit: int) -> ChartRows:
        """Return what a chart draws: the rows that pass the filters, only those with these ids."""
        view = self._prepare(view, group_by=(), expanded=(), baseline=None)
        with self._table.lock:
            question = self._question(view)
            rows = question.selection.rows
            if ids is not None:
                names = {one.partition("/")[2] for one in ids}
                slots = [slot for slot in map(self._table.members.find, names) if slot is not None]
                rows = rows[np.isin(question.slots(rows), slots)]
                # A component may be in several trials, and only some of its rows meant.
                wanted = set(ids)
                rows = rows[
                    [at for at, one in enumerate(row_ids(self._table, rows)) if one in wanted]
                ]
            shown = rows[:limit]
            snapshot = _row_snapshot(question, shown, row_ids(self._table, shown))
            return ChartRows(snapshot, len(rows), self._table.version)

    def _prepare(self, view: View, **changes: Any) -> View:
        """Return a view that keeps the rules, with some members changed and the caller named.

        Without the table's lock: to name the caller may take a call to AWS.
        """
        check_filters(view)
        view = msgspec.structs.replace(view, **changes)
        check_groups(view)
        return with_caller(view, self._caller_names)

    def _question(self, view: View) -> Question:
        return Question(self._table, view, self._selections, self._many_groups)


def _row_snapshot(question: Question, rows: Indices, ids: list[str]) -> Snapshot:
    names = question.table.names
    return Snapshot(
        ids=ids,
        names=TextValues(names.codes_at(question.slots(rows)), names.categories),
        columns=[freeze(field, rows) for field in question.fields],
    )
