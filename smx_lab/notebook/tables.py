"""Trial component tables as data frames."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from smx_lab.contract.bodies import OpenTableRequest
from smx_lab.core.view import Column, View
from smx_lab.notebook.errors import MagicError, did_you_mean
from smx_lab.notebook.frames import series_of
from smx_lab.notebook.session import Session

if TYPE_CHECKING:
    import pandas as pd

Columns = Sequence[Column]


def read_frame(
    session: Session, origin: OpenTableRequest, view_of: Callable[[Columns], View]
) -> pd.DataFrame:
    """Read a table to its end, and answer a view of it.

    The index holds the real names of the trial components; ``attrs["statistics"]`` says which
    statistic each metric column shows.

    Parameters
    ----------
    view_of : callable
        Makes the view, from the columns that the table turns out to have.
    """
    import pandas as pd

    tables = session.services.tables
    state = tables.read_table(session.connection_id, origin)
    by_id = {column.id: column for column in state.columns}
    view = view_of(state.columns)
    cells = tables.list_cells(session.connection_id, state.table_id, view)
    shown = [by_id[column.column] for column in view.columns]
    labels = _labels(shown)
    frame: pd.DataFrame = pd.DataFrame(
        {
            label: series_of(values, column.type)
            for label, column, values in zip(labels, shown, cells.columns, strict=True)
        }
    )
    frame.index = pd.Index(cells.names, name="Trial component name", dtype="object")
    frame.attrs["statistics"] = {
        label: shown_column.statistic or view.default_statistic
        for label, column, shown_column in zip(labels, shown, view.columns, strict=True)
        if column.kind == "metric"
    }
    return frame


def find_column(columns: Columns, name: str, kinds: Sequence[str] = ()) -> Column:
    """The column that a person means by a name or an id; metrics go before parameters.

    Raises
    ------
    MagicError
        With the nearest name, if there is none.
    """
    rank = ("metric", "parameter", "summary", "tag", "input_artifact", "output_artifact")
    among = [column for column in columns if not kinds or column.kind in kinds]
    by_id = {column.id: column for column in among}
    if name in by_id:
        return by_id[name]
    for same in (name.__eq__, lambda text: text.casefold() == name.casefold()):
        found = [column for column in among if same(column.name)]
        if found:
            return min(found, key=lambda column: rank.index(column.kind))
    what = "metric" if list(kinds) == ["metric"] else "column"
    raise MagicError(
        f"There is no {what} {name} in this table."
        f"{did_you_mean(name, [column.name for column in among])}"
    )


def _labels(columns: Columns) -> list[str]:
    """The headers: a column's name, with its kind behind it where two have the same."""
    times = Counter(column.label for column in columns)
    return [
        column.label
        if times[column.label] == 1
        else f"{column.label} ({column.kind.replace('_', ' ')})"
        for column in columns
    ]
