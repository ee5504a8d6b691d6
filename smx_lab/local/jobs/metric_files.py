"""Metrics that a script logs through the ``sagemaker-experiments`` SDK.

Inside a job that SDK appends JSON lines to ``$SAGEMAKER_METRICS_DIRECTORY/<pid>.json``; SageMaker's
own agent reads them. Source: sagemaker-experiments, ``smexperiments/metrics.py``.

Standard library only: the process beside the service imports it.
"""

from __future__ import annotations

import json
import math
import time
from pathlib import Path
from typing import Any

# How often the folder is read while the script prints, in seconds. Our choice.
READ_INTERVAL_S = 1.0


class MetricFiles:
    """Reads each line of each file of a folder once."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._offsets: dict[Path, int] = {}
        self._next_read = 0.0

    def read_sometimes(self) -> list[list[Any]]:
        """Do the same as ``read``, but at most once in an interval; else return nothing."""
        if time.monotonic() < self._next_read:
            return []
        self._next_read = time.monotonic() + READ_INTERVAL_S
        return self.read()

    def read(self) -> list[list[Any]]:
        """Return the points written since the last call: name, value, seconds since 1970, step."""
        points = []
        for path in sorted(self._folder.glob("*.json")):
            with path.open("rb") as stream:
                stream.seek(self._offsets.get(path, 0))
                whole, _, _ = stream.read().rpartition(b"\n")
            if whole:
                self._offsets[path] = self._offsets.get(path, 0) + len(whole) + 1
            points += [point for line in whole.splitlines() if (point := _point(line))]
        return points


def _point(line: bytes) -> list[Any] | None:
    """Return the point on a line; None for a line of another kind, which scripts do write."""
    try:
        record = json.loads(line)
        name, value = str(record["MetricName"]), float(record["Value"])
        moment = float(record["Timestamp"])
        step = record.get("IterationNumber")
        step = None if step is None else int(step)
    except (ValueError, TypeError, KeyError):
        return None
    return [name, value, moment, step] if name and math.isfinite(value + moment) else None
