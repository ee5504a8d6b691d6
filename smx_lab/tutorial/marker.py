"""Remembers in the data directory that the tutorial has been run there, or is being run."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psutil

FILE = "tutorial.json"


def state(data_dir: Path) -> str:
    """Return ``running``, ``finished``, ``failed``, or ``new`` if it has not been run."""
    file = data_dir / FILE
    if not file.exists():
        return "new"
    record = json.loads(file.read_text(encoding="utf-8"))
    if record["state"] == "running" and not _runs(record):
        return "failed"
    return str(record["state"])


@contextmanager
def record(data_dir: Path, until: str) -> Iterator[None]:
    """Record that the block runs, and how it ended."""
    data_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
    _write(data_dir, "running", until)
    try:
        yield
    except BaseException:
        _write(data_dir, "failed", until)
        raise
    _write(data_dir, "finished", until)


def _write(data_dir: Path, word: str, until: str) -> None:
    started = psutil.Process().create_time()
    record = {"state": word, "until": until, "pid": os.getpid(), "process_start": started}
    draft = data_dir / f"{FILE}.{os.getpid()}"
    draft.write_text(json.dumps(record), encoding="utf-8")
    draft.replace(data_dir / FILE)


def _runs(record: dict[str, float]) -> bool:
    # A pid alone may belong to another process by now.
    try:
        return psutil.Process(int(record["pid"])).create_time() == record["process_start"]
    except psutil.NoSuchProcess:
        return False
