"""Reads all trial components of some searches, several pages at a time, as the pace allows."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import partial

from smx_lab.core.errors import InvalidRequest, ServiceUnavailable, SmxError, Throttled
from smx_lab.gateway.botocore_events import priority
from smx_lab.gateway.reading.concurrent import ComponentReader, Stopped
from smx_lab.gateway.reading.windows import Expression, Step, Windows
from smx_lab.gateway.reading.workers import Workers
from smx_lab.gateway.retry import RetryPolicy
from smx_lab.gateway.sagemaker import ComponentPage, SageMaker
from smx_lab.gateway.throttle import URGENT


@dataclass(frozen=True)
class Found:
    """What one call came to."""

    windows: Windows
    step: Step
    page: ComponentPage
    error: Exception | None = None


class TableReading(ComponentReader[Found]):
    """One reading of everything that some searches find."""

    def __init__(
        self,
        expressions: Iterable[Expression],
        workers: Workers,
        fold: Callable[[ComponentPage], object],
        stopped: threading.Event,
    ) -> None:
        super().__init__(workers, fold, stopped)
        self.pages = 0
        self._expressions = tuple(expressions)
        self._windows = self._unread()

    @property
    def expected(self) -> int | None:
        """How many trial components there are in all, where SageMaker says so."""
        hits = [windows.hits for windows in self._windows]
        return sum(hit or 0 for hit in hits) if None not in hits else None

    def _begin(self, sagemaker: SageMaker) -> None:
        """The first page goes before all that reads on: somebody waits for its rows, or for word
        that there is no way to SageMaker. To be throttled is no such word."""
        for windows in self._windows:
            windows.resume()
        retry = RetryPolicy(self._stopped)
        for windows in self._windows[:1]:
            while not windows.is_met and (step := windows.next_step(False)):
                with priority(URGENT):
                    found = _call(sagemaker, windows, step, retry, (Throttled,))
                if self._stopped.is_set():
                    raise Stopped
                self._note(found)
                self._put(found)

    def _read(self, sagemaker: SageMaker) -> None:
        retry = RetryPolicy(self._stopped)

        def choose() -> Callable[[], Found] | None:
            chosen = self._next_step()
            return partial(_call, sagemaker, *chosen, retry) if chosen else None

        for found in self._calls.results(sagemaker, choose, self._note, self._is_read):
            self._put(found)

    def _is_read(self) -> bool:
        return all(windows.is_read for windows in self._windows)

    def _next_step(self) -> tuple[Windows, Step] | None:
        for is_idle in (False, True):
            for windows in self._windows:
                if not windows.is_read and (step := windows.next_step(is_idle)):
                    return windows, step
        return None

    def _note(self, found: Found) -> None:
        """Note how far a call has come."""
        windows, step, error = found.windows, found.step, found.error
        if error is None:
            times = [component.creation_time for component in found.page.components]
            windows.take(step, times, found.page.next_token, found.page.hits)
        elif not (isinstance(error, InvalidRequest) and windows.refused(step)):
            raise error

    def _put(self, found: Found) -> None:
        if found.error is not None:
            return
        try:
            self._fold(found.page)
        except BaseException:
            self._windows = self._unread()  # what counts as read has to be in the table
            raise
        self.pages += 1
        self.met.update(one.trial_component_name for one in found.page.components)

    def _unread(self) -> list[Windows]:
        return [Windows(expression) for expression in self._expressions]


def _call(
    sagemaker: SageMaker,
    windows: Windows,
    step: Step,
    retry: RetryPolicy,
    kinds: tuple[type[SmxError], ...] = (Throttled, ServiceUnavailable),
) -> Found:
    def page() -> ComponentPage:
        return search(sagemaker, step.expression, step.order, step.token)

    try:
        return Found(windows, step, retry.call(page, kinds))
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
