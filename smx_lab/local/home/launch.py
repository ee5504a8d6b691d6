"""Find, start and stop the local service of a data directory, from any other process.

The first process that needs the service starts it. It has a session of its own, so it runs on when
that process ends.
"""

from __future__ import annotations

import json
import os
import select
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import msgspec

import smx_lab
from smx_lab.core.connection import LocalService
from smx_lab.core.errors import ServiceUnavailable
from smx_lab.local.errors import StartError
from smx_lab.local.home import data_dir as places
from smx_lab.local.home import lock
from smx_lab.local.home.client_environment import LOOPBACK

START_PATIENCE_S = 60.0
ANSWER_PATIENCE_S = 10.0
STOP_PATIENCE_S = 30.0


def find(data_dir: Path | None = None) -> LocalService | None:
    """Return the running service of a data directory, None if there is none. Starts nothing."""
    directory = data_dir or places.data_dir()
    pid = lock.holder(directory)
    if pid is None:
        return None
    try:
        content = places.service_file(directory).read_bytes()
        service = msgspec.json.decode(content, type=LocalService)
    except (OSError, msgspec.MsgspecError):
        return None  # it is starting or ending
    # A file left by a killed service has another process id. A service that is being killed still
    # holds its lock and accepts connections, but does not answer.
    return service if service.pid == pid and _answers(service) else None


def ensure_running(data_dir: Path | None = None, port: int | None = None) -> LocalService:
    """Return the service of a data directory, after starting it if necessary.

    Parameters
    ----------
    port : int, optional
        Where a new service listens; the port it had last, or any free one, when absent. A service
        that runs already keeps its port.

    Raises
    ------
    ServiceUnavailable
        With one sentence about why it cannot start.
    """
    directory = data_dir or places.data_dir()
    found = find(directory)
    if found:
        return found
    try:
        places.prepare(directory)
    except StartError as error:
        raise ServiceUnavailable(str(error)) from error
    deadline = time.monotonic() + START_PATIENCE_S
    while time.monotonic() < deadline:
        # A process with the lock is starting the service, or being killed; then it is our turn.
        if lock.holder(directory) is None:
            _start(directory, port)
        found = find(directory)
        if found:
            return found
        time.sleep(0.02)
    raise ServiceUnavailable(
        f"The local service did not start in time. {places.log_file(directory)} says more."
    )


def stop(data_dir: Path | None = None) -> bool:
    """End the service of a data directory and all its children; False if none was running.

    Raises
    ------
    ServiceUnavailable
        If it does not end.
    """
    directory = data_dir or places.data_dir()
    pid = lock.holder(directory)
    if pid is None:
        return False
    for number in (signal.SIGTERM, signal.SIGKILL):
        try:
            os.kill(pid, number)
        except ProcessLookupError:
            return True
        deadline = time.monotonic() + STOP_PATIENCE_S
        while time.monotonic() < deadline:
            if lock.holder(directory) != pid:
                return True
            time.sleep(0.02)
    raise ServiceUnavailable(f"The local service (process {pid}) does not end.")


def _start(directory: Path, port: int | None) -> None:
    """Start the process, and wait until it reports that it is ready or why it cannot start."""
    reading, writing = os.pipe()
    command = [sys.executable, "-m", "smx_lab.local", "--data-dir", str(directory)]
    command += ["--detach", "--ready-fd", str(writing)]
    command += [] if port is None else ["--port", str(port)]
    log = os.open(
        places.log_file(directory), os.O_WRONLY | os.O_CREAT | os.O_APPEND | os.O_CLOEXEC, 0o600
    )
    try:
        # The command ends at once: the service is its child, in a session of its own.
        subprocess.run(
            command,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            pass_fds=(writing,),
            cwd=_import_root() or directory,
            check=False,
        )
        os.close(writing)
        writing = -1
        said = _read_line(reading)
    finally:
        for descriptor in (reading, writing, log):
            if descriptor >= 0:
                os.close(descriptor)
    message = json.loads(said) if said else {"error": _explain_silence(directory)}
    if "error" in message:
        raise ServiceUnavailable(message["error"])


def _read_line(descriptor: int) -> bytes:
    """Return the line that the service writes, b"" if it ends or takes too long without one."""
    said = b""
    deadline = time.monotonic() + START_PATIENCE_S
    while not said.endswith(b"\n"):
        ready, _, _ = select.select([descriptor], [], [], max(0.0, deadline - time.monotonic()))
        part = os.read(descriptor, 65536) if ready else b""
        if not part:
            return b""
        said += part
    return said


def _explain_silence(directory: Path) -> str:
    return f"The local service ended while starting. {places.log_file(directory)} says why."


def _import_root() -> Path | None:
    """Return the checkout this package runs from, None when it is installed."""
    root = Path(smx_lab.__file__).resolve().parent.parent
    return root if (root / "pyproject.toml").exists() else None


def _answers(service: LocalService) -> bool:
    """Send an unsigned request: any answer, even a refusal, shows that the service runs."""
    port = int(service.sagemaker_url.rsplit(":", 1)[1])
    question = f"POST / HTTP/1.1\r\nHost: {LOOPBACK}:{port}\r\nConnection: close\r\n\r\n"
    try:
        with socket.create_connection((LOOPBACK, port), timeout=ANSWER_PATIENCE_S) as connection:
            connection.sendall(question.encode())
            return connection.recv(8).startswith(b"HTTP/1.1")
    except OSError:
        return False
