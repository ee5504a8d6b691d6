"""Finding processes on this machine."""

from __future__ import annotations

from collections.abc import Callable

import psutil


def find_processes(
    matches: Callable[[list[str], dict[str, str]], bool],
) -> list[psutil.Process]:
    """Return the processes of which ``matches`` is true: of command line and environment."""
    found = []
    for candidate in psutil.process_iter():
        try:
            command, variables = candidate.cmdline(), candidate.environ()
        # Not ours to look at, or just ended.
        except (psutil.Error, OSError):
            continue
        if matches(command, variables):
            found.append(candidate)
    return found
