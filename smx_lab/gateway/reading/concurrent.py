"""Several calls to SageMaker at once, and what reads a table's trial components by them."""

from __future__ import annotations

import queue
import threading
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator
from contextlib import nullcontext
from dataclasses import dataclass, field
from functools import partial
from typing import Generic, TypeVar

from smx_lab.gateway.botocore_events import priority
from smx_lab.gateway.reading.workers import Workers
from smx_lab.gateway.sagemaker import ComponentPage, SageMaker
from smx_lab.gateway.throttle import BULK

LOCAL_AT_ONCE = 2
"""Calls under way to the local service, which is one process on the same machine. Our choice."""

Answer = TypeVar("Answer")


class Stopped(Exception):  # noqa: N818  it is no error
    """Reading was given up, because the table was dropped or the user said so."""


@dataclass(eq=False)
class _Round(Generic[Answer]):
    """Calls that are made together. ``lock`` is held by who chooses one or notes an answer."""

    choose: Callable[[], Callable[[], Answer] | None]
    note: Callable[[Answer], object]
    most: Callable[[], int]
    lock: threading.Lock = field(default_factory=threading.Lock)
    answers: queue.SimpleQueue[Answer | Exception] = field(default_factory=queue.SimpleQueue)
    under_way: int = 0

    def next(self) -> Callable[[], Answer] | None:
        """A call to be made now, which counts as under way; None while there is none."""
        most = self.most()
        # Who takes the answers may be slower than SageMaker: they must not pile up.
        if self.under_way >= most or self.answers.qsize() > most:
            return None
        call = self.choose()
        self.under_way += call is not None
        return call

    def left(self) -> Iterator[Answer]:
        """The answers that nobody has taken yet."""
        while not self.answers.empty():
            answer = self.answers.get()
            if not isinstance(answer, Exception):
                yield answer


class ConcurrentCalls(Generic[Answer]):
    """Calls made by workers, as many at once as the account's pace allows.

    A worker whose call has ended goes on with the next by itself. If whoever takes the answers had
    to tell it, SageMaker would wait for as long as that one is busy with the answer before.
    """

    def __init__(self, workers: Workers, stopped: threading.Event) -> None:
        self._workers = workers
        self._stopped = stopped
        self._round: _Round[Answer] | None = None

    def wake(self) -> None:
        """Have who waits for an answer look whether it is to end; from any thread."""
        if (round_ := self._round) is not None and self._stopped.is_set():
            round_.answers.put(Stopped())

    def forget(self) -> None:
        """Choose no more calls, and hear no more of those under way."""
        if (round_ := self._round) is not None:
            with round_.lock:
                self._round = None

    def results(
        self,
        sagemaker: SageMaker,
        choose: Callable[[], Callable[[], Answer] | None],
        note: Callable[[Answer], object] = lambda _: None,
        is_over: Callable[[], bool] = lambda: False,
    ) -> Iterator[Answer]:
        """Make calls until there are none, and yield what each of them came to.

        Parameters
        ----------
        choose : callable
            Answers the next call, which handles its own errors; None while there is none. As
            ``note``, it is called in any thread, by one at a time.
        note : callable
            Hears of each answer before another call is chosen. What it raises is raised here.
        is_over : callable
            Whether what is still under way is in vain.

        Raises
        ------
        Stopped
            If there is to be no more reading.
        """

        def most() -> int:
            return sagemaker.pace.share() if sagemaker.pace else LOCAL_AT_ONCE

        self.forget()
        round_ = self._round = _Round(choose, note, most)
        while self._is_going_on(round_, is_over):
            answer = round_.answers.get()
            if not isinstance(answer, Exception):
                yield answer
                continue
            self.forget()
            # What was noted is not asked for again, and has to be taken.
            yield from round_.left()
            raise Stopped if self._stopped.is_set() else answer

    def _is_going_on(self, round_: _Round[Answer], is_over: Callable[[], bool]) -> bool:
        """Begin what calls there is room for, and tell whether there are answers to wait for."""
        with round_.lock:
            # Once stopped, what is under way may never be answered.
            if self._stopped.is_set():
                round_.answers.put(Stopped())
                return True
            while (call := round_.next()) is not None:
                self._workers.submit(partial(self._work, round_, call))
            return not round_.answers.empty() or (round_.under_way > 0 and not is_over())

    def _work(self, round_: _Round[Answer], first: Callable[[], Answer]) -> None:
        call: Callable[[], Answer] | None = first
        # What waited for a thread may not be wanted any more.
        while call is not None and self._round is round_ and not self._stopped.is_set():
            with priority(BULK):
                answer = call()
            with round_.lock:
                call = self._noted(round_, answer) if self._round is round_ else None

    def _noted(self, round_: _Round[Answer], answer: Answer) -> Callable[[], Answer] | None:
        round_.under_way -= 1
        try:
            round_.note(answer)
            round_.answers.put(answer)
            return round_.next()
        except Exception as error:  # noqa: BLE001  it is raised where the answers are taken
            round_.answers.put(error)
            return None


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
        self._calls: ConcurrentCalls[Answer] = ConcurrentCalls(workers, stopped)

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
