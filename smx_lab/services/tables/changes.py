"""What has been modified since a table's last look at SageMaker, by SageMaker's own clock."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable
from datetime import datetime, timedelta

from smx_lab.core.table import Table
from smx_lab.gateway.reading.concurrent import Stopped
from smx_lab.gateway.reading.pages import pages_by_change
from smx_lab.gateway.reading.windows import Expression, condition, time_text
from smx_lab.gateway.sagemaker import ComponentPage, SageMaker

OVERLAP = timedelta(minutes=2)
"""How far behind the last look a search for changes begins, since clocks and the index of Search
lag. AWS's own tests wait up to 45 s for a new trial component."""


class Looks:
    """Until when all changes are in a table."""

    def __init__(self, last: datetime | None = None) -> None:
        """``last`` is what a look of another process came to."""
        self.last = last
        """Changes before this instant are in the table."""
        self._newest = last
        self._answered: datetime | None = None

    def begin(self) -> None:
        """Look anew."""
        self._answered = None

    def note(self, page: ComponentPage) -> None:
        """Note when SageMaker gave the first answer, and what was changed last."""
        if self._answered is None:
            self._answered = page.date
        for component in page.components:
            modified = component.last_modified_time
            self._newest = max(modified, self._newest or modified)

    def end(self) -> None:
        """All has been read."""
        # What changed while we read may have been read before. SageMaker's clock counts; if the
        # records are of another one, the newest of them does.
        instants = [instant for instant in (self._answered, self._newest) if instant is not None]
        if instants:
            self.last = min(instants)


def read_changes(
    sagemaker: SageMaker,
    expressions: Iterable[Expression],
    table: Table,
    since: datetime | None,
    fold: Callable[[ComponentPage], bool],
    stopped: threading.Event,
) -> None:
    """Fold in what has changed since a look, and whatever is running.

    Parameters
    ----------
    fold : callable
        Puts a page into the table, and tells whether it says anything new.

    Raises
    ------
    SmxError
        If SageMaker refuses.
    Stopped
        Once ``stopped`` is set.
    """

    def follow(expression: Expression, looked: datetime | None) -> None:
        """Read a search, latest change first, to where a page from ``looked`` back says nothing
        new."""
        for page in pages_by_change(sagemaker, expression):
            if stopped.is_set():
                raise Stopped
            components = page.components
            known = [c for c in components if looked and c.last_modified_time < looked]
            fold(page._replace(components=components[: len(components) - len(known)]))
            lagged = fold(page._replace(components=known))
            if known and not lagged:
                return

    for expression in expressions:
        if since is not None:
            text = time_text(since - OVERLAP)
            changed = condition("LastModifiedTime", "GreaterThanOrEqualTo", text)
            follow(_and(expression, changed), since)
        # The metrics of a running job may grow without its time of change.
        if table.has_status("InProgress", "Stopping"):
            running = condition("Status.PrimaryStatus", "In", "InProgress,Stopping")
            follow(_and(expression, running), None)


def _and(expression: Expression, added: dict[str, str]) -> Expression:
    return {**expression, "Filters": [added, *expression.get("Filters", ())]}
