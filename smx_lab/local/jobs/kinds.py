"""What the job runner needs to know of each kind of job: rows, folder, process."""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Callable
from pathlib import Path
from typing import Any, Protocol

import msgspec

from smx_lab.local.context import Context, JobWord, Request
from smx_lab.local.files.archives import partial_path
from smx_lab.local.jobs import processing_specs, transform_specs
from smx_lab.local.jobs.script_mode import JobFolder, JobSpec
from smx_lab.local.jobs.training_specs import job_spec
from smx_lab.local.records import batch_jobs, training_jobs
from smx_lab.local.records.batch_kinds import PROCESSING, TRANSFORM, BatchKind
from smx_lab.local.records.jobs import find_unfinished
from smx_lab.local.supervision.supervisor_client import Event


class Spec(Protocol):
    """What a job's process is started with."""

    @property
    def gets_keys(self) -> bool:
        """Whether its script gets credentials for the service."""

    def write(self, file: Path) -> None:
        """Write it for the process."""


class JobKind(Protocol):
    """One kind of job. Its methods are called by the runner, those with ``cx`` in a transaction."""

    word: JobWord
    noun: str
    folder: str
    """Where its jobs have their folders, below the data directory."""
    module: str
    """What the process of a job runs."""

    def unfinished(self, cx: sqlite3.Connection) -> list[sqlite3.Row]:
        """Return the jobs that have not ended, oldest first."""

    def find(self, cx: sqlite3.Connection, name: str) -> sqlite3.Row | None:
        """Return a job's row: with name, status, request, events_offset."""

    def begin(self, cx: sqlite3.Connection, context: Context, name: str) -> None:
        """Record that a job has its process."""

    def apply_events(
        self, cx: sqlite3.Connection, context: Context, name: str, events: list[Event], offset: int
    ) -> None:
        """Record the events of the process; ``offset`` is the place in the file after them."""

    def settle(
        self, cx: sqlite3.Connection, context: Context, name: str, reason: str | None
    ) -> None:
        """Record the end of a job whose process reported none; without a reason it was stopped."""

    def spec(self, context: Context, row: sqlite3.Row, folder: Path) -> Spec:
        """Return what the process is started with; raises JobRefusedError."""

    def free_space(self, layout: JobFolder) -> None:
        """Remove what only the running job needed, after it was killed."""


class _Training:
    word: JobWord = "training"
    noun = "Training job"
    folder = "training-jobs"
    module = "smx_lab.local.jobs.training_process"
    find = staticmethod(training_jobs.find_job)
    apply_events = staticmethod(training_jobs.apply_events)
    settle = staticmethod(training_jobs.settle)

    def unfinished(self, cx: sqlite3.Connection) -> list[sqlite3.Row]:
        return find_unfinished(cx, training_jobs.TABLE)

    def begin(self, cx: sqlite3.Connection, context: Context, name: str) -> None:
        training_jobs.apply_status(
            cx, context, name, "Starting", "Preparing the instances for training"
        )

    def spec(self, context: Context, row: sqlite3.Row, folder: Path) -> Spec:
        request: dict[str, Any] = msgspec.json.decode(row["request"])
        return job_spec(request, context, folder)

    def free_space(self, layout: JobFolder) -> None:
        spec = JobSpec.read(layout.spec)
        for archive in (spec.model_archive, spec.output_archive):
            partial_path(Path(archive)).unlink(missing_ok=True)


class _Batch:
    """A processing or transform job, whose rows are alike."""

    def __init__(
        self, kind: BatchKind, module: str, spec: Callable[[Request, Context, Path], Spec]
    ) -> None:
        self._kind = kind
        self._make_spec = spec
        self.word = kind.word
        self.noun = kind.noun
        self.folder = f"{kind.word}-jobs"
        self.module = module

    def unfinished(self, cx: sqlite3.Connection) -> list[sqlite3.Row]:
        return find_unfinished(cx, self._kind.table)

    def find(self, cx: sqlite3.Connection, name: str) -> sqlite3.Row | None:
        return batch_jobs.find(cx, self._kind, name)

    def begin(self, cx: sqlite3.Connection, context: Context, name: str) -> None:
        """Do nothing: the status of these jobs does not change when their process starts."""

    def apply_events(
        self, cx: sqlite3.Connection, context: Context, name: str, events: list[Event], offset: int
    ) -> None:
        batch_jobs.apply_events(cx, context, self._kind, name, events, offset)

    def settle(
        self, cx: sqlite3.Connection, context: Context, name: str, reason: str | None
    ) -> None:
        batch_jobs.settle(cx, context, self._kind, name, reason)

    def spec(self, context: Context, row: sqlite3.Row, folder: Path) -> Spec:
        return self._make_spec(msgspec.json.decode(row["request"]), context, folder)

    def free_space(self, layout: JobFolder) -> None:
        shutil.rmtree(layout.base, ignore_errors=True)


def _transform_spec(request: Request, context: Context, folder: Path) -> Spec:
    name = request["ModelName"]
    model = context.store.read(lambda cx: transform_specs.find_model(cx, name))
    address = context.hosting.new_address()
    return transform_specs.transform_spec(request, context, folder, model, address)


_ALL: tuple[JobKind, ...] = (
    _Training(),
    _Batch(PROCESSING, "smx_lab.local.jobs.processing_process", processing_specs.processing_spec),
    _Batch(TRANSFORM, "smx_lab.local.jobs.transform_process", _transform_spec),
)
KINDS: dict[JobWord, JobKind] = {kind.word: kind for kind in _ALL}
