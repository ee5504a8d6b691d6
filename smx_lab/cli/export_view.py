"""``smx-lab export --view FILE``: export the table as a view file of JupyterLab shows it."""

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

VIEW_OPTIONS = ("column", "sort", "ascending", "descending")
"""Options that a view file sets too."""

MAX_NAMED = 5


def read_view(options: argparse.Namespace) -> ViewFile | None:
    """Read the file of ``--view`` and set the options that it contains; return None without it.

    A table and a connection on the command line override those in the file.

    Raises
    ------
    InvalidRequest
        If the file is no view, or an option contradicts it.
    """
    options.unassigned = False
    found = None
    if options.view is not None:
        if extra := next((name for name in VIEW_OPTIONS if getattr(options, name)), None):
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
    """Return the file's view for a table; print a message if the table lacks columns of it."""
    found = arrange(file.view, state.columns)
    view = found.view
    if found.only_differences:
        asked = tables.list_differences(options.connection, state.table_id, view)
        differing = {*asked.columns, GROUP_COLUMN}
        kept = tuple(column for column in view.columns if column.column in differing)
        # As on the screen: never hide all columns.
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
