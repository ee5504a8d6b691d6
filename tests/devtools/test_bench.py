"""A measurement that is interrupted leaves nothing running."""

from __future__ import annotations

import signal
import subprocess
import sys
from pathlib import Path

import psutil
import pytest

from devtools.base import ROOT
from tests.support.waiting import eventually

PROGRAM = """
import subprocess, sys
from bench import _ends
def main():
    # Like a local service: in a session of its own.
    sleep = [sys.executable, "-c", "import time; time.sleep(600)"]
    print(subprocess.Popen(sleep, start_new_session=True).pid, flush=True)
    if "waits" in sys.argv:
        sys.stdin.read()
_ends.run(main)
"""
DEV = "import sys; from devtools.bench import measure; measure(sys.argv[1:])"


def ends(pid: int) -> bool:
    """Return whether a process has ended."""
    return not psutil.pid_exists(pid) or psutil.Process(pid).status() == psutil.STATUS_ZOMBIE


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT, None])
def test_what_a_measurement_has_started_ends_with_it(
    tmp_path: Path, number: signal.Signals | None
) -> None:
    program = tmp_path / "program.py"
    program.write_text(PROGRAM, encoding="utf-8")
    command = [sys.executable, "-c", DEV, sys.executable, str(program)]
    with subprocess.Popen(
        [*command, "waits"] if number else command,
        cwd=ROOT, text=True, stdin=subprocess.PIPE, stdout=subprocess.PIPE,
    ) as dev:  # fmt: skip
        assert dev.stdout is not None
        started = int(dev.stdout.readline())
        if number:
            dev.send_signal(number)
        assert dev.wait() == (128 + number if number else 0)
    eventually(lambda: ends(started), "the end of what it started")
