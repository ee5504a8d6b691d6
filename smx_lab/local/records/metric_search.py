"""What a search sees of metrics: their statistics once more, in the order of their names.

To keep that order with every point would touch a page of the database for each metric, ten times
what the points themselves need. So a write notes only whose metrics have changed, and whoever
searches by metrics has the order brought up to date first: what is written is found at once.
"""

from __future__ import annotations

import sqlite3

import msgspec

from smx_lab.local.context import Context, Request

LAG_LIMIT = 256
"""Most trial components that wait, so that no search waits long for them; our choice."""

_IS_BEHIND = "SELECT EXISTS (SELECT 1 FROM metric_search_lag)"
_COLUMNS = "name, trial_component_id, metric_id, last, max, min, avg, std_dev, count"


def note(cx: sqlite3.Connection, context: Context, component_id: int) -> None:
    """Note that the metrics of a trial component have changed; to be called after the change."""
    noted = cx.execute("INSERT OR IGNORE INTO metric_search_lag VALUES (?)", (component_id,))
    if noted.rowcount > 0:
        waiting = cx.execute("SELECT count(*) FROM metric_search_lag").fetchone()[0]
        if waiting >= LAG_LIMIT:
            _refresh(cx, context)


def _refresh(cx: sqlite3.Connection, context: Context) -> None:
    """Bring what a search sees up to date, which is a change of what it has found."""
    waiting = cx.execute("SELECT trial_component_id FROM metric_search_lag").fetchall()
    for (number,) in waiting:
        context.component_changes.note(number, context.store.version + 1)
    refresh(cx)


def refresh(cx: sqlite3.Connection) -> None:
    """Bring the table up to date."""
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
    """Bring it up to date if a search looks at metrics; may wait for the writing thread."""
    # The word in a value does no harm.
    is_asked = b"metrics." in msgspec.json.encode(request).lower()
    if is_asked:
        before_suggestions(context, request)


def before_suggestions(context: Context, _: Request) -> None:
    """Bring it up to date, for the names of the metrics there are."""
    if context.store.read(lambda cx: cx.execute(_IS_BEHIND).fetchone()[0]):
        context.store.write(lambda cx: _refresh(cx, context)).result()
