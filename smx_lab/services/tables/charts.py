"""What the charts of a table draw: values of its rows, and logged series of its components."""

from __future__ import annotations

import time
from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from smx_lab.contract.bodies import (
    ChartPoints,
    LoggedSeries,
    PointsRequest,
    SeriesAnswer,
    SeriesAxis,
    SeriesRequest,
)
from smx_lab.core.errors import InvalidRequest
from smx_lab.core.limits import MAX_ROWS
from smx_lab.core.table.downsample import downsample
from smx_lab.gateway.series import MAX_QUERIES, Points
from smx_lab.services.tables.series import SOURCES, Component, Source
from smx_lab.services.tables.sync.sync import TableSync

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Numbers = NDArray[np.float64]

MAX_POINTS = 5000
"""Rows drawn in one chart; more of them cover each other. Our choice."""

MAX_LINES = 500
MIN_LINE_POINTS, MAX_LINE_POINTS = 10, 10_000

READ_FOR_S = 1.0
"""After this time a request returns what has been read; the browser asks again for the rest."""

SERIES_AT_ONCE = MAX_QUERIES // 2
"""Series that are read together: each may take a query for its values and one for its epochs."""

EPOCH = "epoch"
"""The metric under which PyTorch Lightning and others log the epoch of each step."""

_SOURCES: dict[SeriesAxis, tuple[Source, ...]] = {
    "step": tuple(source for source in SOURCES if source[1] == "IterationNumber"),
    "epoch": SOURCES,
    "time": tuple(source for source in SOURCES if source[1] == "Timestamp"),
}


def points(sync: TableSync, request: PointsRequest) -> ChartPoints:
    """Return what a chart draws of the rows of a view.

    Raises
    ------
    InvalidRequest
        If the rows, the limit or the view breaks a rule.
    """
    if request.rows is not None and len(request.rows) > MAX_ROWS:
        raise InvalidRequest(f"rows takes at most {MAX_ROWS} ids.", field="rows")
    if not 1 <= request.limit <= MAX_POINTS:
        raise InvalidRequest(f"limit must be from 1 to {MAX_POINTS}.", field="limit")
    found = sync.queries.chart_rows(request.view, request.rows, request.limit)
    snapshot = found.snapshot
    return ChartPoints(
        ids=snapshot.ids,
        names=[str(name) for name in snapshot.names.cells(0, len(snapshot))],
        columns=[column.cells(0, len(snapshot)) for column in snapshot.columns],
        total=found.total,
        version=found.version,
    )


def lines(
    sync: TableSync,
    request: SeriesRequest,
    read_for_s: float = READ_FOR_S,
    at_once: int = SERIES_AT_ONCE,
) -> SeriesAnswer:
    """Return the logged series of some components, as far as they have changed.

    After ``read_for_s`` seconds what was read is returned; ``at_once`` series are read together.

    Raises
    ------
    InvalidRequest
        If the metric, the components or the number of points breaks a rule.
    SmxError
        If they cannot be read.
    """
    metric = _metric(request)
    with sync.table.lock:
        version = sync.table.version
        has_epochs = EPOCH in sync.table.by_kind["metric"] and metric != EPOCH
        names = dict.fromkeys(request.trial_components)
        slots = [slot for slot in map(sync.table.members.find, names) if slot is not None]
        changed = [
            component
            for component in sync.best_steps.series.components(slots)
            if request.known.get(component.name) != _state(component)
        ]
    with_epochs = request.axis == "epoch" and has_epochs
    found: list[LoggedSeries] = []
    until = time.monotonic() + read_for_s
    while changed and (not found or time.monotonic() < until):
        batch, changed = changed[:at_once], changed[at_once:]
        found += _read(sync, batch, metric, request, with_epochs=with_epochs)
    return SeriesAnswer(series=found, left=len(changed), version=version)


def _metric(request: SeriesRequest) -> str:
    """Return the metric's name, or raise InvalidRequest if the request breaks a rule."""
    kind, _, metric = request.metric.partition(":")
    if kind != "metric" or not metric:
        raise InvalidRequest("metric must be the column id of a metric.", field="metric")
    if len(request.trial_components) > MAX_LINES:
        raise InvalidRequest(
            f"trial_components takes at most {MAX_LINES} names.", field="trial_components"
        )
    if not MIN_LINE_POINTS <= request.most_points <= MAX_LINE_POINTS:
        raise InvalidRequest(
            f"most_points must be from {MIN_LINE_POINTS} to {MAX_LINE_POINTS}.",
            field="most_points",
        )
    return metric


def _read(
    sync: TableSync,
    components: Sequence[Component],
    metric: str,
    request: SeriesRequest,
    *,
    with_epochs: bool,
) -> list[LoggedSeries]:
    """Return the lines of some components, in this order."""
    reader = sync.best_steps.series
    found: list[Points] = [
        one for (one,) in reader.read(components, (metric,), _SOURCES[request.axis])
    ]
    epochs: list[Points | None] = [None] * len(components)
    if with_epochs:
        steps = reader.read(components, (metric, EPOCH), _SOURCES["step"])
        epochs = [both[1] if both[1].x else None for both in steps]
        found = [both[0] if both[1].x else plain for both, plain in zip(steps, found, strict=True)]
    return [
        _line(component, series, epoch, request)
        for component, series, epoch in zip(components, found, epochs, strict=True)
    ]


def _line(
    component: Component, series: Points, epochs: Points | None, request: SeriesRequest
) -> LoggedSeries:
    x = np.asarray(series.x, np.float64)
    y = np.asarray(series.values, np.float64)
    order = np.argsort(x, kind="stable")
    x, y = x[order], y[order]
    if request.axis == "epoch":
        x, y = _over_epochs(x, y, epochs)
    places = downsample(y, request.most_points)
    return LoggedSeries(
        trial_component_name=component.name,
        state=_state(component),
        x=x[places].tolist(),
        y=[value if np.isfinite(value) else None for value in y[places].tolist()],
        logged=len(x),
    )


def _over_epochs(x: Numbers, y: Numbers, epochs: Points | None) -> tuple[Numbers, Numbers]:
    """Return a series over the epochs logged at its steps, or over the count of its values."""
    if epochs is None:
        return np.arange(1, len(x) + 1, dtype=np.float64), y
    epoch_at = dict(zip(epochs.x, epochs.values, strict=True))
    found = np.array([epoch_at.get(int(step), np.nan) for step in x], np.float64)
    known = np.isfinite(found)
    return found[known], y[known]


def _state(component: Component) -> str:
    # As text: JavaScript's numbers have no room for 64 bits.
    return format(component.fingerprint & 0xFFFFFFFFFFFFFFFF, "x")
