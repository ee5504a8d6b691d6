"""Several calls to SageMaker at once, and what reads a table's trial components by them."""

from __future__ import annotations

import queue
import threading
from abc import ABC, abstractmethod
from collections.abc import Callable
from contextlib import nullcontext
from typing import Generic, TypeVar

from smx_lab.gateway.hooks import priority
from smx_lab.gateway.pace import BULK
from smx_lab.gateway.sagemaker import ComponentPage, SageMaker
from smx_lab.services.workers import Workers

LOCAL_AT_ONCE = 2
"""Calls under way to the local service, which is one process on the same machine. Our choice."""

Answer = TypeVar("Answer")


class Stopped(Exception):  # noqa: N818  it is no error
    """Reading was given up, because the table was dropped or the user said so."""


class SideBySide(Generic[Answer]):
    """Calls under way, made by workers; one thread begins them and takes what they come to.

    Knows how many the account's pace allows, and nothing of what is asked.
    """

    def __init__(self, workers: Workers, stopped: threading.Event) -> None:
        self._workers = workers
        self._stopped = stopped
        self.forget()

    def forget(self) -> None:
        """Hear no more of what is under way."""
        self._answers: queue.SimpleQueue[Answer | None] = queue.SimpleQueue()
        self._under_way = 0

    def wake(self) -> None:
        """Have who waits for an answer look whether it is to end; from any thread."""
        self._answers.put(None)

    @property
    def is_any(self) -> bool:
        """Whether a call is under way."""
        return self._under_way > 0

    def has_room(self, sagemaker: SageMaker) -> bool:
        """Whether one more call may be under way."""
        most = sagemaker.pace.share() if sagemaker.pace else LOCAL_AT_ONCE
        return self._under_way < most

    def begin(self, call: Callable[[], Answer]) -> None:
        """Make a call, which handles its own errors."""
        answers = self._answers

        def make() -> None:
            # What waited for a thread may not be wanted any more.
            if self._answers is answers and not self._stopped.is_set():
                with priority(BULK):
                    answers.put(call())

        self._workers.submit(make)
        self._under_way += 1

    def take(self) -> Answer:
        """Wait for the next answer.

        Raises
        ------
        Stopped
            If there is to be no more reading.
        """
        answer = None
        while answer is None:
            # Before it waits too: once stopped, what is under way may never be answered.
            self._check()
            answer = self._answers.get()
            self._check()
        self._under_way -= 1
        return answer

    def _check(self) -> None:
        if self._stopped.is_set():
            raise Stopped


class ComponentReader(ABC, Generic[Answer]):
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
        self._calls: SideBySide[Answer] = SideBySide(workers, stopped)

    @property
    @abstractmethod
    def expected(self) -> int | None:
        """How many trial components there are in all, where that is known."""

    def wake(self) -> None:
        """Have ``run`` look whether it is to end; from any thread."""
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
        self._calls.forget()
        self._begin(sagemaker)
        # Another reader of the account shares its pace from here on.
        try:
            with sagemaker.pace.reading() if sagemaker.pace else nullcontext():
                self._read(sagemaker)
        finally:
            self._calls.forget()

    def _begin(self, sagemaker: SageMaker) -> None:
        """What goes before all that is read side by side."""

    @abstractmethod
    def _read(self, sagemaker: SageMaker) -> None:
        """Read all that is left."""
