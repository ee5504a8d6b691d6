"""Runs jobs as processes: queues, starts, follows, stops and recovers them."""

from __future__ import annotations

import logging
import os
import shutil
import sqlite3
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from smx_lab.local.context import Context, JobWord
from smx_lab.local.jobs.kinds import KINDS, JobKind, Spec
from smx_lab.local.jobs.request_checks import JobRefusedError
from smx_lab.local.jobs.script_mode import JobFolder
from smx_lab.local.records.jobs import ENDED
from smx_lab.local.supervision.supervisor_client import (
    ORPHAN_PATIENCE_S,
    SupervisorProcess,
    end_processes_of,
    read_events,
)

# At least this many jobs run at the same time, the others wait in Starting. Our choice.
MIN_RUNNING = 2
SERVICE_STOPPED = "InternalServerError: The local service stopped while the job ran."
PROCESS_ENDED = "InternalServerError: The process that ran the job ended without a word."

_log = logging.getLogger(__name__)


class _Run:
    """One job in the queue or running."""

    def __init__(self, kind: JobKind, name: str, layout: JobFolder) -> None:
        self.kind = kind
        self.name = name
        self.layout = layout
        self._lock = threading.Lock()
        self._stop_asked = False
        self._supervised: SupervisorProcess | None = None

    @property
    def key(self) -> tuple[str, str]:
        """What the run is found by."""
        return _key(self.kind.word, self.name)

    def start(self, secrets: dict[str, str]) -> SupervisorProcess | None:
        """Start the process, unless a stop was asked for."""
        with self._lock:
            if self._stop_asked:
                return None
            self._supervised = SupervisorProcess(
                self.kind.module, self.layout.spec, self.layout.folder, secrets
            )
            return self._supervised

    def ask_to_stop(self) -> bool:
        """Ask it to stop. Return False if it has not started yet: then it never starts."""
        with self._lock:
            self._stop_asked = True
            if self._supervised is not None:
                self._supervised.ask_to_stop()
            return self._supervised is not None

    def end_at_once(self) -> None:
        """End it at once."""
        with self._lock:
            self._stop_asked = True
            if self._supervised is not None:
                self._supervised.end_at_once()


class JobRunner:
    """All jobs of the service. Its methods are called after the database has changed."""

    def __init__(self, context: Context) -> None:
        self._context = context
        self._lock = threading.Lock()
        self._runs: dict[tuple[str, str], _Run] = {}
        self._closing = False
        workers = max(MIN_RUNNING, os.cpu_count() or 1)
        self._workers = ThreadPoolExecutor(workers, thread_name_prefix="job")

    def folder(self, kind: JobWord, name: str) -> Path:
        """Return the folder of a job."""
        return self._context.data_dir / KINDS[kind].folder / name

    def recover(self) -> None:
        """Record the end of jobs that an earlier service left, and queue those not yet started."""
        for word, kind in KINDS.items():
            end_processes_of(self._context.data_dir / kind.folder, ORPHAN_PATIENCE_S)
            for row in self._context.store.read(kind.unfinished):
                run = _Run(kind, row["name"], JobFolder(self.folder(word, row["name"])))
                try:
                    self._recover(run, row)
                except Exception as error:  # noqa: BLE001 - one job must not keep the service down
                    _log.exception("%s %s could not be recovered.", kind.noun, run.name)
                    self._settle(run, f"InternalServerError: {error}")

    def shutdown(self) -> None:
        """End the running jobs, which then fail; those in the queue wait for the next service."""
        with self._lock:
            self._closing = True
            runs = list(self._runs.values())
        for run in runs:
            run.end_at_once()
        self._workers.shutdown(cancel_futures=True)

    def submit(self, kind: JobWord, name: str) -> None:
        """Queue a job."""
        run = _Run(KINDS[kind], name, JobFolder(self.folder(kind, name)))
        with self._lock:
            if self._closing:
                return
            self._runs[run.key] = run
            self._workers.submit(self._work, run)

    def stop(self, kind: JobWord, name: str) -> None:
        """Stop a job."""
        with self._lock:
            run = self._runs.get(_key(kind, name))
        if run is not None and not run.ask_to_stop():
            self._settle(run, None)

    def forget(self, kind: JobWord, name: str) -> None:
        """Remove the folder of a job that was deleted."""
        shutil.rmtree(self.folder(kind, name), ignore_errors=True)

    def _recover(self, run: _Run, row: sqlite3.Row) -> None:
        layout = run.layout
        if layout.events.exists() or row["events_offset"]:
            self._take_events(run, row["events_offset"])
            self._settle(run, SERVICE_STOPPED)
            shutil.rmtree(layout.data, ignore_errors=True)
            layout.events.unlink(missing_ok=True)
            if layout.spec.exists():
                run.kind.free_space(layout)
        elif row["status"] == "Stopping":
            self._settle(run, None)
        else:
            self.submit(run.kind.word, run.name)

    def _work(self, run: _Run) -> None:
        token = self._context.credentials.issue()
        try:
            self._run(run, token)
        except JobRefusedError as error:
            # It was all there when the job was created; it is gone since.
            self._settle(run, f"ClientError: {error}")
        except Exception as error:  # noqa: BLE001 - a job must end, whatever fails; the log has it
            _log.exception("%s %s could not be run.", run.kind.noun, run.name)
            self._settle(run, f"InternalServerError: {error}")
        finally:
            self._context.credentials.revoke(token)
            with self._lock:
                self._runs.pop(run.key, None)

    def _run(self, run: _Run, token: str) -> None:
        if self._closing:
            return
        # A service that was killed while it started the job may have left files.
        shutil.rmtree(run.layout.base, ignore_errors=True)
        spec = self._spec(run)
        spec.write(run.layout.spec)
        secrets = self._context.credentials.variables(token) if spec.gets_keys else {}
        supervised = run.start(secrets)
        if supervised is None:
            if not self._closing:
                self._settle(run, None)
            return
        self._context.store.write(lambda cx: run.kind.begin(cx, self._context, run.name)).result()
        self._follow(run, supervised)

    def _follow(self, run: _Run, supervised: SupervisorProcess) -> None:
        offset, alive = 0, True
        while alive:
            alive = supervised.wait_for_events()
            offset = self._take_events(run, offset)
        supervised.close()
        row = self._context.store.read(lambda cx: run.kind.find(cx, run.name))
        if row is not None and row["status"] not in ENDED:
            # The process reported no end: it was killed, and what it started may still run.
            end_processes_of(run.layout.folder, 0)
            died = f"{PROCESS_ENDED} {supervised.last_error()}"
            self._settle(run, SERVICE_STOPPED if self._closing else died)
        # All events are in the database now.
        run.layout.events.unlink(missing_ok=True)

    def _take_events(self, run: _Run, offset: int) -> int:
        events, behind = read_events(run.layout.events, offset)
        if events:
            self._context.store.write(
                lambda cx: run.kind.apply_events(cx, self._context, run.name, events, behind)
            ).result()
        return behind

    def _settle(self, run: _Run, reason: str | None) -> None:
        self._context.store.write(
            lambda cx: run.kind.settle(cx, self._context, run.name, reason)
        ).result()

    def _spec(self, run: _Run) -> Spec:
        row = self._context.store.read(lambda cx: run.kind.find(cx, run.name))
        if row is None:
            raise JobRefusedError("The job was deleted.")
        return run.kind.spec(self._context, row, run.layout.folder)


def _key(kind: JobWord, name: str) -> tuple[str, str]:
    return kind, name.lower()
