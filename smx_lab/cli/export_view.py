"""``smx-lab export --view FILE``: a view kept in a file gives the same table as in JupyterLab."""

from __future__ import annotations

import argparse
import sys
from typing import TYPE_CHECKING

import msgspec

from smx_lab.core.errors import InvalidRequest
from smx_lab.core.views.file import ViewFile, arrange, parse_view_file
from smx_lab.core.views.view import GROUP_COLUMN, View

if TYPE_CHECKING:
    from smx_lab.contract.bodies import TableState
    from smx_lab.services.tables.tables import Tables

OF_THE_VIEW = ("column", "sort", "ascending", "descending")
"""Options that say what a view says too."""

MAX_NAMED = 5


def read_view(options: argparse.Namespace) -> ViewFile | None:
    """Read the file of ``--view``, and fill in the options that it answers; None without one.

    The table and the connection that the command line names go before those of the file.

    Raises
    ------
    InvalidRequest
        If the file holds no view, or another option says something else.
    """
    options.unassigned = False
    found = None
    if options.view is not None:
        if extra := next((name for name in OF_THE_VIEW if getattr(options, name)), None):
            raise InvalidRequest(f"--{extra} does not go with --view, which says that already.")
        try:
            data = options.view.expanduser().read_bytes()
        except OSError as error:
            raise InvalidRequest(f"{options.view} cannot be read: {error.strerror}.") from error
        found = parse_view_file(options.view.name, data)
        options.connection = options.connection or found.connection
        if not options.experiments and not options.trial:
            options.experiments, options.trial = found.experiments, found.trials
            options.unassigned = found.unassigned
    options.connection = options.connection or "local"
    return found


def view_of_file(
    tables: Tables, options: argparse.Namespace, file: ViewFile, state: TableState
) -> View:
    """The view in the words of a table, which may lack some of its columns: that is said."""
    found = arrange(file.view, state.columns)
    view = found.view
    if found.only_differences:
        asked = tables.list_differences(options.connection, state.table_id, view)
        differing = {*asked.columns, GROUP_COLUMN}
        kept = tuple(column for column in view.columns if column.column in differing)
        # As on the screen: a table without any column says nothing.
        if any(column.column != GROUP_COLUMN for column in kept):
            view = msgspec.structs.replace(view, columns=kept)
    if found.missing:
        print(f"smx-lab: {_missing(options.view.name, found.missing)}", file=sys.stderr)
    return view


def _missing(name: str, columns: list[str]) -> str:
    names = ", ".join(columns[:MAX_NAMED])
    if len(columns) > MAX_NAMED:
        names += f" and {len(columns) - MAX_NAMED} more"
    count = "a column" if len(columns) == 1 else f"{len(columns)} columns"
    return f"The view {name} names {count} that this table does not have: {names}."
