"""What the two ways to read all trial components of a table have in common."""

from __future__ import annotations

import threading
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator
from contextlib import nullcontext
from functools import partial
from typing import Generic, TypeVar

from smx_lab.gateway.botocore_events import priority
from smx_lab.gateway.reading.concurrent import ConcurrentCalls, Workers
from smx_lab.gateway.retry import RetryPolicy
from smx_lab.gateway.sagemaker import ComponentPage, SageMaker
from smx_lab.gateway.throttle import BULK

LOCAL_AT_ONCE = 2
"""Calls under way to the local service, which is one process on the same machine. Our choice."""

Result = TypeVar("Result")


class ComponentReader(ABC, Generic[Result]):
    """Reads all trial components of a table; one thread at a time runs it."""

    def __init__(
        self,
        workers: Workers,
        fold: Callable[[ComponentPage], object],
        stopped: threading.Event,
    ) -> None:
        """``fold`` takes what was read, in the thread that calls ``run``; ``stopped`` ends that."""
        self.met: set[str] = set()
        """The names of all trial components found so far."""
        self._fold = fold
        self._stopped = stopped
        self._calls: ConcurrentCalls[Result] = ConcurrentCalls(workers, stopped)

    @property
    @abstractmethod
    def expected(self) -> int | None:
        """How many trial components there are in all, where that is known."""

    def wake(self) -> None:
        """Have ``run`` look at ``stopped``; from any thread."""
        self._calls.wake()

    def run(self, sagemaker: SageMaker) -> None:
        """Read what is to be read. After a failure it goes on from there when run again.

        Raises
        ------
        SmxError
            If SageMaker refuses, or does not answer for long. What came is kept.
        Stopped
            Once ``stopped`` is set.
        """
        self._begin(sagemaker)
        # From here on the account's calls are shared with its other readers.
        try:
            with sagemaker.throttle.reading() if sagemaker.throttle else nullcontext():
                self._read(sagemaker, RetryPolicy(sagemaker.retry_limits, self._stopped.wait))
        finally:
            self._calls.forget()

    def _begin(self, sagemaker: SageMaker) -> None:
        """Read what has to come before all that is read side by side."""

    @abstractmethod
    def _read(self, sagemaker: SageMaker, retry: RetryPolicy) -> None:
        """Read all that is left."""

    def _results(
        self,
        sagemaker: SageMaker,
        choose: Callable[[], Callable[[], Result] | None],
        note: Callable[[Result], object] = lambda _: None,
        is_over: Callable[[], bool] = lambda: False,
    ) -> Iterator[Result]:
        """Make calls as in ``ConcurrentCalls.results``, as many at once as the throttle allows.

        Calls that a user waits for go before them.
        """

        def choose_bulk() -> Callable[[], Result] | None:
            call = choose()
            return None if call is None else partial(_call_in_bulk, call)

        def at_once() -> int:
            return sagemaker.throttle.share() if sagemaker.throttle else LOCAL_AT_ONCE

        return self._calls.results(choose_bulk, at_once, note, is_over)


def _call_in_bulk(call: Callable[[], Result]) -> Result:
    with priority(BULK):
        return call()
