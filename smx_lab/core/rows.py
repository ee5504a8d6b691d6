"""One row of a trial component table: a pair of trial and trial component."""

from __future__ import annotations

from smx_lab.core.entities import ComponentType, Entity, PrimaryStatus

Cell = str | float | int | None
"""Text, a number, a time in epoch milliseconds, or no value.

In a column of numbers the texts NaN, Infinity and -Infinity stand for what JSON cannot write.
"""


class Row(Entity, frozen=True, kw_only=True):
    """A row's identity and the facts that its menu needs, then its cells in the view's order.

    ``id`` is stable across refresh, sort and filter. ``trial_name`` and ``experiment_name`` are
    None for an unassigned trial component. ``training_job_name`` and ``model_data`` are set where
    the component comes from a training job and that job has a model artifact.
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
