"""Reads logged series in the background, for a table's values at the best step."""

from __future__ import annotations

import logging
import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Iterable, Sequence
from typing import Literal, NamedTuple, cast

import numpy as np

from smx_lab.contract.bodies import SeriesReading
from smx_lab.core.errors import SmxError
from smx_lab.core.operation import error_body
from smx_lab.core.table import Table
from smx_lab.core.table.best import (
    MOST_COLUMNS,
    BestKey,
    BestStepColumn,
    Series,
    value_at_best,
)
from smx_lab.core.table.columns import MetricColumn
from smx_lab.core.table.fields import logged_at
from smx_lab.core.view import BestStep, Filter, SortKey, View, ViewColumn
from smx_lab.gateway.sagemaker import SageMaker
from smx_lab.gateway.series import MOST_QUERIES, Axis, Points, SeriesQuery, read_series

log = logging.getLogger(__name__)

MOST_POINTS = 2_000_000
"""Points kept for a table, about 32 MB, before the oldest series are dropped. Our choice."""

TOLD_EVERY_S = 0.5
"""How often a table's version may grow while values come in: each time, windows ask again."""

PAUSE_AFTER_FAILURE_S = 30.0
FORGOTTEN_AFTER_S = 120.0
"""A step that no view asked for so long is not read any more. Our choice."""

SAMPLE = 25
"""Newest components looked at to tell whether a metric has steps. Our choice."""

Source = tuple[Literal["component", "job"], Axis]

SOURCES: tuple[Source, ...] = (
    ("component", "IterationNumber"),
    ("job", "IterationNumber"),
    ("component", "Timestamp"),
    ("job", "Timestamp"),
)
"""Where a series may be, and over what; the first that has all metrics asked for is taken."""

NOTHING = Points([], [])


class Component(NamedTuple):
    """A trial component as it was when its series were asked for."""

    slot: int
    name: str
    arn: str
    job: str | None
    fingerprint: int

    def arn_of(self, source: Source) -> str | None:
        """The ARN that a source reads; None where the component comes from no job."""
        if source[0] == "component":
            return self.arn
        # arn:aws:sagemaker:REGION:ACCOUNT:KIND/NAME
        return f"{self.arn.rpartition(':')[0]}:training-job/{self.job}" if self.job else None


class BestStepReader:
    """Works out what is due of one table's values at a step. Safe from any thread."""

    def __init__(self, table: Table, sagemaker: Callable[[], SageMaker]) -> None:
        """``sagemaker`` is asked for in the reading thread."""
        self._table = table
        self._sagemaker = sagemaker
        self._lock = threading.Lock()
        self._series = SeriesCache()
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
        """How far it is; None if nobody has asked for anything."""
        wanted = list(self._wanted)
        if not wanted:
            return None
        with self._table.lock:
            due = sum(len(self._due(*key)[1]) for key in wanted)
        error = error_body(self._error) if self._error else None
        return SeriesReading(done=self._done, total=self._done + due, error=error)

    def want(self, view: View, first: Iterable[int] = ()) -> None:
        """Have the values of a view's steps read; those of some slots first."""
        keys = wanted_steps(view)
        if keys:
            now = time.monotonic()
            with self._lock:
                kept = [
                    (key, asked)
                    for key, asked in self._wanted.items()
                    if key not in keys and now - asked < FORGOTTEN_AFTER_S
                ]
                kept = kept[max(0, len(kept) + len(keys) - MOST_COLUMNS) :]
                self._wanted = dict(kept + [(key, now) for key in keys])
                self._first = list(first)
            self.resume()

    def resume(self) -> None:
        """Go on with what is due, unless that has just failed."""
        with self._lock:
            if not self._idle.is_set() or self._stop.is_set() or time.monotonic() < self._again_at:
                return
            with self._table.lock:
                if not any(len(self._due(*key)[1]) for key in self._wanted):
                    return
            self._idle.clear()
            self._done = 0
        threading.Thread(target=self._run, name="smx-lab series", daemon=True).start()

    def read(self, view: View) -> None:
        """Return once all values of a view's steps are known.

        Raises
        ------
        SmxError
            If they cannot be read.
        """
        keys = wanted_steps(view)
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
        """Whether any step of a metric was logged in a sample of the newest components.

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
            newest = slots[np.argsort(-created[slots], kind="stable")][:SAMPLE]
            components = self._components(newest.tolist())
        return any(points.x for (points,) in self._read(components, (metric_name,)))

    def _run(self) -> None:
        told = time.monotonic()
        try:
            while (batch := self._next_batch()) is not None and not self._stop.is_set():
                self._work_off(*batch)
                if time.monotonic() - told > TOLD_EVERY_S:
                    told = time.monotonic()
                    self._table.touch()
            self._error = None
        except SmxError as error:
            self._failed(error)
        except Exception:
            # The end of a thread: nobody above it would hear of this, and the table has to say so.
            log.exception("The series of a trial component table could not be read.")
            self._failed(SmxError("Something went wrong in smx-lab; the server's log says what."))
        finally:
            self._idle.set()
            self._table.touch()

    def _failed(self, error: SmxError) -> None:
        self._error = error
        self._again_at = time.monotonic() + PAUSE_AFTER_FAILURE_S

    def _due(self, metric_name: str, at: BestStep) -> tuple[BestStepColumn, Sequence[int]]:
        """The column of a metric at a step, and the slots that are due in it."""
        column = self._table.best.column(metric_name, at, self._table.capacity)
        logged = logged_at(self._table, f"metric:{metric_name}", at)
        due = np.flatnonzero(column.due & logged) if logged is not None else np.empty(0, np.intp)
        return column, cast("Sequence[int]", due)

    def _next_batch(self) -> tuple[str, BestStep, list[Component]] | None:
        """As much as one call takes of what was asked for last; None if nothing is due."""
        with self._lock, self._table.lock:
            for metric_name, at in reversed(list(self._wanted)):
                _, due = self._due(metric_name, at)
                if len(due):
                    first = np.isin(due, self._first)
                    ordered = np.concatenate([np.compress(first, due), np.compress(~first, due)])
                    slots = ordered[: MOST_QUERIES // 2].tolist()
                    return metric_name, at, self._components(slots)
        return None

    def _components(self, slots: Sequence[int]) -> list[Component]:
        table = self._table
        return [
            Component(
                slot=slot,
                name=table.names.text(slot) or "",
                arn=table.members.arn(slot),
                job=table.members.job(slot),
                fingerprint=table.members.fingerprint(slot),
            )
            for slot in slots
        ]

    def _work_off(self, metric_name: str, at: BestStep, components: list[Component]) -> None:
        other = at.metric.partition(":")[2]
        values = [
            value_at_best(Series(*metric), Series(*best), at.goal)
            for metric, best in self._read(components, (metric_name, other))
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

    def _read(
        self, components: Sequence[Component], metrics: tuple[str, ...]
    ) -> list[tuple[Points, ...]]:
        """The series of some metrics of each component, all over the same axis; or empty ones."""
        found: dict[int, tuple[Points, ...]] = {}
        for source in SOURCES:
            left = [
                component
                for component in components
                if component.slot not in found and component.arn_of(source)
            ]
            if left:
                self._fill(left, metrics, source)
            for component in left:
                series = tuple(self._series.get((component, each, source)) for each in metrics)
                if all(points.x for points in series):
                    found[component.slot] = series
        nothing = (NOTHING,) * len(metrics)
        return [found.get(component.slot, nothing) for component in components]

    def _fill(
        self, components: Sequence[Component], metrics: Sequence[str], source: Source
    ) -> None:
        """Read into the cache what it lacks."""
        keys = [
            (component, metric, source)
            for component in components
            for metric in dict.fromkeys(metrics)
            if (component, metric, source) not in self._series
        ]
        queries = [SeriesQuery(key[0].arn_of(source) or "", key[1]) for key in keys]
        if queries:
            for key, points in zip(
                keys, read_series(self._sagemaker(), queries, source[1]), strict=True
            ):
                self._series.put(key, points)


SeriesKey = tuple[Component, str, Source]


class SeriesCache:
    """Series as they were read, by component and state; the oldest go when there are too many."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._kept: OrderedDict[SeriesKey, Points] = OrderedDict()
        self._points = 0

    def __contains__(self, key: SeriesKey) -> bool:
        return key in self._kept

    def get(self, key: SeriesKey) -> Points:
        """The series; empty if it is not here."""
        return self._kept.get(key, NOTHING)

    def put(self, key: SeriesKey, points: Points) -> None:
        """Keep a series."""
        with self._lock:
            self._kept[key] = points
            self._points += len(points.x) + 1
            # What has just been put in is about to be used.
            while self._points > MOST_POINTS and len(self._kept) > 2 * MOST_QUERIES:
                _, dropped = self._kept.popitem(last=False)
                self._points -= len(dropped.x) + 1


def wanted_steps(view: View) -> list[BestKey]:
    """What a view shows, sorts or filters by that has to be worked out from series."""
    parts: list[ViewColumn | SortKey | Filter] = [*view.columns, *view.sort, *view.filters]
    keys = ((part.column.partition(":")[2], part.at) for part in parts if part.at is not None)
    return list(dict.fromkeys(keys))[:MOST_COLUMNS]
