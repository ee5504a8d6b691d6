"""One row of a trial component table: a pair of trial and trial component."""

from __future__ import annotations

from smx_lab.core.entities import ComponentType, Entity, PrimaryStatus

Cell = str | float | int | None
"""Text, a number, a time in epoch milliseconds, or no value.

In a column of numbers the texts NaN, Infinity and -Infinity stand for values that JSON lacks.
"""


class GroupSummary(Entity, frozen=True, kw_only=True):
    """The summary in one cell of a group.

    ``n`` rows of the group have a value. For numbers and durations the cell is their mean and
    ``std_dev`` the sample standard deviation (n − 1), None below two values or if it is not finite.
    For times the cell is the latest. For texts it is the common value, and ``distinct`` counts the
    different ones.
    """

    n: int
    std_dev: float | None = None
    distinct: int | None = None


class Group(Entity, frozen=True, kw_only=True):
    """A group of rows: their common value in each column that the view groups by."""

    values: tuple[Cell, ...]
    row_count: int
    is_expanded: bool
    summaries: tuple[GroupSummary, ...]
    """One for each column of the view."""


class Extent(Entity, frozen=True, kw_only=True):
    """The lowest and the highest number of a column."""

    lowest: float
    highest: float


class Row(Entity, frozen=True, kw_only=True):
    """A row: its identity, the facts that its menu needs, and its cells in the view's order.

    ``id`` is stable across refresh, sort and filter. ``trial_name`` and ``experiment_name`` are
    None for an unassigned trial component. ``training_job_name`` and ``model_data`` are set where
    the component comes from a training job and that job has a model artifact.

    A row with a ``group`` represents several rows: it has no trial and no trial component, and its
    other facts are those that its rows share. The rows of a group have ``level`` 2.
    """

    id: str
    experiment_name: str | None
    trial_name: str | None
    trial_component_name: str
    trial_component_arn: str
    display_name: str
    type: ComponentType
    status: PrimaryStatus | None
    training_job_name: str | None
    model_data: str | None
    cells: tuple[Cell, ...]
    level: int = 1
    group: Group | None = None
