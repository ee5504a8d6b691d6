"""Run the benchmarks in bench/, each as a process of its own."""

from __future__ import annotations

import signal
import subprocess
from collections.abc import Sequence
from pathlib import Path
from types import FrameType

from devtools.base import PYTHON, ROOT, Stop, environment, say
from devtools.setup import setup


def bench(arguments: list[str]) -> int:
    """Run all of ``bench/*.py`` or the named ones. Options are passed to each of them."""
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
    """Run a benchmark. If this process is terminated, terminate the benchmark and wait for it.

    The benchmark needs the time to end the processes it has started.

    Raises
    ------
    subprocess.CalledProcessError
        If it fails. Its output says why.
    SystemExit
        If this process was terminated.
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
        if told:  # terminated before the process was in the list
            program.terminate()
        code = program.wait()
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
    if told:
        raise SystemExit(128 + told[0])
    if code:
        raise subprocess.CalledProcessError(code, program.args)
