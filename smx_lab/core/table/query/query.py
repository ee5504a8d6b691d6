"""Views of a table: which rows, in which order, and a window of their cells."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from typing import TYPE_CHECKING, NamedTuple, cast

import msgspec
import numpy as np

from smx_lab.core.entities import ComponentType, PrimaryStatus
from smx_lab.core.rows import Cell, Extent, Row
from smx_lab.core.statistics import Statistic
from smx_lab.core.table.query.differences import Differences
from smx_lab.core.table.query.display_rows import (
    GroupLabels,
    Lines,
    Selection,
    decimals_of,
    extents_of,
    grouped_rows,
    groups_and_rows,
    pending_of,
)
from smx_lab.core.table.query.fields import Field, find_field, statistic_of
from smx_lab.core.table.query.filters import check_filters, with_caller
from smx_lab.core.table.query.group_snapshot import group_snapshot
from smx_lab.core.table.query.groups import GROUP_COLUMN, GROUP_ID, Groups, check_groups
from smx_lab.core.table.query.selections import Selections, essence
from smx_lab.core.table.query.snapshot import Snapshot, TextValues, frozen, row_ids
from smx_lab.core.table.query.values import Distinct, distinct_values
from smx_lab.core.table.store import Table
from smx_lab.core.views.view import View

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from smx_lab.core.table.query.fields import Indices

MODEL_ARTIFACT = "SageMaker.ModelArtifact"
"""The output artifact under which SageMaker puts a training job's model (recorded jobs)."""

_AT_ONCE = 100
"""Columns that are compared before others have their turn. Our choice."""


class Window(NamedTuple):
    """Some lines of a view, and what is true of all of them.

    ``total`` counts the lines, ``passed`` the rows that pass the filters, ``groups`` the groups
    they make.
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
    """Row and column of the cells that are not known yet."""
    slots: list[int]
    """Of the rows' trial components."""


class Cells(NamedTuple):
    """Everything that a view shows. ``names`` are the real names of the rows' components."""

    names: list[str]
    columns: list[list[Cell]]


class Drawn(NamedTuple):
    """Rows that a chart draws, the first of ``total``."""

    snapshot: Snapshot
    total: int
    version: int


class Queries:
    """Answers views of one table; the same view of the same version is worked out once."""

    def __init__(
        self, table: Table, caller_names: Callable[[], Sequence[str]] = tuple[str, ...]
    ) -> None:
        """``caller_names`` gives the names under which the one who asks appears as a creator."""
        self._table = table
        self._caller_names = caller_names
        self._selections = Selections(table)

    def window(self, view: View, offset: int, limit: int) -> Window:
        """Return at most ``limit`` rows of a view, from its ``offset``-th on.

        Raises
        ------
        InvalidRequest
            If the view names an impossible column, or a filter lacks its values.
        """
        check_filters(view)
        view = with_caller(view, self._caller_names)
        check_groups(view)
        with self._table.lock:
            selection = self._select(view)
            lines = self._lines(view, selection)
            fields = self._fields(view, lines.groups if isinstance(lines, Lines) else None)
            lines_at = groups_and_rows(lines, offset, limit)
            return Window(
                rows=self._window_rows(view, lines, (offset, limit), fields),
                total=lines.total if isinstance(lines, Lines) else len(lines),
                hidden_by_type=selection.hidden_by_type,
                version=self._table.version,
                decimals=decimals_of(view, lines, fields),
                passed=len(selection.rows),
                groups=len(lines.groups) if isinstance(lines, Lines) else None,
                extents=extents_of(view, selection, lines, fields),
                baseline=self._baseline(view, lines, fields),
                pending=pending_of(lines, lines_at, fields),
                slots=self._slots(lines_at[1][lines_at[1] >= 0]).tolist(),
            )

    def rows_of(self, view: View, ids: Sequence[str]) -> Window:
        """Return the rows of these ids, in this order; one that the table lacks is left out.

        What the view filters out is answered all the same.
        """
        with self._table.lock:
            found = [row for row in map(self._table.find_row, ids) if row is not None]
            fields = self._fields(view)
            rows = np.array(found, np.intp)
            return Window(
                rows=self._rows(rows, fields),
                total=len(found),
                hidden_by_type=0,
                version=self._table.version,
                decimals=[field.decimals() if field else None for field in fields],
                passed=len(found),
                groups=None,
                extents=None,
                baseline=None,
                pending=pending_of(rows, (np.full(len(rows), -1), rows), fields),
                slots=self._slots(rows).tolist(),
            )

    def differing(self, view: View, at_once: int = _AT_ONCE) -> tuple[list[str], int]:
        """The ids of all columns that differ in the rows of a view; see ``Differences``.

        Metrics are compared by the statistic in which the view shows them. The second value is the
        version of the table.
        """
        check_filters(view)
        view = with_caller(view, self._caller_names)
        statistics = {shown.column: shown.statistic for shown in view.columns}
        with self._table.lock:
            version = self._table.version
            columns = self._table.columns()
            differences = Differences(self._table, self._select(view).rows)
        found: list[str] = []
        for first in range(0, len(columns), at_once):
            # With many columns this takes a while, and others want their rows.
            with self._table.lock:
                if self._table.version != version:
                    return self.differing(view, at_once=len(columns))
                found += [
                    column.id
                    for column in columns[first : first + at_once]
                    if differences.differ(
                        column.id, statistics.get(column.id) or view.default_statistic
                    )
                ]
        return found, version

    def everything(self, view: View) -> Cells:
        """All cells of a view, column by column: for exports and data frames.

        Grouped rows are answered one by one; ``summary:Group`` tells the group of each.
        """
        check_filters(view)
        check_groups(view)
        view = with_caller(view, self._caller_names)
        with self._table.lock:
            selection, names = self._select(view), self._table.names
            groups = self._grouped(view, selection)[0] if view.group_by else None
            rows = selection.rows
            return Cells(
                names=cast("list[str]", names.categories.at(names.codes_at(self._slots(rows)))),
                columns=[
                    field.cells(rows) if field else [None] * len(rows)
                    for field in self._fields(view, groups)
                ],
            )

    def distinct(
        self,
        view: View,
        column: str,
        statistic: Statistic | None = None,
        contains: str = "",
        limit: int = 100,
    ) -> Distinct:
        """The values of a column in the rows that pass the filters on all other columns.

        Raises
        ------
        InvalidRequest
            If the column is impossible, or a filter lacks its values.
        """
        check_filters(view)
        meant = statistic_of(view, column, statistic)
        others = tuple(condition for condition in view.filters if condition.column != column)
        view = msgspec.structs.replace(view, filters=others, sort=())
        view = with_caller(view, self._caller_names)
        with self._table.lock:
            field = find_field(self._table, column, meant)
            return distinct_values(field, self._select(view).rows, contains, limit)

    def snapshot(self, view: View, ids: Collection[str] | None = None) -> Snapshot:
        """Everything that a view shows, as it is now; later changes do not reach the answer.

        A grouped view answers its groups, one row each.

        Parameters
        ----------
        ids : collection of str, optional
            Only these rows, whether or not they pass the filters; or only these groups.
        """
        check_filters(view)
        check_groups(view)
        view = with_caller(view, self._caller_names)
        of_groups = ids is None or any(one.startswith(GROUP_ID) for one in ids)
        with self._table.lock:
            if view.group_by and of_groups:
                groups, order = self._grouped(view, self._select(view))
                return group_snapshot(view, groups, order, self._fields(view, groups), ids)
            if ids is not None:
                view = msgspec.structs.replace(view, filters=(), types=None)
            selection = self._select(view)
            members = self._grouped(view, selection)[0] if view.group_by else None
            rows = selection.rows
            found = self._ids(rows)
            if ids is not None:
                wanted = set(ids)
                kept = [at for at, row in enumerate(found) if row in wanted]
                rows, found = rows[kept], [found[at] for at in kept]
            return self._snapshot(view, rows, found, members)

    def drawn(self, view: View, ids: Collection[str] | None, limit: int) -> Drawn:
        """What a chart draws of a view: of the rows that pass its filters, those with these ids.

        Raises
        ------
        InvalidRequest
            If the view names an impossible column, or a filter lacks its values.
        """
        check_filters(view)
        view = with_caller(view, self._caller_names)
        view = msgspec.structs.replace(view, group_by=(), expanded=(), baseline=None)
        with self._table.lock:
            rows = self._select(view).rows
            if ids is not None:
                names = {one.partition("/")[2] for one in ids}
                slots = [slot for slot in map(self._table.members.find, names) if slot is not None]
                rows = rows[np.isin(self._slots(rows), slots)]
                # A component may be in several trials, and only some of its rows meant.
                wanted = set(ids)
                rows = rows[[at for at, one in enumerate(self._ids(rows)) if one in wanted]]
            shown = rows[:limit]
            snapshot = self._snapshot(view, shown, self._ids(shown))
            return Drawn(snapshot, len(rows), self._table.version)

    def _ids(self, rows: Indices) -> list[str]:
        names = self._table.names
        return row_ids(
            self._table.pairs.trials.at(self._table.pairs.trial_codes[rows]),
            names.categories.at(names.codes_at(self._slots(rows))),
        )

    def _snapshot(
        self, view: View, rows: Indices, ids: list[str], groups: Groups | None = None
    ) -> Snapshot:
        names = self._table.names
        return Snapshot(
            ids=ids,
            names=TextValues(names.codes_at(self._slots(rows)), names.categories),
            columns=[frozen(field, rows) for field in self._fields(view, groups)],
        )

    def _slots(self, rows: Indices) -> NDArray[np.int32]:
        return self._table.pairs.slots[rows]

    def _fields(self, view: View, groups: Groups | None = None) -> list[Field | None]:
        return [
            GroupLabels(groups)
            if shown.column == GROUP_COLUMN and groups is not None
            else find_field(
                self._table, shown.column, shown.statistic or view.default_statistic, shown.at
            )
            for shown in view.columns
        ]

    def _lines(self, view: View, selection: Selection) -> Lines | Indices:
        """What the view shows from top to bottom: rows of the table, or groups and their rows."""
        baseline = None if view.baseline is None else self._table.find_row(view.baseline)
        if view.group_by:
            groups, order = self._grouped(view, selection)
            return Lines(groups, order, view, baseline)
        rows = selection.rows
        return rows if baseline is None else np.append(baseline, rows[rows != baseline])

    def _grouped(self, view: View, selection: Selection) -> tuple[Groups, Indices]:
        key = view.group_by
        found = selection.groups.get(key)
        if found is None:
            groups = Groups(self._table, view.group_by, selection.rows)
            found = selection.groups[key] = groups, groups.order(self._table, essence(view).sort)
        return found

    def _window_rows(
        self,
        view: View,
        lines: Lines | Indices,
        window: tuple[int, int],
        fields: list[Field | None],
    ) -> list[Row]:
        if isinstance(lines, Lines):
            return grouped_rows(self._table, view, lines, window, fields, self._rows)
        offset, limit = window
        return self._rows(lines[offset : offset + limit], fields)

    def _baseline(
        self, view: View, lines: Lines | Indices, fields: list[Field | None]
    ) -> Row | None:
        """The first line, if it is the baseline."""
        if view.baseline is None:
            return None
        first = self._window_rows(view, lines, (0, 1), fields)
        return first[0] if first and first[0].id == view.baseline else None

    def _select(self, view: View) -> Selection:
        return self._selections.of(with_caller(view, self._caller_names))

    def _rows(self, rows: Indices, fields: Sequence[Field | None]) -> list[Row]:
        table, slots = self._table, self._slots(rows)
        names = table.names.categories.at(table.names.codes_at(slots))
        trials = table.pairs.trials.at(table.pairs.trial_codes[rows])
        cells = [field.cells(rows) if field else [None] * len(rows) for field in fields]
        by_row = zip(*cells, strict=True) if cells else iter([()] * len(rows))
        facts = zip(
            names,
            trials,
            table.pairs.experiments.at(table.pairs.experiment_codes[rows]),
            [table.members.arn(slot) for slot in slots.tolist()],
            self._texts("Trial component", slots),
            self._texts("Type", slots),
            self._texts("Status", slots),
            [table.members.job(slot) for slot in slots.tolist()],
            self._models(slots),
            by_row,
            strict=True,
        )
        return [
            Row(
                id=f"{trial or ''}/{name}",
                experiment_name=experiment,
                trial_name=trial,
                trial_component_name=name or "",
                trial_component_arn=arn,
                display_name=display_name or name or "",
                type=cast(ComponentType, type_),
                status=cast("PrimaryStatus | None", status),
                training_job_name=job,
                model_data=model if job else None,
                cells=values,
            )
            for name, trial, experiment, arn, display_name, type_, status, job, model, values in (
                facts
            )
        ]

    def _texts(self, summary: str, slots: NDArray[np.int32]) -> list[str | None]:
        store = self._table.summary[summary]
        return store.categories.at(store.codes_at(slots))  # type: ignore[union-attr]

    def _models(self, slots: NDArray[np.int32]) -> list[str | None]:
        store = self._table.by_kind["output_artifact"].get(MODEL_ARTIFACT)
        if store is None:
            return [None] * len(slots)
        return store.categories.at(store.codes_at(slots))  # type: ignore[attr-defined, no-any-return]
