"""The filters of a saved view in the words of a table."""

from __future__ import annotations

import math
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any, cast, get_args

from smx_lab.core.limits import MAX_VIEW_FILTERS
from smx_lab.core.views.saved import SavedColumns, items, mapping
from smx_lab.core.views.view import Filter, FilterOperator

DAYS = "days"
"""Whole days in the time zone of whoever looks, as ``YYYY-MM-DD``; an empty text is an open end."""

DURATION = "summary:Duration"
_MS_PER_SECOND = 1000


def filters_of(saved: Mapping[str, Any], own: SavedColumns) -> tuple[Filter, ...]:
    """Return all filters that can be understood."""
    known = [each for each in map(mapping, items(saved.get("filters"))) if _is_filter(each)]
    return tuple(_filter(each, own) for each in known[:MAX_VIEW_FILTERS])


def _is_filter(item: Mapping[str, Any]) -> bool:
    values = item.get("values")
    return (
        isinstance(item.get("column"), str)
        and item.get("operator") in (*get_args(FilterOperator), DAYS)
        and isinstance(values, list)
        and all(map(_is_value, values))
    )


def _is_value(value: Any) -> bool:
    if isinstance(value, str):
        return True
    return isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value)


def _filter(item: Mapping[str, Any], own: SavedColumns) -> Filter:
    operator, values = item["operator"], tuple(item["values"])
    if item["column"] == DURATION:
        # A duration is asked for in seconds, and kept so.
        values = tuple(_milliseconds(value) for value in values)
    if operator == DAYS:
        operator, values = _instants(values)
    meant = own.meaning(item["column"])
    return Filter(
        column=meant.column,
        operator=cast(FilterOperator, operator),
        statistic=meant.statistic,
        at=meant.at,
        values=values,
    )


def _milliseconds(value: str | float) -> str | float:
    try:
        return float(value) * _MS_PER_SECOND
    except ValueError:
        return value


def _instants(values: tuple[str | float, ...]) -> tuple[FilterOperator, tuple[float, ...]]:
    """Return the first and the last millisecond of some days, both included."""
    first, last = (_day(value) for value in (*values, "", "")[:2])
    since = None if first is None else _epoch_ms(first)
    until = None if last is None else _epoch_ms(last + timedelta(days=1)) - 1
    if since is not None and until is not None:
        return "between", (since, until)
    return ("ge", (since,)) if since is not None else ("le", (until or 0,))


def _day(value: str | float) -> datetime | None:
    try:
        return datetime.strptime(str(value), "%Y-%m-%d")
    except ValueError:
        return None


def _epoch_ms(local: datetime) -> float:
    """Of a wall clock's time on this machine."""
    return round(local.astimezone().timestamp() * 1000)
