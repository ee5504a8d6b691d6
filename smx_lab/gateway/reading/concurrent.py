"""Runs calls side by side. The one way to do so, and the one kind of background thread.

All threads are daemons: nobody waits for them, and an interpreter may end while a call is under
way.
"""

from __future__ import annotations

import queue
import threading
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from functools import partial
from typing import Generic, TypeVar

IDLE_S = 30.0
"""A thread of a pool without work for so long ends."""

Item = TypeVar("Item")
Result = TypeVar("Result")


class Stopped(Exception):  # noqa: N818  it is no error
    """Reading was given up, because the table was dropped or the user said so."""


def start_thread(job: Callable[[], None], name: str) -> None:
    """Run a job in a thread of its own. The job handles its own errors."""
    threading.Thread(target=job, name=name, daemon=True).start()


class Workers:
    """A pool of at most so many threads, started as there is work.

    The jobs handle their own errors.
    """

    def __init__(self, most: int, name: str, idle_s: float = IDLE_S) -> None:
        """``idle_s`` is how many seconds a thread waits for more work before it ends."""
        self._most = most
        self._name = name
        self._idle_s = idle_s
        self._jobs: queue.SimpleQueue[Callable[[], None]] = queue.SimpleQueue()
        self._lock = threading.Lock()
        self._threads = 0
        self._free = 0

    def submit(self, job: Callable[[], None]) -> None:
        """Run a job as soon as a thread is free."""
        with self._lock:
            self._jobs.put(job)
            if self._free >= self._jobs.qsize() or self._threads >= self._most:
                return
            self._threads += 1
        start_thread(self._work, self._name)

    def _work(self) -> None:
        while True:
            with self._lock:
                self._free += 1
            try:
                job = self._jobs.get(timeout=self._idle_s)
            except queue.Empty:
                job = None
            with self._lock:
                self._free -= 1
                if job is None:
                    if self._jobs.qsize():
                        continue  # it came at this very moment
                    self._threads -= 1
                    return
            job()


@dataclass(eq=False)
class _Round(Generic[Result]):
    """The calls of one ``results``. Hold ``lock`` to choose a call or to note a result."""

    choose: Callable[[], Callable[[], Result] | None]
    note: Callable[[Result], object]
    at_once: Callable[[], int]
    lock: threading.Lock = field(default_factory=threading.Lock)
    results: queue.SimpleQueue[Result | Exception] = field(default_factory=queue.SimpleQueue)
    under_way: int = 0

    def next(self) -> Callable[[], Result] | None:
        """Return a call to make now, and count it as under way; None while there is none."""
        most = self.at_once()
        # The results may be taken more slowly than they come: they must not pile up.
        if self.under_way >= most or self.results.qsize() > most:
            return None
        call = self.choose()
        self.under_way += call is not None
        return call

    def left(self) -> Iterator[Result]:
        """Yield the results that have not been taken yet."""
        while not self.results.empty():
            result = self.results.get()
            if not isinstance(result, Exception):
                yield result


class ConcurrentCalls(Generic[Result]):
    """Makes calls in the threads of a pool, several at once.

    A thread whose call has ended goes on with the next one by itself. It does not wait until the
    results are taken, or no call would be under way while the last result is worked on.
    """

    def __init__(self, workers: Workers, stopped: threading.Event) -> None:
        """``stopped`` ends all calls, see ``wake``."""
        self._workers = workers
        self._stopped = stopped
        self._round: _Round[Result] | None = None

    def wake(self) -> None:
        """Have a ``results`` that waits look at ``stopped``; from any thread."""
        if (round_ := self._round) is not None and self._stopped.is_set():
            round_.results.put(Stopped())

    def forget(self) -> None:
        """Choose no more calls, and ignore the results of those under way."""
        if (round_ := self._round) is not None:
            with round_.lock:
                self._round = None

    def results(
        self,
        choose: Callable[[], Callable[[], Result] | None],
        at_once: Callable[[], int],
        note: Callable[[Result], object] = lambda _: None,
        is_over: Callable[[], bool] = lambda: False,
    ) -> Iterator[Result]:
        """Make calls until there are none, and yield their results as they come.

        Parameters
        ----------
        choose : callable
            Returns the next call, which handles its own errors; None while there is none. Like
            ``note``, it runs in any thread, but never twice at the same time.
        at_once : callable
            Returns how many calls may be under way at present.
        note : callable
            Is given each result before another call is chosen. What it raises is raised here.
        is_over : callable
            Whether the results of the calls under way are not needed any more.

        Raises
        ------
        Stopped
            If ``stopped`` is set.
        """
        self.forget()
        round_ = self._round = _Round(choose, note, at_once)
        while self._is_going_on(round_, is_over):
            result = round_.results.get()
            if not isinstance(result, Exception):
                yield result
                continue
            self.forget()
            # What was noted is not asked for again, so it has to be taken.
            yield from round_.left()
            raise Stopped if self._stopped.is_set() else result

    def _is_going_on(self, round_: _Round[Result], is_over: Callable[[], bool]) -> bool:
        """Begin as many calls as may be, and tell whether there are results to wait for."""
        with round_.lock:
            # Once stopped, the calls under way may never end.
            if self._stopped.is_set():
                round_.results.put(Stopped())
                return True
            while (call := round_.next()) is not None:
                self._workers.submit(partial(self._work, round_, call))
            return not round_.results.empty() or (round_.under_way > 0 and not is_over())

    def _work(self, round_: _Round[Result], first: Callable[[], Result]) -> None:
        call: Callable[[], Result] | None = first
        # A call that had to wait for a thread may not be wanted any more.
        while call is not None and self._round is round_ and not self._stopped.is_set():
            result = call()
            with round_.lock:
                call = self._take(round_, result) if self._round is round_ else None

    def _take(self, round_: _Round[Result], result: Result) -> Callable[[], Result] | None:
        """Note a result, and return the next call."""
        round_.under_way -= 1
        try:
            round_.note(result)
            round_.results.put(result)
            return round_.next()
        except Exception as error:  # noqa: BLE001  it is raised where the results are taken
            round_.results.put(error)
            return None


def call_each(
    items: Iterable[Item], call: Callable[[Item], Result], at_once: int, name: str
) -> list[Result]:
    """Call for every item, at most ``at_once`` at the same time.

    Parameters
    ----------
    name : str
        The name of the threads.

    Returns
    -------
    list
        The results, in the order of the items.

    Raises
    ------
    Exception
        What a call raised; of several, that of the first item. After an error no more calls begin,
        and those under way are waited for.
    """
    wanted = list(items)
    if len(wanted) < 2:
        return [call(item) for item in wanted]
    results: dict[int, Result] = {}
    errors: dict[int, Exception] = {}
    left = iter(range(len(wanted)))

    def call_one(index: int) -> None:
        try:
            results[index] = call(wanted[index])
        except Exception as error:  # noqa: BLE001  it is raised below
            errors[index] = error

    def choose() -> Callable[[], None] | None:
        index = None if errors else next(left, None)
        return None if index is None else partial(call_one, index)

    calls: ConcurrentCalls[None] = ConcurrentCalls(
        Workers(at_once, name, idle_s=0), threading.Event()
    )
    for _ in calls.results(choose, lambda: at_once):
        pass
    if errors:
        raise errors[min(errors)]
    return [results[index] for index in range(len(wanted))]
