"""The groups of a view, kept as they are now: one row a group, a number as mean and spread."""

from __future__ import annotations

from collections.abc import Collection
from typing import TYPE_CHECKING

import numpy as np

from smx_lab.core.table.columns.text import Categories
from smx_lab.core.table.query.group_labels import group_label
from smx_lab.core.table.query.group_rows import summary_of
from smx_lab.core.table.query.groups import Groups, Summary
from smx_lab.core.table.query.question import Question
from smx_lab.core.table.query.snapshot import (
    NumberValues,
    Part,
    Snapshot,
    TextValues,
    Values,
    freeze,
)
from smx_lab.core.views.view import GROUP_COLUMN

if TYPE_CHECKING:
    from smx_lab.core.table.query.fields import Indices

MEAN, DEVIATION, ROWS = "mean", "standard deviation", "Rows"


def group_snapshot(question: Question, ids: Collection[str] | None = None) -> Snapshot:
    """Return what the groups of a view show, from top to bottom; with ``ids`` only of those.

    The label of a group and its number of rows stand where the view has the group, or first.
    """
    view, groups, order = question.view, question.groups, question.group_order
    assert groups is not None  # the caller has looked
    if ids is not None:
        wanted = set(ids)
        order = np.array([at for at in order.tolist() if groups.id(at) in wanted], np.intp)
    labels = _labels(groups, order)
    sizes = groups.sizes[order].astype(np.float64)
    rows = NumberValues("number", sizes, np.ones(len(order), np.bool_))
    parts: list[Part] = []
    columns: list[Values] = []

    def add(part: Part, values: Values) -> None:
        parts.append(part)
        columns.append(values)

    if all(shown.column != GROUP_COLUMN for shown in view.columns):
        add(Part(None, "Group"), labels)
        add(Part(None, ROWS), rows)
    for place, shown in enumerate(view.columns):
        summary = summary_of(groups, view, place, question.fields[place])
        if shown.column == GROUP_COLUMN:
            add(Part(place), labels)
            add(Part(None, ROWS), rows)
        elif summary is None:
            add(Part(place), freeze(None, order))
        elif shown.column in view.group_by or summary.deviations is None:
            add(Part(place), freeze(summary.field, order))
        else:
            add(Part(place, MEAN), freeze(summary.field, order))
            add(Part(place, DEVIATION), _deviations(summary, order))
    return Snapshot(
        ids=[groups.id(at) for at in order.tolist()],
        names=labels,
        columns=columns,
        parts=parts,
        is_grouped=True,
    )


def _labels(groups: Groups, order: Indices) -> TextValues:
    categories = Categories()
    codes = [categories.code(group_label(groups.values(at))) for at in order.tolist()]
    return TextValues(np.array(codes, np.int32), categories)


def _deviations(summary: Summary, order: Indices) -> NumberValues:
    """Return the spread of each group; none where there is only one value."""
    assert summary.deviations is not None  # the caller has looked
    deviations = summary.deviations[order]
    cell_type = summary.field.type if summary.field.type == "duration" else "number"
    return NumberValues(cell_type, deviations, np.isfinite(deviations))
