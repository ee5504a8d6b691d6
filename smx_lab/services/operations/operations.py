"""Long work: it has steps, an end and an error, can be cancelled, retried and taken back.

It runs on threads of its own and is kept on disk, so that it depends on no open tab, and a server
that is killed leaves an operation that says where it stopped.
"""

from __future__ import annotations

import logging
import secrets
import threading
from collections.abc import Callable, Sequence
from datetime import datetime, timezone
from typing import Any, NamedTuple

import msgspec

from smx_lab.contract.bodies import OperationList
from smx_lab.core.errors import Conflict, NotFound, OperationFailed, SmxError
from smx_lab.core.operation import (
    ErrorBody,
    Operation,
    OperationKind,
    OperationState,
    Step,
    error_body,
)
from smx_lab.gateway.reading.concurrent import start_thread
from smx_lab.services.operations.files import OperationFiles, Record, this_process
from smx_lab.services.operations.progress import Cancelled, Interrupted, Progress

log = logging.getLogger(__name__)

AT_ONCE = 16
"""Operations that run side by side in one process; more wait. A choice."""


class StepDefinition(NamedTuple):
    """One step. ``run`` must bear being run again after it was interrupted anywhere.

    A retry begins at the step that did not succeed, or at ``retry_from`` of that step.
    """

    name: str
    run: Callable[[Progress], None]
    retry_from: str | None = None


class Kind(NamedTuple):
    """One kind of operation.

    ``steps`` makes the same steps of the same request every time, also in a later process.
    ``check`` raises what forbids it now, e.g. an administrator's switch.
    """

    steps: Callable[[str, dict[str, Any]], Sequence[StepDefinition]]
    check: Callable[[], None]
    can_roll_back: bool = False


class Operations:
    """Runs operations, remembers them, and knows nothing of what they do."""

    def __init__(self, files: OperationFiles) -> None:
        """Keep operations in ``files``; nothing is read before it is asked for."""
        self._files = files
        self._kinds: dict[OperationKind, Kind] = {}
        self._lock = threading.RLock()
        self._running: dict[str, Progress] = {}
        self._ended = threading.Condition(self._lock)
        self._slots = threading.BoundedSemaphore(AT_ONCE)
        self._closing = threading.Event()

    def register(self, name: OperationKind, kind: Kind) -> None:
        """Say how a kind of operation is done."""
        self._kinds[name] = kind

    def submit(
        self,
        kind: OperationKind,
        connection_id: str,
        title: str,
        request: dict[str, Any],
        result: dict[str, str] | None = None,
    ) -> Operation:
        """Begin an operation, and answer it as it stands."""
        self._kinds[kind].check()
        steps = self._kinds[kind].steps(connection_id, request)
        operation = Operation(
            id=secrets.token_hex(8),
            kind=kind,
            connection_id=connection_id,
            title=title,
            state="running",
            steps=tuple(Step(name=step.name, state="waiting") for step in steps),
            start_time=_now(),
            result=result or {},
        )
        self._files.prune()
        return self._start(Record(operation=operation, request=request, owner=this_process()))

    def list_operations(self) -> OperationList:
        """Return all that are remembered, newest first."""
        found = [self._current(record) for record in self._files.read_all()]
        found.sort(key=lambda operation: operation.start_time, reverse=True)
        return OperationList(operations=found)

    def newest(
        self, kind: OperationKind, connection_id: str, wanted: Callable[[dict[str, Any]], bool]
    ) -> Record | None:
        """Return the newest of a kind whose request is wanted, as it stands."""
        found = [
            record
            for record in self._files.read_all()
            if record.operation.kind == kind
            and record.operation.connection_id == connection_id
            and wanted(record.request)
        ]
        record = max(found, key=lambda record: record.operation.start_time, default=None)
        if record is None:
            return None
        return msgspec.structs.replace(record, operation=self._current(record))

    def describe(self, operation_id: str) -> Operation:
        """Return one operation as it stands."""
        return self._current(self._record(operation_id))

    def cancel(self, operation_id: str) -> Operation:
        """Ask a running operation to end after its current call; others stay as they are."""
        operation = self.describe(operation_id)
        if operation.state == "running":
            self._files.ask_to_cancel(operation_id)
            if progress := self._running.get(operation_id):
                progress.wake()
        return self.describe(operation_id)

    def retry(self, operation_id: str) -> Operation:
        """Go on where a failed, cancelled or interrupted operation stopped."""
        with self._lock:
            record = self._record(operation_id)
            operation = self._current(record)
            if not operation.can_retry:
                raise Conflict(f"“{operation.title}” cannot be retried: it is {operation.state}.")
            kind = self._kinds[operation.kind]
            kind.check()
            steps = kind.steps(operation.connection_id, record.request)
            self._files.clear_cancel(operation_id)
            again = msgspec.structs.replace(
                operation,
                state="running",
                steps=_steps_again(operation.steps, steps),
                end_time=None,
                error=None,
                log_tail=(),
                can_retry=False,
                can_roll_back=False,
            )
            return self._start(
                msgspec.structs.replace(record, operation=again, owner=this_process())
            )

    def roll_back(self, operation_id: str) -> Operation:
        """Begin an operation that deletes what another created, newest first."""
        with self._lock:
            operation = self.describe(operation_id)
            if not operation.can_roll_back:
                raise Conflict(f"“{operation.title}” left nothing that could be deleted.")
            rollback = self.submit(
                "rollback",
                operation.connection_id,
                f"Delete what “{operation.title}” created",
                {"operation_id": operation_id, "created": list(reversed(operation.created))},
            )
            # Neither a retry nor a second roll-back may run beside this one.
            self.amend(operation_id, can_retry=False, can_roll_back=False)
            return rollback

    def amend(self, operation_id: str, **changes: Any) -> None:
        """Change an operation that does not run."""
        with self._lock:
            record = self._record(operation_id)
            operation = msgspec.structs.replace(self._current(record), **changes)
            self._files.write(msgspec.structs.replace(record, operation=operation))

    def wait(self, operation_id: str, timeout_s: float | None = None) -> Operation:
        """Return an operation of this process once it has ended, or when the time is over."""
        with self._ended:
            self._ended.wait_for(lambda: not self._runs_here(operation_id), timeout_s)
        return self.describe(operation_id)

    def close(self) -> None:
        """Interrupt what runs in this process; it can be retried by the next."""
        self._closing.set()
        with self._lock:
            for progress in self._running.values():
                progress.wake()

    def _runs_here(self, operation_id: str) -> bool:
        progress = self._running.get(operation_id)
        return progress is not None and progress.operation.state == "running"

    def _record(self, operation_id: str) -> Record:
        with self._lock:
            if progress := self._running.get(operation_id):
                return progress.record
            record = self._files.read(operation_id)
        if record is None:
            raise NotFound("There is no such operation, or it is long forgotten.")
        return record

    def _current(self, record: Record) -> Operation:
        """Return the operation of a record as of now: a lost runner makes it interrupted."""
        with self._lock:
            if progress := self._running.get(record.operation.id):
                return progress.operation
        operation = record.operation
        if operation.state != "running" or not self._files.is_abandoned(record):
            return operation
        lost = self._ended_as(operation, "interrupted", None, self._files.written_time(record))
        self._files.write(msgspec.structs.replace(record, operation=lost))
        return lost

    def _start(self, record: Record) -> Operation:
        progress = Progress(record, self._files, self._closing)
        progress.save()
        with self._lock:
            self._running[record.operation.id] = progress
        # A daemon: a deployment that waits for an hour must not keep Jupyter from ending.
        start_thread(lambda: self._run(progress), f"smx-lab {record.operation.id}")
        return progress.operation

    def _run(self, progress: Progress) -> None:
        state: OperationState = "succeeded"
        error: ErrorBody | None = None
        try:
            with self._slots:
                self._run_steps(progress)
        except Cancelled:
            state = "cancelled"
        except Interrupted:
            state = "interrupted"
        except SmxError as failure:
            state, error = "failed", error_body(failure)
        except Exception:  # a thread has no caller: an unforeseen error must still end it
            log.exception("smx-lab: operation %s failed", progress.operation.id)
            defect = OperationFailed("Something went wrong in smx-lab; the server's log says what.")
            state, error = "failed", error_body(defect)
        with self._ended:
            progress.operation = self._ended_as(progress.operation, state, error)
            self._ended.notify_all()
            try:
                progress.save()
            except SmxError as failure:
                # It stays in memory, so that this server at least knows how it ended.
                log.error("smx-lab: %s", failure.message)
            else:
                del self._running[progress.operation.id]

    def _run_steps(self, progress: Progress) -> None:
        operation = progress.operation
        definitions = self._kinds[operation.kind].steps(
            operation.connection_id, progress.record.request
        )
        for index, definition in enumerate(definitions):
            if operation.steps[index].state in ("succeeded", "skipped"):
                continue
            progress.check()
            progress.begin_step(index)
            definition.run(progress)
            progress.end_step()
        failed = [step for step in progress.operation.steps if step.state == "failed"]
        if failed:
            raise OperationFailed(" ".join(step.message or step.name for step in failed))

    def _ended_as(
        self,
        operation: Operation,
        state: OperationState,
        error: ErrorBody | None,
        end_time: datetime | None = None,
    ) -> Operation:
        kind = self._kinds[operation.kind]
        bad_end, end_time = state != "succeeded", end_time or _now()
        steps = tuple(
            step
            if step.state != "running"
            else msgspec.structs.replace(
                step, state="failed", end_time=end_time, message=step.message or state.capitalize()
            )
            for step in operation.steps
        )
        return msgspec.structs.replace(
            operation,
            state=state,
            steps=steps,
            end_time=end_time,
            error=error,
            can_retry=bad_end,
            can_roll_back=bad_end and kind.can_roll_back and bool(operation.created),
        )


def _steps_again(steps: Sequence[Step], definitions: Sequence[StepDefinition]) -> tuple[Step, ...]:
    """Return the steps of a new run: what succeeded stays, unless a later step goes back to it."""
    states = [step.state for step in steps]
    done = ("succeeded", "skipped")
    first = next((i for i, state in enumerate(states) if state not in done), len(states))
    if first == len(states):
        return tuple(steps)
    names = [definition.name for definition in definitions]
    if retry_from := definitions[first].retry_from:
        first = names.index(retry_from)
    return tuple(
        step if index < first else Step(name=step.name, state="waiting")
        for index, step in enumerate(steps)
    )


def _now() -> datetime:
    return datetime.now(timezone.utc)
