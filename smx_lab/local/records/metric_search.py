"""A copy of the metrics' statistics for searches, in the order of their names.

Updating that order with every point would touch a page of the database for each metric, ten times
what the points themselves need. So a write only notes which trial components have changed metrics,
and a search by metrics updates the copy first: what is written is found at once.
"""

from __future__ import annotations

import sqlite3

import msgspec

from smx_lab.core.statistics import STATISTICS
from smx_lab.local.context import Context, Request

MAX_LAG = 256
"""The most trial components noted, so that the update before a search is short; our choice."""

_IS_BEHIND = "SELECT EXISTS (SELECT 1 FROM metric_search_lag)"
_COLUMNS = ", ".join(
    ("name", "trial_component_id", "metric_id", *(names.member for names in STATISTICS.values()))
)


def note(cx: sqlite3.Connection, context: Context, component_id: int) -> None:
    """Note that the metrics of a trial component have changed. Call it after the change."""
    noted = cx.execute("INSERT OR IGNORE INTO metric_search_lag VALUES (?)", (component_id,))
    if noted.rowcount > 0:
        waiting = cx.execute("SELECT count(*) FROM metric_search_lag").fetchone()[0]
        if waiting >= MAX_LAG:
            _refresh(cx, context)


def _refresh(cx: sqlite3.Connection, context: Context) -> None:
    """Update the copy, and note its trial components as changed for earlier searches."""
    waiting = cx.execute("SELECT trial_component_id FROM metric_search_lag").fetchall()
    for (number,) in waiting:
        context.component_changes.note(number, context.store.version + 1)
    refresh(cx)


def refresh(cx: sqlite3.Connection) -> None:
    """Update the copy."""
    cx.execute(
        f"""
        INSERT OR REPLACE INTO metric_search ({_COLUMNS})
        SELECT {_COLUMNS.replace("metric_id", "id")} FROM metric
        WHERE trial_component_id IN (SELECT trial_component_id FROM metric_search_lag)
        ORDER BY name COLLATE NOCASE, trial_component_id
        """  # noqa: S608 - the columns from above
    )
    cx.execute("DELETE FROM metric_search_lag")


def before_search(context: Context, request: Request) -> None:
    """Update the copy if a search uses metrics; may wait for the writing thread."""
    # The word may be in a value, which does no harm.
    is_asked = b"metrics." in msgspec.json.encode(request).lower()
    if is_asked:
        before_suggestions(context, request)


def before_suggestions(context: Context, _: Request) -> None:
    """Update the copy, for the names of metrics."""
    if context.store.read(lambda cx: cx.execute(_IS_BEHIND).fetchone()[0]):
        context.store.write(lambda cx: _refresh(cx, context)).result()
