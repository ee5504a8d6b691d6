"""Reads all trial components of some searches, several pages at a time, as the pace allows."""

from __future__ import annotations

import queue
import threading
from collections.abc import Callable, Iterable
from contextlib import nullcontext
from dataclasses import dataclass

from smx_lab.core.errors import InvalidRequest, ServiceUnavailable, SmxError, Throttled
from smx_lab.gateway.hooks import priority
from smx_lab.gateway.pace import BULK, URGENT
from smx_lab.gateway.sagemaker import ComponentPage, SageMaker
from smx_lab.services.patience import Patience
from smx_lab.services.table_windows import Expression, Step, Windows
from smx_lab.services.workers import Workers

LOCAL_AT_ONCE = 2
"""Calls under way to the local service, which is one process on the same machine. Our choice."""


class Stopped(Exception):  # noqa: N818  it is no error
    """Reading was given up, because the table was dropped or the user said so."""


@dataclass(frozen=True)
class Found:
    """What one call came to."""

    windows: Windows
    step: Step
    page: ComponentPage
    error: Exception | None = None


class TableReading:
    """One reading of everything. After a failure it goes on from there when run again."""

    def __init__(
        self,
        expressions: Iterable[Expression],
        workers: Workers,
        fold: Callable[[ComponentPage], object],
        stopped: threading.Event,
    ) -> None:
        """``fold`` takes each page, in the thread that calls ``run``; ``stopped`` ends that."""
        self.met: set[str] = set()
        """The names of all trial components found so far."""
        self.pages = 0
        self._windows = [Windows(expression) for expression in expressions]
        self._workers = workers
        self._fold = fold
        self._found: queue.SimpleQueue[Found | None] = queue.SimpleQueue()
        self._stopped = stopped

    @property
    def expected(self) -> int | None:
        """How many trial components there are in all, where SageMaker says so."""
        hits = [windows.hits for windows in self._windows]
        return sum(hit or 0 for hit in hits) if None not in hits else None

    def wake(self) -> None:
        """Have ``run`` look whether it is to end; from any thread."""
        self._found.put(None)

    def run(self, sagemaker: SageMaker) -> None:
        """Read until everything has been read.

        Raises
        ------
        SmxError
            If SageMaker refuses, or does not answer for long. What came is kept.
        Stopped
            Once ``stopped`` is set.
        """
        self._found = queue.SimpleQueue()
        for windows in self._windows:
            windows.resume()
        self._read_first(sagemaker)
        # Another reader of the account shares its pace from here on.
        try:
            with sagemaker.pace.reading() if sagemaker.pace else nullcontext():
                self._read_on(sagemaker, Patience(self._stopped))
        finally:
            self._found = queue.SimpleQueue()

    def _read_first(self, sagemaker: SageMaker) -> None:
        """The first page goes before all that reads on: somebody waits for its rows, or for word
        that there is no way to SageMaker. To be throttled is no such word."""
        patience = Patience(self._stopped)
        for windows in self._windows[:1]:
            while not windows.is_met and (step := windows.next_step(False)):
                with priority(URGENT):
                    self._take(_call(sagemaker, windows, step, patience, (Throttled,)))

    def _read_on(self, sagemaker: SageMaker, patience: Patience) -> None:
        under_way = 0
        while not all(windows.is_read for windows in self._windows):
            most = sagemaker.pace.share() if sagemaker.pace else LOCAL_AT_ONCE
            while under_way < most and (chosen := self._next_step()):
                self._start(sagemaker, *chosen, patience)
                under_way += 1
            found = self._found.get()
            if found is not None:
                under_way -= 1
                self._take(found)
            elif self._stopped.is_set():
                raise Stopped

    def _next_step(self) -> tuple[Windows, Step] | None:
        for is_idle in (False, True):
            for windows in self._windows:
                if not windows.is_read and (step := windows.next_step(is_idle)):
                    return windows, step
        return None

    def _start(
        self, sagemaker: SageMaker, windows: Windows, step: Step, patience: Patience
    ) -> None:
        found = self._found

        def call() -> None:
            # What waited for a thread may not be wanted any more.
            if self._found is found and not self._stopped.is_set():
                with priority(BULK):
                    found.put(_call(sagemaker, windows, step, patience))

        self._workers.submit(call)

    def _take(self, found: Found) -> None:
        windows, step, error = found.windows, found.step, found.error
        if self._stopped.is_set():
            raise Stopped
        if error is None:
            self.pages += 1
            self.met.update(one.trial_component_name for one in found.page.components)
            self._fold(found.page)
            times = [component.creation_time for component in found.page.components]
            windows.take(step, times, found.page.next_token, found.page.hits)
        elif not (isinstance(error, InvalidRequest) and windows.refused(step)):
            raise error


def _call(
    sagemaker: SageMaker,
    windows: Windows,
    step: Step,
    patience: Patience,
    kinds: tuple[type[SmxError], ...] = (Throttled, ServiceUnavailable),
) -> Found:
    def page() -> ComponentPage:
        return search(sagemaker, step.expression, step.order, step.token)

    try:
        return Found(windows, step, patience.attempt(page, kinds))
    except Exception as error:  # noqa: BLE001  it is raised where the table is read
        return Found(windows, step, ComponentPage([], None), error)


def search(
    sagemaker: SageMaker,
    expression: Expression,
    order: str,
    token: str | None,
    sort_by: str = "CreationTime",
) -> ComponentPage:
    """One page of trial components."""
    return sagemaker.search_components(
        expression, sort_by=sort_by, sort_order=order, next_token=token
    )
