"""Which columns a saved view shows, in which order, and what each of them shows.

The same as ``src/table/view/view.ts`` and ``choices.ts`` do with it on the screen.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any, get_args

from smx_lab.core.statistics import Statistic
from smx_lab.core.views.view import BestStep, Column, ColumnKind, ViewColumn

GROUP_COLUMN = "summary:Group"

_ADDED = re.compile(r"added:[0-9]+:")
_COLUMN_ID = re.compile(rf"({'|'.join(get_args(ColumnKind))}):.", re.DOTALL)
_UNMISSED = ("groups", "widths")


def mapping(value: Any) -> Mapping[str, Any]:
    """The value if it is a mapping, otherwise an empty one."""
    return value if isinstance(value, dict) else {}


def items(value: Any) -> list[Any]:
    """The value if it is a list, otherwise an empty one."""
    return value if isinstance(value, list) else []


def texts(value: Any) -> list[str]:
    """The texts in a list."""
    return [item for item in items(value) if isinstance(item, str)]


def server_id(column_id: str) -> str:
    """The id under which the table knows a column, which the view may show twice."""
    return _ADDED.sub("", column_id, count=1) if _ADDED.match(column_id) else column_id


class SavedColumns:
    """The columns of a saved view on a table that offers some."""

    def __init__(
        self, saved: Mapping[str, Any], columns: Sequence[Column], default: Statistic
    ) -> None:
        self._saved = saved
        self._default = default
        self._offered = {column.id: column for column in columns}
        added = [each for each in dict.fromkeys(texts(saved.get("added"))) if _ADDED.match(each)]
        self._ids = [
            each
            for column in columns
            for each in (column.id, *(id_ for id_ in added if server_id(id_) == column.id))
        ]

    def shown(self, *, is_grouped: bool) -> tuple[ViewColumn, ...]:
        """The columns from left to right; those of groups begin with the group."""
        known = set(self._ids)
        first = [each for each in self._listed("order") if each in known]
        arranged = [*first, *(each for each in self._ids if each not in set(first))]
        visible = [each for each in arranged if self._is_shown(each)]
        pinned = [each for each in self._listed("pinned") if each in set(visible)]
        ordered = [*pinned, *(each for each in visible if each not in set(pinned))]
        found = [self._content(each) for each in ordered]
        return (ViewColumn(column=GROUP_COLUMN), *found) if is_grouped else tuple(found)

    def content(self, column_id: Any, *, with_group: bool = False) -> ViewColumn | None:
        """What a column shows; None for one that the table does not have."""
        if with_group and column_id == GROUP_COLUMN:
            return ViewColumn(column=GROUP_COLUMN)
        is_there = isinstance(column_id, str) and column_id in set(self._ids)
        return self._content(column_id) if is_there else None

    def meaning(self, column_id: str) -> ViewColumn:
        """What a filter on a column means, be it there or not."""
        return self._content(column_id)

    def missing(self) -> list[str]:
        """The names of columns that the view means and the table does not have."""
        named: dict[str, None] = {}
        for member, value in self._saved.items():
            if member not in _UNMISSED:
                _note(member, named)
                _look(value, named)
        hidden = {
            each
            for group in mapping(self._saved.get("groups")).values()
            if mapping(group).get("on") is not False
            for each in texts(mapping(group).get("except"))
        }
        return [
            each.partition(":")[2]
            for each in named
            if each not in self._offered and each not in hidden and each != GROUP_COLUMN
        ]

    def _listed(self, member: str) -> list[str]:
        return list(dict.fromkeys(texts(self._saved.get(member))))

    def _is_shown(self, column_id: str) -> bool:
        group = mapping(self._saved.get("groups")).get(self._offered[server_id(column_id)].kind)
        is_on = mapping(group).get("on") is not False
        return is_on != (column_id in texts(mapping(group).get("except")))

    def _content(self, column_id: str) -> ViewColumn:
        id_ = server_id(column_id)
        if not id_.startswith("metric:"):
            return ViewColumn(column=id_)
        at = mapping(mapping(self._saved.get("bestSteps")).get(column_id))
        if isinstance(at.get("metric"), str) and at.get("goal") in ("Max", "Min"):
            return ViewColumn(column=id_, at=BestStep(metric=at["metric"], goal=at["goal"]))
        chosen = mapping(self._saved.get("statistics")).get(column_id)
        return ViewColumn(
            column=id_, statistic=chosen if chosen in get_args(Statistic) else self._default
        )


def _look(value: Any, named: dict[str, None]) -> None:
    """Note every id of a column in a part of a view."""
    if isinstance(value, str):
        _note(value, named)
    elif isinstance(value, list):
        for item in value:
            _look(item, named)
    elif isinstance(value, dict):
        for key, item in value.items():
            _note(key, named)
            if key != "values":  # what a filter compares with may look like an id, and is none
                _look(item, named)


def _note(text: str, named: dict[str, None]) -> None:
    id_ = server_id(text)
    if _COLUMN_ID.match(id_):
        named[id_] = None
