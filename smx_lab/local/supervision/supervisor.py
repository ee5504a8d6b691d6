"""Runs one program for the service and ends it, and all it started, when asked or left alone.

A supervisor is a small process between the service and a training script or model server. Its
standard input is the *lifeline*: the line ``stop`` asks for an orderly end. When the lifeline is
closed the service is gone, for whatever reason, and the program is ended at once. So no process
outlives a killed service, and a new service never has to guess what still runs.

Standard library and psutil only.
"""

from __future__ import annotations

import contextlib
import ctypes
import json
import os
import selectors
import signal
import subprocess
import sys
import threading
import time
import warnings
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, Literal, NamedTuple

import psutil

from smx_lab.local.logs.log_file import MAX_LINE_BYTES, LogWriter

SECRETS = "SMX_LAB_SECRETS"
"""The environment variable of a supervisor that holds its program's secrets, as JSON."""
PR_SET_PDEATHSIG = 1  # linux/prctl.h
PR_SET_CHILD_SUBREAPER = 36  # linux/prctl.h
# How long a program may take to end after the service is gone, in seconds. Our choice.
LOST_GRACE_S = 2.0
# How long to wait for killed processes to vanish; one that hangs in the kernel never does.
KILL_PATIENCE_S = 10.0

Ending = Literal["exited", "stopped", "timed out"]


def read_secrets() -> dict[str, str]:
    """Return the secret variables for the program, and take them out of the environment.

    So nothing else that we start inherits them. Only its owner can read a process's environment.
    """
    secrets: dict[str, str] = json.loads(os.environ.pop(SECRETS, "{}"))
    return secrets


class StoppedError(Exception):
    """An orderly end was asked for while no program ran."""


class Outcome(NamedTuple):
    """How a program ended: by itself, because it was asked to, or at its time limit."""

    ending: Ending
    exit_code: int
    """128 + n for a program ended by signal n, as a shell says it."""


class Events:
    """What the supervisor reports to the service: one JSON object a line, in a file.

    A file outlives both processes: a service that starts again reads what it missed. The standard
    output carries only line ends, each of which tells the service to read the file.
    """

    def __init__(self, path: Path) -> None:
        self._file = path.open("a", encoding="utf-8")
        os.set_blocking(sys.stdout.fileno(), False)

    def put(self, kind: str, **members: Any) -> None:
        """Append an event; ``time`` is seconds since 1970. Visible after ``flush``."""
        self._file.write(json.dumps({"kind": kind, "time": time.time(), **members}) + "\n")

    def send(self, kind: str, **members: Any) -> None:
        """Append an event, and wake the service."""
        self.put(kind, **members)
        self.flush()

    def flush(self) -> None:
        """Make the events visible, and wake the service."""
        self._file.flush()
        # A full pipe means that the service was woken already; a broken pipe means that it is gone,
        # which the lifeline reports too.
        with contextlib.suppress(BlockingIOError, BrokenPipeError):
            os.write(sys.stdout.fileno(), b"\n")


class Supervisor:
    """Knows the lifeline, the log, and the one program that runs."""

    def __init__(self, log: LogWriter, stop_grace_s: float) -> None:
        self._log = log
        self._stop_grace_s = stop_grace_s
        self._stop_asked = threading.Event()
        self._lost = threading.Event()
        self._end_asked = threading.Event()
        self._process: subprocess.Popen[bytes] | None = None
        # Held for ever once the service is gone, so that nothing is started after the clean-up.
        self._may_start = threading.Lock()
        self._wake_read, self._wake_write = os.pipe()
        os.set_blocking(self._wake_write, False)
        os.set_blocking(self._wake_read, False)
        signal.set_wakeup_fd(self._wake_write, warn_on_full_buffer=False)
        signal.signal(signal.SIGCHLD, lambda *_: None)
        # Ctrl-C in the terminal of the service is for the service, which then closes the lifeline.
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        signal.signal(signal.SIGTERM, lambda *_: self._stop_asked.set())
        if sys.platform == "linux":
            # Processes that the program leaves behind become our children, and are ended with it.
            _libc().prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)

    def watch_lifeline(self) -> None:
        """Listen to the service from now on, on a thread of its own."""
        threading.Thread(target=self._listen, name="lifeline", daemon=True).start()

    def check(self) -> None:
        """Raise ``StoppedError`` if an end was asked for; called between steps of long work."""
        if self._stop_asked.is_set():
            raise StoppedError

    def end_program(self) -> None:
        """End the program that runs, or the next one, as if it had ended by itself; any thread."""
        self._end_asked.set()
        with contextlib.suppress(BlockingIOError):
            os.write(self._wake_write, b"\0")

    def run(
        self,
        command: Sequence[str],
        *,
        environment: Mapping[str, str],
        folder: Path,
        on_lines: Callable[[list[bytes]], None],
        limit_s: float | None = None,
    ) -> Outcome:
        """Run a program to its end, and write its output to the log line by line.

        The program leads a process group of its own, so that what it starts is ended with it.

        Parameters
        ----------
        on_lines : callable
            Gets every batch of whole lines after they are in the log.
        limit_s : float, optional
            After this many seconds it is asked to end as by ``stop``.
        """
        self.check()
        process = self._start(command, environment, folder)
        ending: Ending | None = None
        deadline = None if limit_s is None else time.monotonic() + limit_s
        kill_at: float | None = None
        with _Lines(process, self._wake_read) as lines:
            while process.poll() is None:
                if kill_at is None:
                    ending = self._reason_to_end(deadline)
                    if ending is not None:
                        kill_at = time.monotonic() + self._stop_grace_s
                        _signal_group(process.pid, signal.SIGTERM)
                elif time.monotonic() >= kill_at:
                    _signal_group(process.pid, signal.SIGKILL)
                self._take(lines.wait(_remaining(kill_at or deadline)), on_lines)
            # Before the rest of the output, or a process left behind could write for ever.
            self.end_everything()
            self._take(lines.rest(), on_lines)
        self.wait_if_lost()
        code = process.returncode
        return Outcome(ending or "exited", code if code >= 0 else 128 - code)

    def wait_if_lost(self) -> None:
        """Block for ever once the service is gone: a program that ends then was ended by us."""
        if self._lost.is_set():
            threading.Event().wait()

    def end_everything(self) -> None:
        """Kill the program's process group and every process that descends from us."""
        if self._process is not None:
            _signal_group(self._process.pid, signal.SIGKILL)
        me = psutil.Process()
        until = time.monotonic() + KILL_PATIENCE_S
        while (children := me.children(recursive=True)) and time.monotonic() < until:
            for child in children:
                with contextlib.suppress(psutil.NoSuchProcess):
                    child.kill()
            psutil.wait_procs(children, timeout=1)

    def _reason_to_end(self, deadline: float | None) -> Ending | None:
        """Return how a program that is ended now ends, None if it may go on."""
        if self._end_asked.is_set():
            return "exited"
        if self._stop_asked.is_set():
            return "stopped"
        return "timed out" if deadline is not None and time.monotonic() >= deadline else None

    def _start(
        self, command: Sequence[str], environment: Mapping[str, str], folder: Path
    ) -> subprocess.Popen[bytes]:
        with self._may_start, warnings.catch_warnings():
            # Python warns about forking beside a thread; ours is blocked in a read and holds no
            # lock that the child could miss.
            warnings.simplefilter("ignore", DeprecationWarning)
            self._process = subprocess.Popen(
                list(command),
                cwd=folder,
                env=dict(environment),
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                start_new_session=True,
                preexec_fn=_die_with_parent if sys.platform == "linux" else None,
            )
        return self._process

    def _take(self, lines: list[bytes], on_lines: Callable[[list[bytes]], None]) -> None:
        if not lines:
            return
        now_ms = time.time_ns() // 1_000_000
        for line in lines:
            self._log.write_bytes(line, now_ms)
        self._log.flush()
        on_lines(lines)

    def _listen(self) -> None:
        # Straight from the descriptor: a buffered reader could hold its lock when we exit.
        while data := os.read(0, 4096):
            if b"stop" in data:
                self._stop_asked.set()
                with contextlib.suppress(BlockingIOError):
                    os.write(self._wake_write, b"\0")
        self._lost.set()
        self._may_start.acquire()
        process = self._process
        if process is not None and process.returncode is None:
            _signal_group(process.pid, signal.SIGTERM)
            until = time.monotonic() + LOST_GRACE_S
            while _group_lives(process.pid) and time.monotonic() < until:
                time.sleep(0.05)
        self.end_everything()
        os._exit(3)


class _Lines:
    """The output of a program as whole lines, read without ever waiting for a closed pipe.

    A program's own child may keep the pipe open after the program has ended; so the end of the
    program, not that of the pipe, ends the reading.
    """

    def __init__(self, process: subprocess.Popen[bytes], wake_fd: int) -> None:
        if process.stdout is None:
            raise ValueError("the program was started without a pipe")
        self._stdout = process.stdout
        self._wake_fd = wake_fd
        self._partial = b""
        os.set_blocking(self._stdout.fileno(), False)
        self._selector = selectors.DefaultSelector()
        self._selector.register(self._stdout, selectors.EVENT_READ)
        self._selector.register(wake_fd, selectors.EVENT_READ)
        self._open = True

    def __enter__(self) -> _Lines:
        return self

    def __exit__(self, *_: object) -> None:
        self._selector.close()
        self._stdout.close()

    def wait(self, timeout_s: float | None) -> list[bytes]:
        """Wait for output, a signal or the time-out, and return the lines completed."""
        ready = {key.fileobj for key, _ in self._selector.select(timeout_s)}
        if self._wake_fd in ready:
            with contextlib.suppress(BlockingIOError):
                os.read(self._wake_fd, 4096)
        return self._read() if self._stdout in ready else []

    def rest(self) -> list[bytes]:
        """Return what is left in the pipe, an unfinished last line included."""
        lines: list[bytes] = []
        while self._open and self._has_output():
            lines.extend(self._read())
        if self._partial:
            lines.append(self._partial)
        return lines

    def _has_output(self) -> bool:
        return any(key.fileobj is self._stdout for key, _ in self._selector.select(0))

    def _read(self) -> list[bytes]:
        try:
            chunk = os.read(self._stdout.fileno(), 65536)
        except BlockingIOError:
            return []
        if not chunk:
            self._selector.unregister(self._stdout)
            self._open = False
            return []
        *whole, self._partial = (self._partial + chunk).split(b"\n")
        while len(self._partial) > MAX_LINE_BYTES:
            whole.append(self._partial[:MAX_LINE_BYTES])
            self._partial = self._partial[MAX_LINE_BYTES:]
        return [line.rstrip(b"\r") for line in whole]


def _remaining(moment: float | None) -> float | None:
    return None if moment is None else max(0.0, moment - time.monotonic())


def _signal_group(pid: int, number: signal.Signals) -> None:
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(pid, number)


def _group_lives(pid: int) -> bool:
    try:
        os.killpg(pid, 0)
    except (ProcessLookupError, PermissionError):
        return False
    return True


def _libc() -> ctypes.CDLL:
    return ctypes.CDLL(None, use_errno=True)


_prctl = _libc().prctl if sys.platform == "linux" else None


def _die_with_parent() -> None:
    """Ask the kernel to kill this process when its supervisor dies. Runs between fork and exec."""
    if _prctl is not None:
        _prctl(PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
