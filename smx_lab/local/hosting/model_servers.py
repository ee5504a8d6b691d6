"""One model server as the service sees it: start, ping, watch, end."""

from __future__ import annotations

import threading
import time
from pathlib import Path

from smx_lab.local.hosting.model_http import PING_INTERVAL_S, ping
from smx_lab.local.hosting.model_process import ServerFolder, ServerSpec
from smx_lab.local.supervision.supervisor_client import (
    SupervisorProcess,
    end_processes_of,
    read_events,
)

# Source: SageMaker Developer Guide, "Use your own inference code with hosting services".
STARTUP_TIMEOUT_S = 240.0


class ServerFailedError(Exception):
    """The model server did not come up; the message says why."""


class ModelServer:
    """One model server process after another, at the same address.

    Parameters
    ----------
    startup_timeout_s : float
        How long the first successful ping may take.
    """

    def __init__(self, spec: ServerSpec, startup_timeout_s: float = STARTUP_TIMEOUT_S) -> None:
        self.address = spec.socket
        self._spec = spec
        self._layout = ServerFolder(Path(spec.folder))
        self._startup_timeout_s = startup_timeout_s
        self._process: SupervisorProcess | None = None
        self._lock = threading.Lock()
        self._closed = False

    def start(self) -> None:
        """Start a process and wait until it responds to a ping.

        Raises
        ------
        ServerFailedError
            If it ends, does not answer in time, or `close` was called meanwhile.
        """
        process = self._spawn()
        deadline = time.monotonic() + self._startup_timeout_s
        while not ping(self.address):
            if process.wait(PING_INTERVAL_S):
                raise ServerFailedError(self.wait())
            if time.monotonic() > deadline:
                process.end_at_once()
                self.wait()
                raise ServerFailedError(
                    f"The model was not loaded within {self._startup_timeout_s:.0f} seconds."
                )

    def wait(self) -> str:
        """Wait until the process has ended, and return why."""
        process = self._process
        if process is not None:
            # Its few events need not be read before the end.
            while process.wait_for_events():
                pass
            process.close()
        return self._end_reason()

    def end_process(self) -> None:
        """End the process that runs, so that `wait` returns."""
        with self._lock:
            process = self._process
        if process is not None:
            process.end_at_once()

    def close(self) -> None:
        """End it for good: SIGTERM, and SIGKILL if that is not enough."""
        with self._lock:
            self._closed = True
            process = self._process
        if process is not None:
            process.close()
        Path(self.address).unlink(missing_ok=True)

    def _spawn(self) -> SupervisorProcess:
        with self._lock:
            if self._closed:
                raise ServerFailedError("The endpoint is being deleted.")
            self._layout.events.unlink(missing_ok=True)
            Path(self.address).unlink(missing_ok=True)
            self._spec.write(self._layout.spec)
            self._process = SupervisorProcess(
                "smx_lab.local.hosting.model_process", self._layout.spec, self._layout.folder
            )
            return self._process

    def _end_reason(self) -> str:
        events, _ = read_events(self._layout.events, 0)
        ends = [event["reason"] for event in events if event["kind"] == "end"]
        if ends:
            return str(ends[-1])
        # The process beside the model server reported no end: what it started may still run.
        end_processes_of(self._layout.folder, 0)
        words = self._process.last_error() if self._process else ""
        return f"The process beside the model server ended without a word. {words}"
