"""Reads all trial components of some searches, several pages at a time, as the throttle allows."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import partial

from smx_lab.core.errors import InvalidRequest, Throttled
from smx_lab.gateway.botocore_events import priority
from smx_lab.gateway.reading.component_reader import ComponentReader
from smx_lab.gateway.reading.concurrent import Stopped, Workers
from smx_lab.gateway.reading.windows import RESULT_WINDOW, Expression, Step, Windows
from smx_lab.gateway.retry import RetryPolicy
from smx_lab.gateway.sagemaker import ComponentPage, SageMaker
from smx_lab.gateway.throttle import URGENT


@dataclass(frozen=True)
class Found:
    """What one call returned or raised."""

    windows: Windows
    step: Step
    page: ComponentPage
    error: Exception | None = None


class TableReading(ComponentReader[Found]):
    """Reads once everything that some searches find."""

    def __init__(
        self,
        expressions: Iterable[Expression],
        workers: Workers,
        fold: Callable[[ComponentPage], object],
        stopped: threading.Event,
        result_window: int = RESULT_WINDOW,
    ) -> None:
        """``result_window``: the most records that one search returns in all."""
        super().__init__(workers, fold, stopped)
        self.pages = 0
        self._result_window = result_window
        self._expressions = tuple(expressions)
        self._windows = self._unread()

    @property
    def expected(self) -> int | None:
        """How many trial components there are in all, where SageMaker says so."""
        hits = [windows.hits for windows in self._windows]
        return sum(hit or 0 for hit in hits) if None not in hits else None

    def _begin(self, sagemaker: SageMaker) -> None:
        """Read the first page, before all others: a user waits for its rows.

        Only throttling is retried: the user also waits to be told that SageMaker cannot be reached.
        """
        for windows in self._windows:
            windows.resume()
        retry = RetryPolicy(sagemaker.retry_limits, self._stopped.wait, kinds=(Throttled,))
        for windows in self._windows[:1]:
            while not windows.is_met and (step := windows.next_step(False)):
                with priority(URGENT):
                    found = _call(sagemaker, windows, step, retry)
                if self._stopped.is_set():
                    raise Stopped
                self._note(found)
                self._put(found)

    def _read(self, sagemaker: SageMaker, retry: RetryPolicy) -> None:
        def choose() -> Callable[[], Found] | None:
            chosen = self._next_step()
            return partial(_call, sagemaker, *chosen, retry) if chosen else None

        for found in self._results(sagemaker, choose, self._note, self._is_read):
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
        """Note in the windows what a call has read."""
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
            self._windows = self._unread()  # what counts as read must be in the table
            raise
        self.pages += 1
        self.met.update(one.trial_component_name for one in found.page.components)

    def _unread(self) -> list[Windows]:
        return [
            Windows(expression, result_window=self._result_window)
            for expression in self._expressions
        ]


def _call(sagemaker: SageMaker, windows: Windows, step: Step, retry: RetryPolicy) -> Found:
    def page() -> ComponentPage:
        return sagemaker.search_components(
            step.expression, sort_by="CreationTime", sort_order=step.order, next_token=step.token
        )

    try:
        return Found(windows, step, retry.call(page))
    except Exception as error:  # noqa: BLE001  it is raised where the table is read
        return Found(windows, step, ComponentPage([], None), error)


def pages_by_change(sagemaker: SageMaker, expression: Expression) -> Iterator[ComponentPage]:
    """Yield the pages of a search for trial components, latest change first.

    Each page is asked for when it is taken, without retry above botocore's.
    """
    token: str | None = None
    while True:
        page = sagemaker.search_components(expression, next_token=token)
        yield page
        token = page.next_token
        if token is None:
            return
