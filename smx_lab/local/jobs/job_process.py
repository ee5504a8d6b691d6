"""What the processes of all kinds of jobs have in common, above all how they report their end.

The events of processing and transform jobs: ``begin`` when the job's own program starts, ``end``
(``status``, ``failure_reason``, ``exit_message``).

Standard library and psutil only.
"""

from __future__ import annotations

import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple, Protocol, TypeVar

from smx_lab.local.files.archives import ArchiveError
from smx_lab.local.logs.log_file import NOTE_PREFIX, LogWriter, tail
from smx_lab.local.s3.dir_cache import wait_until_s3_shows
from smx_lab.local.supervision.supervisor import StoppedError, Supervisor

# How much a program can say of its end in a file of its own. Source: botocore's model, ExitMessage;
# SageMaker Developer Guide, "How Amazon SageMaker processes training output", for output/failure.
MAX_MESSAGE_CHARS = 1024
# How much of a program's output is searched for the error that ended it, in lines. Our choice.
MAX_ERROR_LINES = 200
# How much of that error becomes part of the failure reason. Our choice.
MAX_ERROR_CHARS = 512


class ClientError(Exception):
    """The job cannot run because of what it was given; becomes ``ClientError: …``."""


class JobEnd(Protocol):
    """How a job of some kind ended, in SageMaker's terms."""

    @classmethod
    def stop(cls: type[E]) -> E:
        """Return the end of a job that was asked to stop before its program ran."""

    @classmethod
    def failure(cls: type[E], reason: str) -> E:
        """Return the end of a job that failed."""


E = TypeVar("E", bound=JobEnd)


class BatchEnd(NamedTuple):
    """How a processing or transform job ended."""

    status: str
    failure_reason: str | None = None
    exit_message: str | None = None

    @classmethod
    def stop(cls) -> BatchEnd:
        """Return the end of a job that was asked to stop before its program ran."""
        return cls("Stopped")

    @classmethod
    def failure(cls, reason: str) -> BatchEnd:
        """Return the end of a job that failed."""
        return cls("Failed", reason)


def run_to_end(
    work: Callable[[], E],
    clean: Callable[[E], None],
    *,
    end_type: type[E],
    supervisor: Supervisor,
    log: LogWriter,
) -> E:
    """Do the work, clean up, and return how the job ended, whatever happens.

    When this returns, the log is closed, S3 shows the outputs, and the service is there to be told.
    """
    supervisor.watch_lifeline()
    try:
        end = work()
    except StoppedError:
        end = end_type.stop()
    except (ClientError, ArchiveError) as error:
        end = end_type.failure(f"ClientError: {error}")
    except Exception as error:  # noqa: BLE001 - the user learns of it, the log has it in full
        log.note(traceback.format_exc())
        end = end_type.failure(f"InternalServerError: {type(error).__name__}: {error}")
    clean(end)
    log.close()
    wait_until_s3_shows()
    supervisor.wait_if_lost()
    return end


@contextmanager
def unreadable_input_as_client_error() -> Iterator[None]:
    """Raise ClientError when the block cannot read one of the job's inputs."""
    try:
        yield
    except OSError as error:  # shutil.Error is one
        raise ClientError(f"The job's input could not be read: {error}") from error


def read_message(file: Path) -> str:
    """Return what a program wrote of its end into a file; empty if it wrote none."""
    try:
        text = file.read_text(encoding="utf-8", errors="replace")
    except (FileNotFoundError, IsADirectoryError):
        return ""
    return text.strip()[:MAX_MESSAGE_CHARS]


def error_message(log: Path) -> str:
    """Return the last exception that Python named in a log and what follows, or the last line."""
    lines = tail(log, MAX_ERROR_LINES)
    words = [line.strip() for line in lines if line.strip() and not line.startswith(NOTE_PREFIX)]
    for index in range(len(words) - 1, -1, -1):
        name = words[index].partition(":")[0]
        if name.replace(".", "").isidentifier() and name.endswith(("Error", "Exception", "Exit")):
            return "\n".join(words[index:])[:MAX_ERROR_CHARS]
    return words[-1][:MAX_ERROR_CHARS] if words else ""
