"""What the processes of processing and transform jobs have in common: how they tell their end.

Events: ``begin`` when the job's own program starts, ``end`` (``status``, ``failure_reason``,
``exit_message``).

Standard library and psutil only.
"""

from __future__ import annotations

import traceback
from collections.abc import Callable
from typing import Any, NamedTuple

from smx_lab.local.files.archives import ArchiveError
from smx_lab.local.files.staging import wait_until_s3_shows
from smx_lab.local.logs.log_file import LogWriter
from smx_lab.local.supervision.supervisor import Events, StoppedError, Supervisor


class ClientError(Exception):
    """The job cannot run because of what it was given; becomes ``ClientError: …``."""


class BatchEnd(NamedTuple):
    """How a job ended, in SageMaker's terms."""

    status: str
    failure_reason: str | None = None
    exit_message: str | None = None


def run_to_end(
    work: Callable[[], BatchEnd],
    clean: Callable[[BatchEnd], None],
    *,
    supervisor: Supervisor,
    log: LogWriter,
    events: Events,
) -> None:
    """Do the work, whatever comes, and say how it ended."""
    supervisor.watch_lifeline()
    try:
        end = work()
    except StoppedError:
        end = BatchEnd("Stopped")
    except (ClientError, ArchiveError) as error:
        end = BatchEnd("Failed", f"ClientError: {error}")
    except Exception as error:  # noqa: BLE001 - the user learns of it, the log has it in full
        note(log, traceback.format_exc())
        end = BatchEnd("Failed", f"InternalServerError: {type(error).__name__}: {error}")
    clean(end)
    log.close()
    wait_until_s3_shows()
    supervisor.wait_if_lost()
    say(events, "end", **end._asdict())


def say(events: Events, kind: str, **members: Any) -> None:
    """Tell the service."""
    events.put(kind, **members)
    events.flush()


def note(log: LogWriter, text: str) -> None:
    """Put a word of ours into the job's log."""
    for line in text.rstrip().splitlines():
        log.write(f"[smx-lab] {line}")
    log.flush()
