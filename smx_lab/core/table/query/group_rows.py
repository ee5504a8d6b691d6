"""Groups as they are sent: one row each, with means and what stands behind them."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

import numpy as np

from smx_lab.core.entities import ComponentType, PrimaryStatus
from smx_lab.core.rows import Cell, Group, GroupSummary, Row
from smx_lab.core.table.query.display_rows import GroupedRows
from smx_lab.core.table.query.fields import Field, TextField, find_field
from smx_lab.core.table.query.group_labels import GroupLabels, group_label
from smx_lab.core.table.query.groups import Groups, Summary
from smx_lab.core.table.query.question import Question
from smx_lab.core.table.store import Table
from smx_lab.core.views.view import GROUP_COLUMN, View

if TYPE_CHECKING:
    from smx_lab.core.table.query.fields import Indices

_NO_SUMMARY = GroupSummary(n=0)


def summary_of(groups: Groups, view: View, place: int, field: Field | None) -> Summary | None:
    """Return the summary of a view's column; None where no row has it."""
    shown = view.columns[place]
    if field is None or isinstance(field, GroupLabels):
        return None
    is_metric = shown.column.startswith("metric:")
    has_statistic = is_metric and shown.at is None
    statistic = (shown.statistic or view.default_statistic) if has_statistic else None
    return groups.summary((shown.column, statistic, shown.at), field)


def group_rows(question: Question, shown: GroupedRows, groups: Indices) -> list[Row]:
    """Return the rows of some groups. ``shown`` knows which groups are expanded."""
    table, view = question.table, question.view
    everything, at = shown.groups, groups
    if everything.are_many:
        everything, at = everything.part(groups), np.arange(len(groups))
    values = [everything.values(group) for group in at.tolist()]
    labels = [group_label(found) for found in values]
    cells: list[list[Cell]] = []
    behind: list[list[GroupSummary]] = []
    for place, field in enumerate(question.fields):
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
                is_expanded=bool(shown.is_expanded[group]),
                summaries=tuple(column[line] for column in behind),
            ),
        )
        for line, (group, number) in enumerate(zip(groups.tolist(), at.tolist(), strict=True))
    ]


def _common(table: Table, groups: Groups, name: str, at: Indices) -> list[str | None]:
    """Return what all rows of a group have in a summary column."""
    column = f"summary:{name}"
    field = find_field(table, column, "Last")
    assert isinstance(field, TextField)
    summary = groups.summary((column, None, None), field)
    found = cast("list[str | None]", summary.field.cells(at))
    whole = summary.counts[at] == groups.sizes[at]
    return [text if all_have else None for text, all_have in zip(found, whole, strict=True)]
