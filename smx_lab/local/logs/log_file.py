"""A log of lines with their times, of limited size; one process writes it, others read it.

Standard library only: the processes beside the service import it.

The log is two files, ``log`` and the older ``log.1``. When ``log`` reaches its limit it replaces
``log.1``, whose lines are lost. Each line is ``<epoch milliseconds> <text>``.
"""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import BinaryIO, NamedTuple

# Each of the two files, in bytes; so a log keeps between 8 and 16 MiB. Our choice.
SEGMENT_BYTES = 8 * 1024 * 1024
# One event of CloudWatch Logs holds 256 KiB; a longer line is cut into several.
MAX_LINE_BYTES = 256 * 1024
# A stretch of a file up to this size is read through to find a line; a longer one is halved first.
# Our choice.
MAX_SCAN_BYTES = 64 * 1024
NOTE_PREFIX = "[smx-lab]"
"""What the lines begin with that are ours, and not the program's."""


class LogLine(NamedTuple):
    """One line: milliseconds since 1970, and its text without the line end."""

    time_ms: int
    text: str


class LogWriter:
    """Appends lines to the log at ``path``. Not safe for two writers."""

    def __init__(self, path: Path, segment_bytes: int = SEGMENT_BYTES) -> None:
        self._path = path
        self._segment_bytes = segment_bytes
        self._file: BinaryIO = path.open("ab")
        self._last_ms = 0

    def write(self, text: str, time_ms: int | None = None) -> None:
        """Append one line; a reader sees it at once."""
        self.write_bytes(text.encode("utf-8", "replace"), time_ms)

    def write_bytes(self, line: bytes, time_ms: int | None = None) -> None:
        """Append one line as it came, its line end already taken off."""
        now_ms = time_ms if time_ms is not None else time.time_ns() // 1_000_000
        # Readers search by time, so times never go back, even if the clock does.
        self._last_ms = stamp = max(self._last_ms, now_ms)
        self._file.write(b"%d %s\n" % (stamp, line.replace(b"\n", b" ")))
        if self._file.tell() >= self._segment_bytes:
            self._rotate()

    def note(self, text: str) -> None:
        """Append a text of our own, a line of the log for each of its lines."""
        for line in text.rstrip().splitlines():
            self.write(f"{NOTE_PREFIX} {line}")
        self.flush()

    def flush(self) -> None:
        """Hand the written lines to the system, where a reader finds them."""
        self._file.flush()

    def close(self) -> None:
        """Flush and close."""
        self._file.close()

    def _rotate(self) -> None:
        self._file.close()
        self._path.replace(older(self._path))
        self._file = self._path.open("ab")


def older(path: Path) -> Path:
    """Return the file with the lines before those of ``path``."""
    return path.with_name(path.name + ".1")


def read_lines(path: Path, since_ms: int = 0) -> Iterator[LogLine]:
    """Yield the kept lines from a time on, oldest first; nothing if there is no log.

    Notes
    -----
    The newer file is opened first: if the writer starts a new file in between, lines are read
    twice, not skipped.
    """
    with ExitStack() as opened:
        files = [
            opened.enter_context(file.open("rb")) for file in (path, older(path)) if file.exists()
        ]
        for stream in reversed(files):
            _skip_to(stream, since_ms)
            for raw in stream:
                line = _line(raw)
                if line.time_ms >= since_ms:
                    yield line


def _skip_to(stream: BinaryIO, since_ms: int) -> None:
    """Go to a line not far before the first one of a time: times never go back."""
    first, last = 0, os.fstat(stream.fileno()).st_size
    while since_ms and last - first > MAX_SCAN_BYTES:
        middle = (first + last) // 2
        stream.seek(middle)
        stream.readline()  # what is left of a line
        start, raw = stream.tell(), stream.readline()
        if raw and _line(raw).time_ms < since_ms:
            first = start
        else:
            last = middle
    stream.seek(first)


def tail(path: Path, count: int) -> list[str]:
    """Return the texts of the last ``count`` lines, oldest first."""
    size_limit = 64 * 1024
    try:
        with path.open("rb") as stream:
            stream.seek(0, os.SEEK_END)
            start = max(0, stream.tell() - size_limit)
            stream.seek(start)
            lines = stream.read().split(b"\n")[:-1]
    except FileNotFoundError:
        return []
    # The first line may have been cut by the seek.
    return [_line(raw).text for raw in lines[1 if start else 0 :][-count:]]


def _line(raw: bytes) -> LogLine:
    stamp, _, text = raw.rstrip(b"\n").partition(b" ")
    return LogLine(int(stamp) if stamp.isdigit() else 0, text.decode("utf-8", "replace"))
