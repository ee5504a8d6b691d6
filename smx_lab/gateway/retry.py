"""The retry policy: which failing calls are repeated, after which pauses, and for how long.

botocore repeats a request that failed, a few times within seconds: the ``…_ATTEMPTS`` below say how
often. Above botocore ``RetryPolicy.call`` is the only retry. How fast calls are sent at all is
another matter: see ``throttle``.
"""

from __future__ import annotations

import itertools
import math
import random
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, TypeVar

from smx_lab.core.errors import ServiceUnavailable, SmxError, Throttled

AWS_ATTEMPTS = 4
LOCAL_ATTEMPTS = 2
CREDENTIALS_ATTEMPTS = 2
ONE_ATTEMPT = 1
"""How often botocore sends a request at most: to AWS, to the local service, for credentials, and
where a request must not or need not be repeated. Our choices."""

MLFLOW_RETRIES = 3
"""How often MLflow repeats a request. A choice: by default it goes on for minutes."""

Result = TypeVar("Result")


def botocore_retries(attempts: int) -> dict[str, Any]:
    """Return the member ``retries`` of botocore's ``Config``."""
    return {"mode": "standard", "total_max_attempts": attempts}


@dataclass(frozen=True)
class RetryLimits:
    """The numbers of a retry policy, all of them our choice. Times are in seconds."""

    first_pause_s: float = 0.5
    """The pause before the first retry; each further pause is twice as long."""
    longest_pause_s: float = 10.0
    shortest_part: float = 0.2
    """Each pause is cut at random to between this part and the whole of it (jitter), so that calls
    that failed together are not repeated together. 1: no jitter."""
    give_up_s: float = 30.0
    """A failure is raised when no call has succeeded for so long."""
    max_retries: int | None = None
    """How often one call is repeated at most; None for no such limit."""

    def pauses(self) -> Iterator[float]:
        """Yield the pause before each retry of one call."""
        pause = self.first_pause_s
        for _ in itertools.count() if self.max_retries is None else range(self.max_retries):
            yield pause * random.uniform(self.shortest_part, 1.0)  # noqa: S311
            pause = min(2 * pause, self.longest_pause_s)


READS = RetryLimits()
"""For reading a table or what a clean up is about. After that an error is shown."""

DELETIONS = RetryLimits(shortest_part=0.5)
"""For each deletion of a clean up."""

SETTLING = RetryLimits(shortest_part=1.0, give_up_s=math.inf, max_retries=3)
"""For a change that SageMaker may refuse for a moment after another: after 0.5, 1 and 2 s."""

CONFIG_READ_LAG = RetryLimits(5.0, shortest_part=1.0, give_up_s=math.inf, max_retries=1)
"""For CreateEndpoint, which may not see a configuration just made (SageMaker API Reference)."""


class RetryPolicy:
    """Repeats the failing calls of one piece of work. Safe from any thread.

    The time without success is counted over all its calls: those of a work with several calls at
    once give up together.
    """

    def __init__(
        self,
        limits: RetryLimits = READS,
        wait: Callable[[float], bool | None] = time.sleep,
        *,
        kinds: tuple[type[SmxError], ...] = (Throttled, ServiceUnavailable),
        never_give_up: tuple[type[SmxError], ...] = (),
        on_failure: Callable[[SmxError], object] = lambda _: None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """Begin to count the time without success.

        Parameters
        ----------
        wait : callable
            Waits for so many seconds. If it returns True, the work is to end and nothing is
            repeated: ``threading.Event.wait`` fits. What it raises ends the work as well.
        kinds : tuple of types
            The failures that are repeated; any other is raised at once.
        never_give_up : tuple of types
            Those of ``kinds`` that are repeated however long they last.
        on_failure : callable
            Called with each failure that will be repeated, before the wait.
        clock : callable
            Returns the time in seconds.
        """
        self._limits = limits
        self._wait = wait
        self._kinds = kinds
        self._never_give_up = never_give_up
        self._on_failure = on_failure
        self._clock = clock
        self._since = clock()

    def call(self, call: Callable[[], Result]) -> Result:
        """Return what ``call`` returns, and repeat it while it fails in one of the ``kinds``.

        Raises
        ------
        SmxError
            The call's own, if it is of no such kind or the limits are reached.
        """
        pauses = self._limits.pauses()
        while True:
            try:
                result = call()
            except self._kinds as error:
                if isinstance(error, self._never_give_up):
                    self._since = self._clock()
                elif self._clock() - self._since >= self._limits.give_up_s:
                    raise
                pause = next(pauses, None)
                if pause is None:
                    raise
                self._on_failure(error)
                if self._wait(pause):
                    raise
            else:
                self._since = self._clock()
                return result
