"""The process of one batch transform job: a model server that is sent all records of the input.

Started by the service as
``python -m smx_lab.local.jobs.transform_process SPEC``; its events are those
of `job_process`. The model server runs as behind an endpoint (`model_process`); a second thread
sends it one request after the other and writes each input file's responses to ``<file>.out``.

Standard library and psutil only.
"""

from __future__ import annotations

import gzip
import os
import shutil
import sys
import threading
import time
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from io import BufferedIOBase
from pathlib import Path
from typing import Any

from smx_lab.local.files.archives import partial_path
from smx_lab.local.hosting.model_http import PING_INTERVAL_S, UnreachableError, ping, post
from smx_lab.local.hosting.model_process import ModelProcess, ServerSpec
from smx_lab.local.jobs.job_process import BatchEnd, ClientError, run_to_end
from smx_lab.local.supervision.process_files import ProcessSpec
from smx_lab.local.supervision.supervisor import StoppedError

# How much of a model's error response becomes part of the failure reason. Our choice.
MAX_ERROR_CHARS = 512


@dataclass(frozen=True)
class TransformSpec(ProcessSpec):
    """All that is needed to run one transform job."""

    server: ServerSpec
    source: str
    """A file, or a folder all of whose files are transformed."""
    target: str
    """The folder of the responses, each at the path that its file has in ``source``."""
    content_type: str
    accept: str
    is_gzip: bool
    by_line: bool
    many_at_once: bool
    """Whether a request holds as many lines as fit."""
    with_newlines: bool
    """Whether an answer ends its line in the output."""
    max_payload_bytes: int
    startup_timeout_s: float
    invocation_timeout_s: float
    retries: int
    gets_keys: bool = False

    @classmethod
    def convert(cls, members: dict[str, Any]) -> dict[str, Any]:
        """Return the members with the server's description as its own type."""
        return {**members, "server": ServerSpec(**members["server"])}


class TransformJob(ModelProcess):
    """One transform job: a model server that runs until all records are transformed."""

    def __init__(self, spec: TransformSpec) -> None:
        super().__init__(spec.server)
        self._job = spec
        self._error: Exception | None = None
        self._ended = threading.Event()

    def run(self) -> None:
        """Run it, and report its end."""
        end = run_to_end(
            self._work,
            lambda _: self._clean(),
            end_type=BatchEnd,
            supervisor=self._supervisor,
            log=self._log,
        )
        self._events.send("end", **end._asdict())

    def _work(self) -> BatchEnd:
        code = self._fetch()
        requests = threading.Thread(target=self._transform_all, name="requests", daemon=True)
        self._events.send("begin")
        requests.start()
        outcome = self._serve(code)
        self._ended.set()
        requests.join()
        # Whichever thread sees first that a stop was asked for, it ends the model server.
        if outcome.ending == "stopped" or isinstance(self._error, StoppedError):
            return BatchEnd("Stopped")
        if self._error is None:
            return BatchEnd("Completed")
        failure = self._failure()
        if failure is None and isinstance(self._error, ClientError):
            return BatchEnd.failure(f"ClientError: {self._error}")
        return BatchEnd.failure(f"AlgorithmError: {self._error if failure is None else failure}")

    def _transform_all(self) -> None:
        """Send all files to the model server, then end it; on a thread of its own."""
        try:
            self._wait_for_server()
            for path, relative in _files(Path(self._job.source)):
                self._transform(path, Path(self._job.target) / f"{relative}.out")
        except Exception as error:  # noqa: BLE001 - becomes the job's failure reason
            self._error = error
        finally:
            self._supervisor.end_program()

    def _wait_for_server(self) -> None:
        deadline = time.monotonic() + self._job.startup_timeout_s
        while not ping(self._spec.socket):
            self._require_running()
            if time.monotonic() > deadline:
                raise UnreachableError("The model server did not answer a ping in time.")
            self._ended.wait(PING_INTERVAL_S)

    def _require_running(self) -> None:
        self._supervisor.check()
        if self._ended.is_set():
            raise UnreachableError("The model server ended. See the job's log.")

    def _transform(self, path: Path, target: Path) -> None:
        """Write the responses for one file, which appear all together or not at all."""
        target.parent.mkdir(parents=True, exist_ok=True)
        partial = partial_path(target)
        try:
            opener = gzip.open if self._job.is_gzip else Path.open
            with opener(path, "rb") as source, partial.open("wb") as output:
                for payload in self._payloads(source, path.name):
                    answer = self._invoke(payload, path.name)
                    output.write(answer)
                    if self._job.with_newlines and not answer.endswith(b"\n"):
                        output.write(b"\n")
            partial.replace(target)
        except (OSError, EOFError, zlib.error) as error:
            raise ClientError(f"{path.name} could not be transformed: {error}") from error
        finally:
            partial.unlink(missing_ok=True)

    def _payloads(self, source: BufferedIOBase, name: str) -> Iterator[bytes]:
        limit = self._job.max_payload_bytes
        if not self._job.by_line:
            yield _require_size(source.read(limit + 1), limit, name)
            return
        batch: list[bytes] = []
        size = 0
        for line in iter(lambda: source.readline(limit + 2), b""):
            record = _require_size(line.rstrip(b"\r\n"), limit, name)
            if not record:
                continue
            is_full = size + len(record) + 1 > limit or not self._job.many_at_once
            if batch and is_full:
                yield b"\n".join(batch)
                batch, size = [], 0
            batch.append(record)
            size += len(record) + 1
        if batch:
            yield b"\n".join(batch)

    def _invoke(self, payload: bytes, name: str) -> bytes:
        headers = {"Content-Type": self._job.content_type, "Accept": self._job.accept}
        for attempt in range(self._job.retries + 1):
            self._require_running()
            try:
                status, _, answer = post(
                    self._spec.socket, payload, headers, self._job.invocation_timeout_s
                )
            except UnreachableError:
                if attempt == self._job.retries:
                    raise
                continue
            if status < 400:
                return answer
            text = answer.decode("utf-8", "replace")[:MAX_ERROR_CHARS]
            problem = f"{name}: the model answered {status}: {text}"
            if status < 500:
                raise ClientError(problem)
            if attempt == self._job.retries:
                raise UnreachableError(problem)
        raise StoppedError

    def _clean(self) -> None:
        """Remove what only the running job needed."""
        shutil.rmtree(self._layout.base, ignore_errors=True)
        Path(self._spec.socket).unlink(missing_ok=True)


def _files(source: Path) -> list[tuple[Path, Path]]:
    """Return every file, and where it is below the source."""
    if source.is_file():
        return [(source, Path(source.name))]
    found = sorted(path for path in source.rglob("*") if path.is_file())
    return [(path, path.relative_to(source)) for path in found]


def _require_size(payload: bytes, limit: int, name: str) -> bytes:
    if len(payload) > limit:
        raise ClientError(
            f"{name} holds a record of more than MaxPayloadInMB ({limit // 2**20} MB)."
        )
    return payload


def main(arguments: list[str]) -> None:
    """Run the job whose description is in the file named."""
    os.umask(0o077)
    TransformJob(TransformSpec.read(Path(arguments[0]))).run()


if __name__ == "__main__":
    main(sys.argv[1:])
