"""One table's synchronisation with SageMaker: read by pages, then what has changed since."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime, timedelta, timezone
from typing import Any

from smx_lab.core import wire
from smx_lab.core.entities import TrialComponent
from smx_lab.core.errors import SmxError
from smx_lab.core.table import Origin, Queries, Table
from smx_lab.gateway.sagemaker import SageMaker
from smx_lab.services.best_steps import BestStepReader

log = logging.getLogger(__name__)

Expression = dict[str, Any]

SMALL_PAGES = 2
"""A table of so few pages is read again as a whole: it costs no more than asking for changes."""

OVERLAP = timedelta(minutes=2)
"""How far behind the newest change seen a search for changes begins, since clocks and the index
of Search lag. AWS's own tests wait up to 45 s for a new trial component."""

RECONCILE_COSTS = 20
LONGEST_RECONCILE_S = 300.0
"""Links and deletions are found by reading everything, at most every 20 times what that takes."""

LONGEST_PAUSE_S = 300.0
"""Between attempts, after failures. It doubles from the poll interval."""

MOST_CONDITIONS = 20
"""That one list of a search expression takes (SageMaker API Reference, SearchExpression)."""


class Stopped(Exception):  # noqa: N818  it is no error
    """The table was dropped while it was being read."""


class TableSync:
    """Keeps one table in step. Safe from any thread; at most one of them reads at a time.

    Knows SageMaker and the table, and nothing of who looks at it. After a failure the rows stay
    as they were at ``updated_time``, and ``error`` says why.
    """

    def __init__(
        self,
        sagemaker: Callable[[], SageMaker],
        origin: Origin,
        poll_interval_s: float,
        turns: threading.Semaphore,
        clock: Callable[[], float],
        caller_names: Callable[[], Sequence[str]] = tuple[str, ...],
    ) -> None:
        """Prepare; nothing is read before ``refresh``.

        Parameters
        ----------
        turns : semaphore
            Shared by all tables: how many of them may read at the same time.
        caller_names : callable
            The names under which whoever asks appears as a creator.
        """
        # Versions grow across restarts of the server too, so that a browser's old one never fits.
        self.table = Table(origin, first_version=int(time.time() * 1000))
        self.queries = Queries(self.table, caller_names)
        self.best_steps = BestStepReader(self.table, sagemaker)
        self.complete = False
        self.error: SmxError | None = None
        self.updated_time: datetime | None = None
        self.last_used = clock()
        self._sagemaker = sagemaker
        self._expressions = tuple(_expressions(origin))
        self._interval = poll_interval_s
        self._turns = turns
        self._clock = clock
        self._lock = threading.Lock()
        self._rows_met = threading.Event()
        self._idle = threading.Event()
        self._idle.set()
        self._stop = threading.Event()
        self._due = clock()
        self._failures = 0
        self._pages = 0
        self._newest_change: datetime | None = None
        self._reconcile_at = clock()

    def refresh(self, at_once: bool = False) -> bool:
        """Begin to read what is new, if that is due; tell whether reading is under way."""
        with self._lock:
            if not self._idle.is_set():
                return True
            if self._stop.is_set() or not (at_once or self._clock() >= self._due):
                return False
            self._idle.clear()
        threading.Thread(target=self._run, name="smx-lab table", daemon=True).start()
        return True

    def wait_for_rows(self, timeout_s: float) -> None:
        """Return once there are rows to show, or reading has ended, or time is up."""
        self._rows_met.wait(timeout_s)

    def wait(self, timeout_s: float | None = None) -> None:
        """Return once nobody reads any more, or time is up."""
        self._idle.wait(timeout_s)

    def stop(self) -> None:
        """End after the call under way."""
        self._stop.set()
        self.best_steps.stop()

    def _run(self) -> None:
        try:
            with self._turns:
                self._read()
        except Stopped:
            pass
        except SmxError as error:
            self._failed(error)
        except Exception:
            log.exception("A trial component table could not be read.")
            self._failed(SmxError("Something went wrong in smx-lab; the server's log says what."))
        else:
            self._succeeded()
        finally:
            self._rows_met.set()
            self._idle.set()

    def _read(self) -> None:
        began = self._clock()
        if self.complete and self._pages > SMALL_PAGES and began < self._reconcile_at:
            self._read_changes()
            return
        self._read_everything()
        took = self._clock() - began
        self._reconcile_at = began + min(RECONCILE_COSTS * took, LONGEST_RECONCILE_S)

    def _read_everything(self) -> None:
        met: set[str] = set()
        pages = 0
        for expression in self._expressions:
            for page in self._search(expression):
                pages += 1
                met.update(component.trial_component_name for component in page)
        self._pages = pages
        self.table.remove(self.table.component_names() - met)

    def _read_changes(self) -> None:
        conditions = []
        if self._newest_change is not None:
            conditions.append(_modified_since(self._newest_change - OVERLAP))
        # The metrics of a running job may grow without its time of change.
        conditions += [
            _condition("Status.PrimaryStatus", "Equals", status)
            for status in ("InProgress", "Stopping")
            if self.table.has_status(status)
        ]
        for condition in conditions:
            for expression in self._expressions:
                filters = [condition, *expression.get("Filters", ())]
                for _ in self._search({**expression, "Filters": filters}):
                    pass

    def _search(self, expression: Expression) -> Iterator[list[TrialComponent]]:
        """Fold what a search finds into the table, page by page, and yield each page."""
        sagemaker = self._sagemaker()
        token: str | None = None
        while True:
            found = sagemaker.search(
                "ExperimentTrialComponent",
                expression,
                sort_by="CreationTime",
                sort_order="Descending",
                next_token=token,
            )
            if self._stop.is_set():
                raise Stopped
            page = [wire.trial_component(record) for record in found.records]
            self.table.upsert(page)
            if page:
                self._rows_met.set()
                newest = max(component.last_modified_time for component in page)
                self._newest_change = max(newest, self._newest_change or newest)
            yield page
            token = found.next_token
            if token is None:
                return

    def _succeeded(self) -> None:
        self._failures = 0
        # Half the interval: a poll that comes a little early must not wait for the one after.
        self._due = self._clock() + self._interval / 2
        changed = self.error is not None or not self.complete
        self.error, self.complete = None, True
        self.updated_time = datetime.now(timezone.utc)
        if changed:
            self.table.touch()

    def _failed(self, error: SmxError) -> None:
        pause = min(self._interval * 2**self._failures, LONGEST_PAUSE_S)
        self._failures = min(self._failures + 1, 30)
        self._due = self._clock() + pause
        known = self.error
        self.error = error
        if known is None or known.message != error.message:
            self.table.touch()


def _expressions(origin: Origin) -> Iterator[Expression]:
    """The searches that together find every trial component of an origin."""
    for name, values in (
        ("Parents.ExperimentName", origin.experiments),
        ("Parents.TrialName", origin.trials),
    ):
        yield from _any_of(name, values)
    if origin.unassigned:
        yield {"Filters": [{"Name": "Parents.TrialName", "Operator": "NotExists"}]}


def _any_of(name: str, values: Sequence[str]) -> Iterator[Expression]:
    for first in range(0, len(values), MOST_CONDITIONS):
        some = values[first : first + MOST_CONDITIONS]
        either = [_condition(name, "Equals", value) for value in some]
        if len(either) == 1:
            yield {"Filters": either}
        else:
            yield {"SubExpressions": [{"Filters": either, "Operator": "Or"}]}


def _condition(name: str, operator: str, value: str) -> dict[str, str]:
    return {"Name": name, "Operator": operator, "Value": value}


def _modified_since(instant: datetime) -> dict[str, str]:
    # The form that the SageMaker API Reference gives for times in Search, in UTC.
    text = instant.astimezone(timezone.utc).strftime("%Y-%m-%dT%H:%M:%S")
    return _condition("LastModifiedTime", "GreaterThanOrEqualTo", text)
