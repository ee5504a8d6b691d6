"""A supervisor process as the service sees it: start, events, stop, end."""

from __future__ import annotations

import contextlib
import json
import os
import select
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import psutil

import smx_lab
from smx_lab.local.supervision.supervisor import SECRETS

Event = dict[str, Any]

# The variable by which processes are found again; SageMaker's toolkits set it anyway.
MARK = "SAGEMAKER_BASE_DIR"
# How long the processes of a killed service may take to end by themselves, in seconds; longer than
# supervisor.LOST_GRACE_S, after which the supervisor itself kills them.
ORPHAN_PATIENCE_S = 4.0
# How long to wait for killed processes to vanish; one that hangs in the kernel never does.
KILL_PATIENCE_S = 5.0


class SupervisorProcess:
    """One running supervisor process.

    Parameters
    ----------
    module : str
        The supervisor's module, run with ``argument``.
    folder : Path
        Where the supervisor's own errors go, into ``supervisor.log``.
    secrets : dict, optional
        Variables for the program alone, which must not be in a file; see `supervisor.read_secrets`.
    """

    def __init__(
        self, module: str, argument: Path, folder: Path, secrets: dict[str, str] | None = None
    ) -> None:
        root = str(Path(smx_lab.__file__).parents[1])
        path = os.environ.get("PYTHONPATH")
        changed = {
            "PYTHONPATH": f"{root}{os.pathsep}{path}" if path else root,
            MARK: str(folder / "ml"),
            SECRETS: json.dumps(secrets or {}),
        }
        self._errors = folder / "supervisor.log"
        descriptor = os.open(self._errors, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        try:
            self._process = subprocess.Popen(
                [sys.executable, "-m", module, str(argument)],
                env={**os.environ, **changed},
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=descriptor,
                # The terminal's Ctrl-C does not reach it; its lifeline tells it of the end.
                start_new_session=True,
            )
        finally:
            os.close(descriptor)

    def wait_for_events(self, timeout_s: float | None = None) -> bool:
        """Block until there may be new events or the time is up; False when the process has ended.

        Only one thread may call it, and has to until it returns False.
        """
        stdout = self._process.stdout
        if stdout is None or stdout.closed:
            return False
        if timeout_s is not None:
            poll = select.poll()
            poll.register(stdout, select.POLLIN)
            if not poll.poll(1000 * timeout_s):
                return True
        if os.read(stdout.fileno(), 65536):
            return True
        stdout.close()
        return False

    def ask_to_stop(self) -> None:
        """Ask for an orderly end."""
        stdin = self._process.stdin
        # It may have ended by itself meanwhile; its events say how.
        with contextlib.suppress(BrokenPipeError, ValueError):
            if stdin:
                stdin.write(b"stop\n")
                stdin.flush()

    def end_at_once(self) -> None:
        """Close the lifeline: the supervisor ends everything at once, then itself."""
        stdin = self._process.stdin
        with contextlib.suppress(BrokenPipeError):
            if stdin:
                stdin.close()

    def wait(self, timeout_s: float | None = None) -> bool:
        """Wait for the process to end; False if the time is up first."""
        try:
            self._process.wait(timeout_s)
        except subprocess.TimeoutExpired:
            return False
        return True

    def last_error(self) -> str:
        """Return the last line of its error output; without errors it was killed."""
        lines = self._errors.read_text(encoding="utf-8", errors="replace").split("\n")
        return next((line for line in reversed(lines) if line.strip()), "It was killed.")

    def close(self) -> None:
        """End it at once, and wait until it is gone."""
        self.end_at_once()
        if not self.wait(ORPHAN_PATIENCE_S):
            self._process.kill()
            self._process.wait()


def read_events(path: Path, offset: int) -> tuple[list[Event], int]:
    """Return the events behind ``offset`` and the offset behind them; whole lines only."""
    try:
        with path.open("rb") as stream:
            stream.seek(offset)
            whole, newline, _ = stream.read().rpartition(b"\n")
    except FileNotFoundError:
        return [], offset
    lines = whole.split(b"\n") if newline else []
    return [json.loads(line) for line in lines], offset + len(whole) + len(newline)


def end_processes_of(folder: Path, patience_s: float) -> None:
    """End every process that was started for something in ``folder``, and wait until it is gone.

    Supervisors, and the programs they run with all descendants, have ``SAGEMAKER_BASE_DIR`` in
    their environment: a mark that outlives parents, process groups and sessions, which process
    numbers do not.

    Parameters
    ----------
    patience_s : float
        How long they may take to end by themselves.
    """
    marked = _processes_of(folder)
    deadline = time.monotonic() + patience_s + KILL_PATIENCE_S
    while marked and time.monotonic() < deadline:
        _, left = psutil.wait_procs(marked, timeout=patience_s)
        for process in left:
            with contextlib.suppress(psutil.NoSuchProcess):
                process.kill()
        psutil.wait_procs(left, timeout=KILL_PATIENCE_S)
        # Again: one of them may have started another meanwhile.
        marked = _processes_of(folder)


def _processes_of(folder: Path) -> list[psutil.Process]:
    found = []
    for process in psutil.process_iter():
        # Not ours to look at, or just ended.
        with contextlib.suppress(psutil.AccessDenied, psutil.NoSuchProcess, OSError):
            base = process.environ().get(MARK)
            if base and Path(base).is_relative_to(folder) and process.pid != os.getpid():
                found.append(process)
    return found
