"""The logged series of a table's trial components, read when they are asked for and kept."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Sequence
from typing import Literal, NamedTuple

from smx_lab.core.table import Table
from smx_lab.gateway.sagemaker import SageMaker
from smx_lab.gateway.series import MAX_QUERIES, Axis, Points, SeriesQuery, read_series

MAX_POINTS = 2_000_000
"""Points kept for a table, about 32 MB, before the oldest series are dropped. Our choice."""

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
        """Return the ARN that a source reads; None where the component comes from no job."""
        if source[0] == "component":
            return self.arn
        # arn:aws:sagemaker:REGION:ACCOUNT:KIND/NAME
        return f"{self.arn.rpartition(':')[0]}:training-job/{self.job}" if self.job else None


class SeriesReader:
    """Reads the series of one table's components. Safe from any thread."""

    def __init__(self, table: Table, sagemaker: Callable[[], SageMaker]) -> None:
        """``sagemaker`` is called in the reading thread."""
        self._table = table
        self._sagemaker = sagemaker
        self._series = SeriesCache()

    def components(self, slots: Sequence[int]) -> list[Component]:
        """Return the components of some slots as they are now. Called under the table's lock."""
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

    def read(
        self,
        components: Sequence[Component],
        metrics: tuple[str, ...],
        sources: Sequence[Source] = SOURCES,
    ) -> list[tuple[Points, ...]]:
        """Return series of some metrics for each component, all over one axis; empty where none is.

        Raises
        ------
        SmxError
            If they cannot be read.
        """
        found: dict[int, tuple[Points, ...]] = {}
        for source in sources:
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
        """Return the series; empty if it is not here."""
        return self._kept.get(key, NOTHING)

    def put(self, key: SeriesKey, points: Points) -> None:
        """Keep a series."""
        with self._lock:
            self._kept[key] = points
            self._points += len(points.x) + 1
            # What has just been put in is about to be used.
            while self._points > MAX_POINTS and len(self._kept) > 2 * MAX_QUERIES:
                _, dropped = self._kept.popitem(last=False)
                self._points -= len(dropped.x) + 1
