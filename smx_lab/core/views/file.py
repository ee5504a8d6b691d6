"""Views in ``.smxview`` files, as JupyterLab writes them, for whoever has no JupyterLab at hand.

``src/table/views/saved.ts`` writes and reads the same files; both must pass the same cases
(``tests/core/views/view_file_cases.json``). A part of a view that is not understood takes its
default.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from smx_lab.core.errors import InvalidRequest
from smx_lab.core.statistics import Statistic
from smx_lab.core.views.saved import SavedColumns, items, mapping, texts
from smx_lab.core.views.saved_filters import filters_of
from smx_lab.core.views.view import Column, SortKey, View

VERSION = 1

_MOST_KEYS = 3
"""Columns that JupyterLab lets a user group by."""

_TYPES = ("Training job", "Transform job", "Processing job", "Undefined")


class ViewFile(NamedTuple):
    """What a file holds: where the table is, and how it is arranged."""

    connection: str
    experiments: list[str]
    trials: list[str]
    unassigned: bool
    view: Mapping[str, Any]


class ArrangedView(NamedTuple):
    """A saved view in the words of a table.

    ``missing`` are the names of columns that the table does not have; ``only_differences``, which
    only the table itself can answer, leaves out the columns in which all rows are the same.
    """

    view: View
    missing: list[str]
    only_differences: bool


def parse_view_file(name: str, data: bytes) -> ViewFile:
    """Read a file.

    Raises
    ------
    InvalidRequest
        If it holds no view; ``name`` is what the sentence calls it.
    """
    try:
        content = json.loads(data.decode("utf-8-sig"))
    except (ValueError, RecursionError) as error:
        raise InvalidRequest(
            f"{name} is no valid JSON, so it cannot be opened as a view.", field="view"
        ) from error
    fault = f"{name} does not say which table it is a view of."
    if not isinstance(content, dict) or "version" not in content:
        raise InvalidRequest(fault, field="view")
    version = content["version"]
    if isinstance(version, bool) or version != VERSION:
        raise InvalidRequest(
            f"{name} has version {json.dumps(version)}, which this release of smx-lab does not "
            "know.",
            field="view",
        )
    connection, origin, view = (content.get(key) for key in ("connection", "origin", "view"))
    if (
        not isinstance(connection, str)
        or not isinstance(origin, dict)
        or not isinstance(view, dict)
    ):
        raise InvalidRequest(fault, field="view")
    found = ViewFile(
        connection,
        texts(origin.get("experiments")),
        texts(origin.get("trials")),
        origin.get("unassigned") is True,
        view,
    )
    if not found.experiments and not found.trials and not found.unassigned:
        raise InvalidRequest(fault, field="view")
    return found


def arranged(
    saved: Mapping[str, Any], columns: Sequence[Column], default: Statistic = "Last"
) -> ArrangedView:
    """What a saved view shows of a table that offers ``columns``.

    ``default`` is the statistic of metrics for which none was chosen.
    """
    own = SavedColumns(saved, columns, default)
    comparing = mapping(saved.get("comparing"))
    offered = {column.id for column in columns}
    group_by = [key for key in texts(comparing.get("groupBy"))[:_MOST_KEYS] if key in offered]
    types = saved.get("types")
    view = View(
        columns=own.shown(is_grouped=bool(group_by)),
        default_statistic=default,
        sort=_sort(saved, own, is_grouped=bool(group_by)),
        filters=filters_of(saved, own),
        types=tuple(each for each in _TYPES if each in types) if isinstance(types, list) else None,  # type: ignore[misc]
        group_by=tuple(group_by),
    )
    return ArrangedView(view, own.missing(), comparing.get("onlyDifferences") is True)


def _sort(saved: Mapping[str, Any], own: SavedColumns, *, is_grouped: bool) -> tuple[SortKey, ...]:
    return tuple(
        SortKey(
            column=content.column,
            statistic=content.statistic,
            at=content.at,
            descending=key.get("descending") is True,
        )
        for key in map(mapping, items(saved.get("sort")))
        if (content := own.content(key.get("column"), with_group=is_grouped)) is not None
    )
