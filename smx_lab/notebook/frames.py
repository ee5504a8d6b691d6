"""Turn tables into pandas DataFrames. Only this module imports pandas, at the first use."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import pandas as pd

    from smx_lab.core.table import Snapshot, Values


def frame_of(columns: dict[str, Sequence[Any]]) -> pd.DataFrame:
    """Return a data frame of columns; times become pandas' timestamps in UTC."""
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


def frame_of_snapshot(snapshot: Snapshot, labels: Sequence[str]) -> pd.DataFrame:
    """Return a view's rows as a data frame, with the trial component names as index."""
    import pandas as pd

    frame: pd.DataFrame = pd.DataFrame(
        {label: series_of(values) for label, values in zip(labels, snapshot.columns, strict=True)}
    )
    names = snapshot.names.objects()
    label = "Group" if snapshot.is_grouped else "Trial component name"
    frame.index = pd.Index(names, name=label, dtype="object")
    return frame


def series_of(values: Values) -> pd.Series[Any]:
    """Return the values of a table's column as a series.

    Numbers are int64 if all are whole and none is missing, otherwise float64. Times are in UTC,
    durations are time differences, and texts are objects, with None for a missing one.
    """
    import numpy as np
    import pandas as pd

    from smx_lab.core.table import TextValues

    if isinstance(values, TextValues):
        texts: pd.Series[Any] = pd.Series(values.objects(), dtype="object")
        return texts
    numbers, blank = values.numbers, values.blank
    if values.type == "time":
        instants = np.where(blank, 0, numbers).astype("int64").astype("datetime64[ms]")
        instants[blank] = np.datetime64("NaT", "ms")
        times: pd.Series[Any] = pd.Series(instants).dt.tz_localize("UTC")
        return times
    if values.type == "duration":
        durations: pd.Series[Any] = pd.to_timedelta(pd.Series(numbers), unit="ms")
        return durations
    if values.whole and len(numbers) and not blank.any():
        numbers = numbers.astype("int64")
    found: pd.Series[Any] = pd.Series(numbers)
    return found
