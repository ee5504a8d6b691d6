"""Tables of the services as pandas DataFrames. pandas is imported here, when first used."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any

from smx_lab.core.rows import Cell
from smx_lab.core.view import CellType

if TYPE_CHECKING:
    import pandas as pd


def frame_of(columns: dict[str, Sequence[Any]]) -> pd.DataFrame:
    """A data frame of whole columns; instants become pandas' own, in UTC."""
    import pandas as pd

    frame: pd.DataFrame = pd.DataFrame(
        {
            label: pd.to_datetime(list(values), utc=True)
            if values and all(isinstance(value, datetime) for value in values)
            else pd.Series(list(values))
            for label, values in columns.items()
        }
    )
    return frame


def series_of(cells: Sequence[Cell], cell_type: CellType) -> pd.Series[Any]:
    """The cells of a table's column as pandas has them.

    Numbers as int64 where all are whole and none is missing, otherwise as float64; times in UTC;
    durations as time differences; texts as objects, with None where there is none.
    """
    import pandas as pd

    if cell_type == "text":
        return pd.Series(list(cells), dtype="object")
    if cell_type == "time":
        instants = [None if cell is None else int(cell) for cell in cells]
        return pd.Series(instants, dtype="Int64").astype("datetime64[ms, UTC]")
    # A NaN or an infinity comes as text, which float() reads.
    numbers = pd.Series([None if cell is None else float(cell) for cell in cells], dtype="float64")
    if cell_type == "duration":
        return pd.to_timedelta(numbers, unit="ms")
    if len(numbers) and not numbers.isna().any() and (numbers % 1 == 0).all():
        return numbers.astype("int64")
    return numbers
