"""Threads that nobody waits for: an interpreter may end while a call is under way."""

from __future__ import annotations

import queue
import threading
from collections.abc import Callable

IDLE_S = 30.0
"""A thread without work for so long ends."""


class Workers:
    """At most so many daemon threads, started as there is work. Jobs handle their own errors."""

    def __init__(self, most: int, name: str) -> None:
        self._most = most
        self._name = name
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
        threading.Thread(target=self._work, name=self._name, daemon=True).start()

    def _work(self) -> None:
        while True:
            with self._lock:
                self._free += 1
            try:
                job = self._jobs.get(timeout=IDLE_S)
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
