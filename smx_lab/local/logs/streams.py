"""The kept logs of jobs and endpoints, under the names that CloudWatch Logs gives them."""

from __future__ import annotations

import bisect
import re
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from smx_lab.local.logs.log_file import LogLine, older, read_lines

JOBS = {
    "/aws/sagemaker/TrainingJobs": "training-jobs",
    "/aws/sagemaker/ProcessingJobs": "processing-jobs",
    "/aws/sagemaker/TransformJobs": "transform-jobs",
}
"""The log groups of jobs, and the folders of the jobs in them."""
ENDPOINTS = "/aws/sagemaker/Endpoints/"
# What our names are made of; nothing else may become part of a path.
_NAME = re.compile(r"[a-zA-Z0-9][a-zA-Z0-9-]*")

Position = tuple[int, int]
"""Where an event is in its stream: its time, and its number among those of that millisecond.

Unlike a line number it stays the same when the oldest lines of a log are dropped.
"""


class LogStream(NamedTuple):
    """One log, and the name of its stream."""

    name: str
    path: Path

    @property
    def created_ms(self) -> int:
        """When it was begun, as its name says."""
        digits = re.search(r"\d+$", self.name)
        return int(digits[0]) if digits else 0

    @property
    def size(self) -> int:
        """How many bytes are kept."""
        files = (self.path, older(self.path))
        return sum(file.stat().st_size for file in files if file.exists())


class Event(NamedTuple):
    """One line and where it is."""

    position: Position
    line: LogLine


def groups(data_dir: Path) -> list[str]:
    """Return the names of the groups in order: those of jobs, and one for each endpoint."""
    endpoints = [folder.name for folder in data_dir.glob("endpoints/*") if folder.is_dir()]
    return sorted([*JOBS, *(f"{ENDPOINTS}{name}" for name in endpoints)])


def streams_of(data_dir: Path, group: str) -> list[LogStream] | None:
    """Return the streams of a group by name; None if there is no such group."""
    if group in JOBS:
        # training-jobs/<job>/log is the stream <job>/algo-1-<when it began>
        folder = data_dir / JOBS[group]
        found = [LogStream(_job_stream(path), path) for path in folder.glob("*/log")]
        return sorted(found)
    endpoint = group.removeprefix(ENDPOINTS)
    folder = data_dir / "endpoints" / endpoint
    if endpoint == group or not _NAME.fullmatch(endpoint) or not folder.is_dir():
        return None
    # endpoints/<endpoint>/<variant>/<run>/log is the stream <variant>/<run>
    return sorted(
        LogStream(f"{path.parts[-3]}/{path.parts[-2]}", path) for path in folder.glob("*/*/log")
    )


def read_events(stream: LogStream, since_ms: int = 0) -> Iterator[Event]:
    """Yield the kept events of a stream from a time on, oldest first."""
    time_ms, number = -1, 0
    for line in read_lines(stream.path, since_ms):
        number = number + 1 if line.time_ms == time_ms else 0
        time_ms = line.time_ms
        yield Event((time_ms, number), line)


def index_after(events: list[Event], position: Position) -> int:
    """Return the index of the first event behind a position."""
    return bisect.bisect_right(events, position, key=lambda event: event.position)


def index_before(events: list[Event], position: Position) -> int:
    """Return the index behind the last event in front of a position."""
    return bisect.bisect_left(events, position, key=lambda event: event.position)


def _job_stream(path: Path) -> str:
    spec = path.with_name("spec.json")
    # The description is written when the job begins, and never again.
    began = spec.stat().st_mtime_ns if spec.exists() else path.stat().st_mtime_ns
    return f"{path.parts[-2]}/algo-1-{began // 1_000_000}"
