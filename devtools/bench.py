"""Runs the measurements in bench/, each a program of its own."""

from __future__ import annotations

import signal
import subprocess
from collections.abc import Sequence
from pathlib import Path
from types import FrameType

from devtools.base import PYTHON, ROOT, Stop, environment, say
from devtools.setup import setup


def bench(arguments: list[str]) -> int:
    """Run ``bench/*.py``, or the named ones; what follows an option goes to each of them."""
    names = [a for a in arguments if not a.startswith("-")]
    options = [a for a in arguments if a.startswith("-")]
    programs = {path.stem: path for path in sorted((ROOT / "bench").glob("[!_]*.py"))}
    unknown = sorted(set(names) - set(programs))
    if unknown:
        raise Stop(f"There is no bench/{unknown[0]}.py; there are: {', '.join(programs)}.")
    setup()
    for name in names or programs:
        say(f"bench/{name}.py")
        measure([PYTHON, programs[name], *options])
    return 0


def measure(command: Sequence[str | Path]) -> None:
    """Run a measurement. Who ends us ends it, and it is waited for: it ends what it has started.

    Raises
    ------
    subprocess.CalledProcessError
        If it fails; its own output has said why.
    SystemExit
        If we were told to end.
    """
    told: list[int] = []
    running: list[subprocess.Popen[bytes]] = []

    def end(number: int, _: FrameType | None) -> None:
        told.append(number)
        for program in running:
            program.terminate()

    before = {number: signal.signal(number, end) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        env = environment(PYTHONPATH=str(ROOT))
        program = subprocess.Popen([str(part) for part in command], cwd=ROOT, env=env)
        running.append(program)
        if told:  # in the moment before it was known
            program.terminate()
        code = program.wait()
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
    if told:
        raise SystemExit(128 + told[0])
    if code:
        raise subprocess.CalledProcessError(code, program.args)
