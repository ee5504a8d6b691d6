"""One row of a trial component table: a pair of trial and trial component."""

from __future__ import annotations

from smx_lab.core.entities import ComponentType, Entity, PrimaryStatus

Cell = str | float | int | None
"""Text, a number, a time in epoch milliseconds, or no value.

In a column of numbers the texts NaN, Infinity and -Infinity stand for what JSON cannot write.
"""


class GroupSummary(Entity, frozen=True, kw_only=True):
    """What stands behind one cell of a group.

    ``n`` rows of the group have a value. A number or duration shows their mean; ``std_dev`` is the
    sample standard deviation (n − 1), None below two values or where it is not finite. A time
    shows the latest. A text shows what all have in common; ``distinct`` counts the different ones.
    """

    n: int
    std_dev: float | None = None
    distinct: int | None = None


class Group(Entity, frozen=True, kw_only=True):
    """What makes a row one of a group: the value of each column that it is grouped by."""

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
    """A row's identity and the facts that its menu needs, then its cells in the view's order.

    ``id`` is stable across refresh, sort and filter. ``trial_name`` and ``experiment_name`` are
    None for an unassigned trial component. ``training_job_name`` and ``model_data`` are set where
    the component comes from a training job and that job has a model artifact.

    A row with a ``group`` stands for several: it has no trial and no trial component, and its
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
