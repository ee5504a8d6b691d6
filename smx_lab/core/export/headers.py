"""What the columns of an exported table are called: ``test:accuracy (Maximum)``."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from smx_lab.core.statistics import STATISTICS
from smx_lab.core.table.query.snapshot import Part
from smx_lab.core.views.view import Column, View, ViewColumn


def headers(
    view: View,
    columns: Sequence[Column],
    parts: Sequence[Part] | None = None,
    *,
    units: bool = False,
) -> list[str]:
    """A header for each column of a view, or for each part of one; no two alike.

    Parameters
    ----------
    columns : sequence of Column
        What the table offers; a column that it does not have is called by its name.
    units : bool
        Whether a duration is a bare number, and its header has to say that these are seconds.
    """
    by_id = {column.id: column for column in columns}
    whole = [_header(shown, by_id.get(shown.column), view, units) for shown in view.columns]
    kinds = [shown.column.partition(":")[0].replace("_", " ") for shown in view.columns]
    if parts is not None:
        kinds = ["table" if part.place is None else kinds[part.place] for part in parts]
        whole = [
            part.name
            if part.place is None
            else whole[part.place] + (f", {part.name}" if part.name else "")
            for part in parts
        ]
    return _unlike(_apart(whole, kinds))


def _apart(found: Sequence[str], kinds: Sequence[str]) -> list[str]:
    """Columns of one name have their kind behind it."""
    times = Counter(found)
    return [
        f"{header} ({kind})" if times[header] > 1 else header
        for header, kind in zip(found, kinds, strict=True)
    ]


def _header(shown: ViewColumn, column: Column | None, view: View, units: bool) -> str:
    kind, _, name = shown.column.partition(":")
    label = _encodable(column.label if column else name)
    if kind == "metric" and shown.at is not None:
        extreme = "maximum" if shown.at.goal == "Max" else "minimum"
        return f"{label} (At the {extreme} of {_encodable(shown.at.metric.partition(':')[2])})"
    if kind == "metric":
        return f"{label} ({STATISTICS[shown.statistic or view.default_statistic].label})"
    if units and column and column.type == "duration":
        return f"{label} (s)"
    return label


def _unlike(names: Sequence[str]) -> list[str]:
    """Number what is still the same: a column shown twice, or names chosen to collide."""
    taken: set[str] = set()
    found = []
    for name in names:
        unlike, number = name, 1
        while unlike in taken:
            number += 1
            unlike = f"{name} {number}"
        taken.add(unlike)
        found.append(unlike)
    return found


def _encodable(text: str) -> str:
    """Replace lone surrogates, which no UTF-8 can hold."""
    return text.encode("utf-8", "replace").decode("utf-8")
