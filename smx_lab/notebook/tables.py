"""Read trial component tables into data frames."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from smx_lab.contract.bodies import OpenTableRequest
from smx_lab.core.errors import InvalidRequest
from smx_lab.core.views.view import BestStep, Column, View
from smx_lab.notebook.frames import frame_of_snapshot
from smx_lab.notebook.session import Session

if TYPE_CHECKING:
    import pandas as pd

Columns = Sequence[Column]


def read_frame(
    session: Session, origin: OpenTableRequest, view_of: Callable[[Columns], View]
) -> pd.DataFrame:
    """Read a table completely, and return a view of it.

    The index has the real names of the trial components. ``attrs["statistics"]`` maps each metric
    column to its statistic. ``attrs["at_best"]`` maps the metric whose best step the other columns
    show to ``Max`` or ``Min``.

    Parameters
    ----------
    view_of : callable
        Returns the view for the columns of the table.

    Raises
    ------
    InvalidRequest
        If the view asks for the best step of a metric for which no steps were logged.
    """
    tables = session.services.tables
    state = tables.read_table(session.connection_id, origin)
    by_id = {column.id: column for column in state.columns}
    view = view_of(state.columns)
    at = next((column.at for column in view.columns if column.at is not None), None)
    if at is not None and not _is_logged(session, state.table_id, at):
        name = by_id[at.metric].name
        raise InvalidRequest(f"No steps were logged for {name}, so that none is the best.")
    snapshot = tables.snapshot(session.connection_id, state.table_id, view)
    shown = [by_id[column.column] for column in view.columns]
    labels = _labels(shown)
    frame = frame_of_snapshot(snapshot, labels)
    frame.attrs["statistics"] = {
        label: shown_column.statistic or view.default_statistic
        for label, column, shown_column in zip(labels, shown, view.columns, strict=True)
        if column.kind == "metric" and shown_column.at is None
    }
    if at is not None:
        frame.attrs["at_best"] = {by_id[at.metric].name: at.goal}
    return frame


def _is_logged(session: Session, table_id: str, at: BestStep) -> bool:
    checked = session.services.tables.check_series(session.connection_id, table_id, at.metric)
    return checked.logged


def _labels(columns: Columns) -> list[str]:
    """Return the headers: each column's name, followed by its kind if two have the same name."""
    times = Counter(column.label for column in columns)
    return [
        column.label
        if times[column.label] == 1
        else f"{column.label} ({column.kind.replace('_', ' ')})"
        for column in columns
    ]
