"""Finds metric values in a job's log lines by its metric definitions.

Standard library only: it runs in the process beside the service that reads the job's output.
"""

from __future__ import annotations

import math
import re
import signal
from collections.abc import Sequence
from types import FrameType
from typing import NamedTuple

# Processor time that a definition may take on one line, in seconds; a usual regex takes
# microseconds. Our choice.
MAX_LINE_S = 0.5
# How much of a line is searched, in characters. Our choice; a metric's line is short.
MAX_MATCHED_CHARS = 8192


class Definition(NamedTuple):
    """One metric definition: group 1 of the regex, where it is found in a line, is the value."""

    name: str
    regex: str


class _TooSlowError(Exception):
    pass


class MetricReader:
    """Finds metric values in lines, and stops applying a regex that takes too long.

    A regex such as ``(a+)+$`` can take years on one line. Python's engine looks for signals while
    it matches, so a timer of processor time (waiting and other processes do not count) ends it;
    this works in the main thread only.
    """

    def __init__(self, definitions: Sequence[Definition]) -> None:
        self._active = [(item.name, re.compile(item.regex)) for item in definitions]
        if hasattr(signal, "setitimer"):
            signal.signal(signal.SIGVTALRM, _raise_too_slow)

    def read(self, line: str) -> tuple[list[tuple[str, float]], list[str]]:
        """Match one line.

        Returns
        -------
        points : list of (metric name, value)
            Every match of every definition, in their order. A value that is no finite number is
            left out, as SageMaker does.
        given_up : list of str
            Names of definitions that took too long and will not be applied any more.
        """
        points: list[tuple[str, float]] = []
        given_up: list[str] = []
        text = line[:MAX_MATCHED_CHARS]
        for name, regex in tuple(self._active):
            try:
                _limit(MAX_LINE_S)
                values = [_number(match) for match in regex.finditer(text)]
                _limit(0)
            except _TooSlowError:
                self._active.remove((name, regex))
                given_up.append(name)
                continue
            points.extend((name, value) for value in values if value is not None)
        return points, given_up


def compile_error(regex: str) -> str | None:
    """Return why a regex cannot be used, None if it can."""
    try:
        re.compile(regex)
    except (re.error, RecursionError, OverflowError) as error:
        return str(error)
    return None


def _limit(seconds: float) -> None:
    if hasattr(signal, "setitimer"):
        signal.setitimer(signal.ITIMER_VIRTUAL, seconds)


def _raise_too_slow(_signum: int, _frame: FrameType | None) -> None:
    raise _TooSlowError


def _number(match: re.Match[str]) -> float | None:
    # Without a group there is no value to take; SageMaker ignores such a definition too.
    if match.re.groups == 0 or match.group(1) is None:
        return None
    try:
        value = float(match.group(1).strip())
    except ValueError:
        return None
    return value if math.isfinite(value) else None
