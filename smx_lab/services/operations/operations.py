"""Run operations: long work in steps that can be cancelled, retried and rolled back.

Operations run in threads of their own and are kept on disk, so that they need no open tab, and the
record of an operation whose server was killed says where it stopped.
"""

from __future__ import annotations

import logging
import secrets
import threading
from collections.abc import Callable, Iterator, Sequence
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

MAX_RUNNING = 16
"""Operations that run at the same time in one process; more have to wait. A choice."""

FOLLOW_EVERY_S = 0.3
"""How often ``follow`` looks at an operation that has not ended. A choice."""


class StepDefinition(NamedTuple):
    """One step. ``run`` may be interrupted anywhere, and must then be able to run again.

    A retry starts with the step that did not succeed, or with the step named in its ``retry_from``.
    """

    name: str
    run: Callable[[Progress], None]
    retry_from: str | None = None


class Kind(NamedTuple):
    """One kind of operation.

    ``steps`` returns the same steps for the same connection and request, also in a later process.
    ``check`` raises an error if the operation is not allowed, e.g. by an administrator's switch.
    """

    steps: Callable[[str, dict[str, Any]], Sequence[StepDefinition]]
    check: Callable[[], None]
    can_roll_back: bool = False


class Operations:
    """Runs operations of all kinds and keeps their records."""

    def __init__(self, files: OperationFiles) -> None:
        """Keep operations in ``files``, which are not read before they are needed."""
        self._files = files
        self._kinds: dict[OperationKind, Kind] = {}
        self._lock = threading.RLock()
        self._running: dict[str, Progress] = {}
        self._ended = threading.Condition(self._lock)
        self._slots = threading.BoundedSemaphore(MAX_RUNNING)
        self._closing = threading.Event()

    def register(self, name: OperationKind, kind: Kind) -> None:
        """Define a kind of operation."""
        self._kinds[name] = kind

    def submit(
        self,
        kind: OperationKind,
        connection_id: str,
        title: str,
        request: dict[str, Any],
        result: dict[str, str] | None = None,
    ) -> Operation:
        """Start an operation and return it."""
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
        """Return all operations, newest first."""
        found = [self._current(record) for record in self._files.read_all()]
        found.sort(key=lambda operation: operation.start_time, reverse=True)
        return OperationList(operations=found)

    def newest(
        self, kind: OperationKind, connection_id: str, wanted: Callable[[dict[str, Any]], bool]
    ) -> Record | None:
        """Return the newest operation of a kind whose request is ``wanted``, as it is now."""
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
        """Return one operation as it is now."""
        return self._current(self._record(operation_id))

    def cancel(self, operation_id: str) -> Operation:
        """Ask a running operation to end after its current call; leave others unchanged."""
        operation = self.describe(operation_id)
        if operation.state == "running":
            self._files.ask_to_cancel(operation_id)
            if progress := self._running.get(operation_id):
                progress.wake()
        return self.describe(operation_id)

    def retry(self, operation_id: str) -> Operation:
        """Continue a failed, cancelled or interrupted operation where it stopped."""
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
                steps=_reset_steps(operation.steps, steps),
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
        """Start an operation that deletes what another one created, newest first."""
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
            # Neither a retry nor a second roll-back may run at the same time.
            self.amend(operation_id, can_retry=False, can_roll_back=False)
            return rollback

    def amend(self, operation_id: str, **changes: Any) -> None:
        """Change members of an operation that is not running."""
        with self._lock:
            record = self._record(operation_id)
            operation = msgspec.structs.replace(self._current(record), **changes)
            self._files.write(msgspec.structs.replace(record, operation=operation))

    def wait(self, operation_id: str, timeout_s: float | None = None) -> Operation:
        """Return an operation of this process when it has ended or the time is over."""
        with self._ended:
            self._ended.wait_for(lambda: not self._runs_here(operation_id), timeout_s)
        return self.describe(operation_id)

    def follow(self, operation_id: str) -> Iterator[Operation]:
        """Yield an operation of this process every now and then; the last one has ended."""
        state: OperationState = "running"
        while state == "running":
            operation = self.wait(operation_id, FOLLOW_EVERY_S)
            state = operation.state
            yield operation

    def close(self) -> None:
        """Interrupt the operations of this process; a later process can retry them."""
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
        """Return the operation as it is now; interrupted if its process is gone."""
        with self._lock:
            if progress := self._running.get(record.operation.id):
                return progress.operation
        operation = record.operation
        if operation.state != "running" or not self._files.is_abandoned(record):
            return operation
        lost = self._end(operation, "interrupted", None, self._files.written_time(record))
        self._files.write(msgspec.structs.replace(record, operation=lost))
        return lost

    def _start(self, record: Record) -> Operation:
        progress = Progress(record, self._files, self._closing)
        progress.save()
        with self._lock:
            self._running[record.operation.id] = progress
        # A daemon thread, so that a deployment that waits for an hour cannot keep Jupyter alive.
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
        except Exception:  # a thread has no caller, so an unexpected error must end it too
            log.exception("smx-lab: operation %s failed", progress.operation.id)
            defect = OperationFailed("Something went wrong in smx-lab; the server's log says what.")
            state, error = "failed", error_body(defect)
        with self._ended:
            progress.operation = self._end(progress.operation, state, error)
            self._ended.notify_all()
            try:
                progress.save()
            except SmxError as failure:
                # It stays in memory, so that this server can still show how it ended.
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

    def _end(
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


def _reset_steps(steps: Sequence[Step], definitions: Sequence[StepDefinition]) -> tuple[Step, ...]:
    """Return the steps of a new run; steps that succeeded stay, up to where the retry starts."""
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
