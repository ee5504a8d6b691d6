"""Reads logged series in the background, for a table's values at the best step."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Iterable, Sequence
from typing import cast

import numpy as np

from smx_lab.contract.bodies import SeriesReading
from smx_lab.core.errors import SmxError
from smx_lab.core.operation import error_body
from smx_lab.core.table import Table
from smx_lab.core.table.columns.best import (
    MAX_COLUMNS,
    BestKey,
    BestStepColumn,
    Series,
    value_at_best,
)
from smx_lab.core.table.columns.columns import MetricColumn
from smx_lab.core.table.query.fields import logged_at
from smx_lab.core.views.view import BestStep, Filter, SortKey, View, ViewColumn
from smx_lab.gateway.reading.concurrent import start_thread
from smx_lab.gateway.sagemaker import SageMaker
from smx_lab.gateway.series import MAX_QUERIES
from smx_lab.services.tables.series import Component, SeriesReader

log = logging.getLogger(__name__)

TELL_EVERY_S = 0.5
"""A table's version grows at most so often while values come in: each time, windows ask again."""

PAUSE_AFTER_FAILURE_S = 30.0
FORGET_AFTER_S = 120.0
"""A step that no view asked for in this time is not read any more. Our choice."""

MAX_SAMPLE = 25
"""Newest components looked at to tell whether a metric has steps. Our choice."""


class BestStepReader:
    """Reads the values at a step that one table still lacks. Safe from any thread."""

    def __init__(self, table: Table, sagemaker: Callable[[], SageMaker]) -> None:
        """``sagemaker`` is called in the reading thread."""
        self._table = table
        self._lock = threading.Lock()
        self.series = SeriesReader(table, sagemaker)
        self._idle = threading.Event()
        self._idle.set()
        self._stop = threading.Event()
        # When each was asked for last; dict() and list() of it are atomic, so readers need no lock.
        self._wanted: dict[BestKey, float] = {}
        self._first: list[int] = []
        self._done = 0
        self._error: SmxError | None = None
        self._again_at = 0.0

    @property
    def reading(self) -> SeriesReading | None:
        """How many values are known of those asked for; None if none was asked for."""
        wanted = list(self._wanted)
        if not wanted:
            return None
        with self._table.lock:
            due = sum(len(self._due(*key)[1]) for key in wanted)
        error = error_body(self._error) if self._error else None
        return SeriesReading(done=self._done, total=self._done + due, error=error)

    def want(self, view: View, first: Iterable[int] = ()) -> None:
        """Have the values of a view's steps read; those of some slots first."""
        keys = steps_of(view)
        if keys:
            now = time.monotonic()
            with self._lock:
                kept = [
                    (key, asked)
                    for key, asked in self._wanted.items()
                    if key not in keys and now - asked < FORGET_AFTER_S
                ]
                kept = kept[max(0, len(kept) + len(keys) - MAX_COLUMNS) :]
                self._wanted = dict(kept + [(key, now) for key in keys])
                self._first = list(first)
            self.resume()

    def resume(self) -> None:
        """Read what is due, unless that has just failed."""
        with self._lock:
            if not self._idle.is_set() or self._stop.is_set() or time.monotonic() < self._again_at:
                return
            with self._table.lock:
                if not any(len(self._due(*key)[1]) for key in self._wanted):
                    return
            self._idle.clear()
            self._done = 0
        start_thread(self._run, "smx-lab series")

    def read(self, view: View) -> None:
        """Return once all values of a view's steps are known.

        Raises
        ------
        SmxError
            If they cannot be read.
        """
        keys = steps_of(view)
        while not self._stop.is_set():
            self.want(view)
            self._idle.wait()
            with self._table.lock:
                due = any(len(self._due(*key)[1]) for key in keys)
            if not due:
                return
            if self._error is not None:
                raise self._error

    def stop(self) -> None:
        """End after the call under way."""
        self._stop.set()

    def is_logged(self, metric_name: str) -> bool:
        """Return whether any step of a metric was logged in a sample of the newest components.

        Raises
        ------
        SmxError
            If that cannot be read.
        """
        with self._table.lock:
            store = self._table.by_kind["metric"].get(metric_name)
            if not isinstance(store, MetricColumn):
                return False
            created = self._table.summary["Created on"].numbers.values  # type: ignore[union-attr]
            slots = np.flatnonzero(store.present())
            newest = slots[np.argsort(-created[slots], kind="stable")][:MAX_SAMPLE]
            components = self.series.components(newest.tolist())
        return any(points.x for (points,) in self.series.read(components, (metric_name,)))

    def _run(self) -> None:
        told = time.monotonic()
        try:
            while (batch := self._next_batch()) is not None and not self._stop.is_set():
                self._work_off(*batch)
                if time.monotonic() - told > TELL_EVERY_S:
                    told = time.monotonic()
                    self._table.touch()
            self._error = None
        except SmxError as error:
            self._fail(error)
        except Exception:
            # Deliberately broad: this is the last frame of a thread, and an error that is not
            # caught here would be lost. The table shows it, and the log has the traceback.
            log.exception("The series of a trial component table could not be read.")
            self._fail(SmxError("Something went wrong in smx-lab; the server's log says what."))
        finally:
            self._idle.set()
            self._table.touch()

    def _fail(self, error: SmxError) -> None:
        self._error = error
        self._again_at = time.monotonic() + PAUSE_AFTER_FAILURE_S

    def _due(self, metric_name: str, at: BestStep) -> tuple[BestStepColumn, Sequence[int]]:
        """Return the column of a metric at a step, and the slots that are due in it."""
        column = self._table.best.column(metric_name, at, self._table.capacity)
        logged = logged_at(self._table, f"metric:{metric_name}", at)
        due = np.flatnonzero(column.due & logged) if logged is not None else np.empty(0, np.intp)
        return column, cast("Sequence[int]", due)

    def _next_batch(self) -> tuple[str, BestStep, list[Component]] | None:
        """Return the metric asked for last, with as many components as one call takes.

        None if nothing is due.
        """
        with self._lock, self._table.lock:
            for metric_name, at in reversed(list(self._wanted)):
                _, due = self._due(metric_name, at)
                if len(due):
                    first = np.isin(due, self._first)
                    ordered = np.concatenate([np.compress(first, due), np.compress(~first, due)])
                    slots = ordered[: MAX_QUERIES // 2].tolist()
                    return metric_name, at, self.series.components(slots)
        return None

    def _work_off(self, metric_name: str, at: BestStep, components: list[Component]) -> None:
        other = at.metric.partition(":")[2]
        values = [
            value_at_best(Series(*metric), Series(*best), at.goal)
            for metric, best in self.series.read(components, (metric_name, other))
        ]
        with self._table.lock:
            column, _ = self._due(metric_name, at)
            # A component that has changed meanwhile is due again; one that has gone is no more.
            held = [
                (component.slot, value)
                for component, value in zip(components, values, strict=True)
                if self._table.members.fingerprint(component.slot) == component.fingerprint
            ]
            if held:
                column.settle([slot for slot, _ in held], [value for _, value in held])
        self._done += len(held)


def steps_of(view: View) -> list[BestKey]:
    """Return the values at a step that a view shows, sorts or filters by."""
    parts: list[ViewColumn | SortKey | Filter] = [*view.columns, *view.sort, *view.filters]
    keys = ((part.column.partition(":")[2], part.at) for part in parts if part.at is not None)
    return list(dict.fromkeys(keys))[:MAX_COLUMNS]
