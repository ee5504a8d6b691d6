"""A view of a trial component table: which columns, in which order, of which rows.

A view is a value: the same view of the same version of a table gives the same answer.
"""

from __future__ import annotations

from typing import Literal

from smx_lab.core.entities import ComponentType, Entity
from smx_lab.core.statistics import Statistic

ColumnKind = Literal["summary", "metric", "parameter", "input_artifact", "output_artifact", "tag"]

CellType = Literal["text", "number", "time", "duration"]
"""How a column's cells sort and align. Times are epoch milliseconds, durations milliseconds."""

FilterOperator = Literal[
    "is",
    "is_not",
    "gt",
    "ge",
    "lt",
    "le",
    "contains",
    "in",
    "exists",
    "empty",
    "between",
    "mine",
    "not_mine",
]


class Column(Entity, frozen=True, kw_only=True):
    """A column that a table offers.

    ``id`` is ``kind:name``, e.g. ``summary:Status``, ``metric:test:accuracy``,
    ``parameter:epochs``; the name is everything after the first colon.
    ``label`` is what its header shows.
    """

    id: str
    kind: ColumnKind
    name: str
    label: str
    type: CellType


class BestStep(Entity, frozen=True, kw_only=True):
    """The step at which a metric, named by its column id, is at its maximum or minimum.

    Of several such steps the first is meant.
    """

    metric: str
    goal: Literal["Max", "Min"]


class ViewColumn(Entity, frozen=True, kw_only=True):
    """A column as shown. ``statistic`` is for metric columns; None means the view's default.

    With ``at`` a metric column shows the value logged at that step, and no statistic.
    """

    column: str
    statistic: Statistic | None = None
    at: BestStep | None = None


class SortKey(Entity, frozen=True, kw_only=True):
    """One key of the order. Rows without a value come last in either direction.

    Without a ``statistic`` that of the first such column of the view is meant, as in filters.
    With ``at`` the value at that step decides.
    """

    column: str
    statistic: Statistic | None = None
    at: BestStep | None = None
    descending: bool = False


class Filter(Entity, frozen=True, kw_only=True):
    """One condition. ``values`` holds one value, two for ``between``, any number for ``in``.

    Among those of ``in``, the empty text stands for rows without a value. Texts are compared as
    they are shown, or exactly as they are kept; ``contains`` ignores letter case. Times are epoch
    milliseconds or ISO 8601 text. Rows without a value meet only ``is_not``, ``not_mine`` and
    ``empty``.

    ``mine`` and ``not_mine`` take no value and are for the column Created by: they stand for the
    identity of whoever asks, so that a view means the same to everybody it is given to.
    """

    column: str
    operator: FilterOperator
    statistic: Statistic | None = None
    at: BestStep | None = None
    values: tuple[str | float, ...] = ()


class View(Entity, frozen=True, kw_only=True):
    """What to show of a table. No ``columns`` means none; every ``Filter`` must hold (20 at most).

    ``types`` is the type filter; None lets every type through.

    ``group_by`` gathers the rows by the values of these columns, which are no metrics: one row a
    group, in the order of the sort keys on what the groups show, else of the values themselves.
    The rows of the groups whose ids are in ``expanded`` follow their group.
    ``baseline`` is the id of a row, or of a group, that comes first whatever the order.
    ``extents`` asks for the lowest and highest value of each metric.
    """

    columns: tuple[ViewColumn, ...] = ()
    default_statistic: Statistic = "Last"
    sort: tuple[SortKey, ...] = ()
    filters: tuple[Filter, ...] = ()
    types: tuple[ComponentType, ...] | None = None
    group_by: tuple[str, ...] = ()
    expanded: tuple[str, ...] = ()
    baseline: str | None = None
    extents: bool = False
