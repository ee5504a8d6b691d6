"""``smx_lab.dataframe``: read a trial component list into pandas, from any Python."""

from __future__ import annotations

import atexit
from collections.abc import Mapping, Sequence
from functools import cache
from typing import TYPE_CHECKING, Any

import msgspec

from smx_lab.contract.bodies import OpenTableRequest
from smx_lab.core.errors import InvalidRequest
from smx_lab.core.views.view import Column, View, ViewColumn
from smx_lab.notebook.session import Session

if TYPE_CHECKING:
    import pandas as pd


def dataframe(
    *experiments: str,
    trials: Sequence[str] = (),
    unassigned: bool = False,
    connection: str = "local",
    columns: Sequence[str | Mapping[str, Any]] | None = None,
    rows: Sequence[str] | None = None,
    **view: Any,
) -> pd.DataFrame:
    """Read a trial component list: one row for each trial and trial component.

    *As code* in the menu *Export* of a table writes a call of this function.

    Parameters
    ----------
    *experiments, trials, unassigned
        The content of the table: experiments, trials, the trial components in no trial, or several.
    connection : str
        ``local``, ``aws`` or ``aws:PROFILE``, the last two also with ``@REGION``.
    columns : sequence of str or mapping, optional
        Ids of columns, such as ``parameter:epochs``; a metric may say which statistic of it:
        ``{"column": "metric:loss", "statistic": "Min"}``. Default: all columns.
    rows : sequence of str, optional
        Only these rows, as ``TRIAL/TRIAL COMPONENT`` of real names, whether or not they pass the
        filters.
    **view
        The other members of a view in the REST API: ``sort``, ``filters``, ``types``,
        ``default_statistic``, and ``group_by``, which returns one row for each group.

    Returns
    -------
    pandas.DataFrame
        With the headers of an export, e.g. ``loss (Minimum)``; its index holds the real names of
        the trial components, or the groups.

    Raises
    ------
    SmxError
        If there is nothing to read from, or the view breaks a rule; the message says which.
    """
    from smx_lab.core.export.headers import headers
    from smx_lab.notebook.frames import frame_of_snapshot

    origin = OpenTableRequest(
        experiments=list(experiments), trials=list(trials), unassigned=unassigned
    )
    asked = _view(columns, view)
    tables = _session().services.tables
    state = tables.read_table(connection, origin)
    if columns is None:
        asked = msgspec.structs.replace(asked, columns=_all(state.columns))
    snapshot = tables.snapshot(connection, state.table_id, asked, rows)
    return frame_of_snapshot(snapshot, headers(asked, state.columns, snapshot.parts))


@cache
def _session() -> Session:
    """Return the services of this process; their threads end with it."""
    session = Session({})
    atexit.register(session.close)
    return session


def _view(columns: Sequence[str | Mapping[str, Any]] | None, members: dict[str, Any]) -> View:
    unknown = set(members) - set(View.__struct_fields__)
    if unknown:
        known = ", ".join(name for name in View.__struct_fields__ if name != "columns")
        raise InvalidRequest(
            f"dataframe takes no {min(unknown)}; a view has {known}.", field=min(unknown)
        )
    shown = [{"column": one} if isinstance(one, str) else one for one in columns or ()]
    try:
        return msgspec.convert({**members, "columns": shown}, View)
    except msgspec.ValidationError as error:
        raise InvalidRequest(f"{error}.") from error


def _all(columns: Sequence[Column]) -> tuple[ViewColumn, ...]:
    return tuple(ViewColumn(column=column.id) for column in columns)
