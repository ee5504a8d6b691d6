"""Everything that a view shows of a table, as its rows are sent."""

from typing import NamedTuple

MAX_ROWS = 1_000_000


class Cells(NamedTuple):
    """``names`` are the real names of the rows' components; cells are column by column."""

    names: list
    columns: list


def all_cells(queries, view):
    """Return all cells of a view without groups."""
    rows = queries.window(view, 0, MAX_ROWS).rows
    columns = [[row.cells[place] for row in rows] for place in range(len(view.columns))]
    return Cells([row.trial_component_name for row in rows], columns)
