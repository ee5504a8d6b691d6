"""Columns as a person names them on a line: ``test:accuracy=Maximum``, ``hidden_channels``."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Sequence

from smx_lab.core.errors import InvalidRequest, NotFound
from smx_lab.core.statistics import STATISTIC_BY_LABEL, Statistic
from smx_lab.core.views.view import Column


def find_column(columns: Sequence[Column], name: str, kinds: Sequence[str] = ()) -> Column:
    """The column that a person means by a name or an id; metrics go before parameters.

    Raises
    ------
    NotFound
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
    raise NotFound(
        f"There is no {what} {name} in this table."
        f"{did_you_mean(name, [column.name for column in among])}"
    )


def metric_and_statistic(text: str) -> tuple[str, Statistic | None]:
    """Read ``test:accuracy=Maximum``; a metric's own name may hold ``=`` too.

    Raises
    ------
    InvalidRequest
        If what follows the last ``=`` looks like a statistic and is none.
    """
    name, equals, label = text.rpartition("=")
    if not equals:
        return text, None
    by_word: dict[str, Statistic] = {}
    for known, statistic in STATISTIC_BY_LABEL.items():
        for word in (known, statistic, known.replace(" ", "")):
            by_word[word.casefold()] = statistic
    found = by_word.get(label.strip().casefold())
    if found is None:
        labels = list(STATISTIC_BY_LABEL)
        raise InvalidRequest(
            f"“{label}” is no statistic; there are {', '.join(labels)}."
            f"{did_you_mean(label, labels)}"
        )
    return name, found


def did_you_mean(name: str, known: Iterable[str]) -> str:
    """`` Did you mean …?`` with the nearest name, or nothing if none is near."""
    by_folded = {text.casefold(): text for text in known}
    near = difflib.get_close_matches(name.casefold(), by_folded, n=1)
    return f" Did you mean {by_folded[near[0]]}?" if near else ""
