"""How the process of a job reports its end."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import NoReturn

import pytest

from smx_lab.local.files.archives import ArchiveError
from smx_lab.local.jobs.job_process import (
    BatchEnd,
    ClientError,
    error_message,
    read_message,
    run_to_end,
    unreadable_input_as_client_error,
)
from smx_lab.local.logs.log_file import LogWriter, tail
from smx_lab.local.supervision.supervisor import StoppedError, Supervisor


class Watched(Supervisor):
    """A supervisor without a service."""

    def __init__(self) -> None:
        self.calls: list[str] = []

    def watch_lifeline(self) -> None:
        self.calls.append("watch")

    def wait_if_lost(self) -> None:
        self.calls.append("wait")


def raising(error: Exception) -> Callable[[], NoReturn]:
    def work() -> NoReturn:
        raise error

    return work


@pytest.mark.parametrize(
    ("work", "end"),
    [
        (lambda: BatchEnd("Completed"), BatchEnd("Completed")),
        (raising(StoppedError()), BatchEnd("Stopped")),
        (raising(ClientError("no data")), BatchEnd("Failed", "ClientError: no data")),
        (raising(ArchiveError("cut short")), BatchEnd("Failed", "ClientError: cut short")),
        (raising(KeyError("x")), BatchEnd("Failed", "InternalServerError: KeyError: 'x'")),
    ],
)
def test_a_job_ends_whatever_happens_and_is_cleaned_up(
    work: Callable[[], BatchEnd], end: BatchEnd, tmp_path: Path
):
    supervisor, log = Watched(), LogWriter(tmp_path / "log")
    cleaned: list[BatchEnd] = []
    found = run_to_end(work, cleaned.append, end_type=BatchEnd, supervisor=supervisor, log=log)
    assert (found, cleaned, supervisor.calls) == (end, [end], ["watch", "wait"])


def test_the_log_has_what_went_wrong_in_our_own_code(tmp_path: Path):
    run_to_end(
        raising(KeyError("x")),
        lambda _: None,
        end_type=BatchEnd,
        supervisor=Watched(),
        log=LogWriter(tmp_path / "log"),
    )
    lines = tail(tmp_path / "log", 100)
    assert (lines[0], lines[-1]) == (
        "[smx-lab] Traceback (most recent call last):",
        "[smx-lab] KeyError: 'x'",
    )


def test_an_input_that_cannot_be_read_is_the_clients_error():
    with (
        pytest.raises(ClientError, match=r"^The job's input could not be read: gone$"),
        unreadable_input_as_client_error(),
    ):
        raise OSError("gone")


def test_a_message_is_what_the_program_wrote_up_to_a_length(tmp_path: Path):
    file = tmp_path / "failure"
    assert read_message(file) == ""
    assert read_message(tmp_path) == ""
    file.write_bytes(b"  no \xff disk\n")
    assert read_message(file) == "no \ufffd disk"
    file.write_text("x" * 2000)
    assert read_message(file) == "x" * 1024


def test_the_error_of_a_log_is_its_last_exception_or_its_last_line(tmp_path: Path):
    log = LogWriter(tmp_path / "log")
    assert error_message(tmp_path / "log") == ""
    for line in ("ValueError: first", "json.JSONDecodeError: second", "  at line 3", ""):
        log.write(line)
    log.note("Uploading.")
    log.close()
    assert error_message(tmp_path / "log") == "json.JSONDecodeError: second\nat line 3"
    plain = LogWriter(tmp_path / "plain")
    plain.write("segmentation fault")
    plain.close()
    assert error_message(tmp_path / "plain") == "segmentation fault"
