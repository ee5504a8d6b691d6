"""The bounded log, without any process."""

from __future__ import annotations

from pathlib import Path

import pytest

from smx_lab.local.logs import log_file
from smx_lab.local.logs.log_file import LogWriter, older, read_lines, tail


def test_a_log_keeps_its_latest_lines_within_its_bound(tmp_path: Path) -> None:
    path = tmp_path / "log"
    writer = LogWriter(path, segment_bytes=1000)
    for number in range(500):
        writer.write(f"line {number}", number)
    writer.close()
    kept = [line.text for line in read_lines(path)]
    assert kept[-1] == "line 499"
    assert kept == [f"line {number}" for number in range(500 - len(kept), 500)]
    files = list(tmp_path.iterdir())
    assert len(files) == 2
    assert all(file.stat().st_size < 1100 for file in files)


def test_times_never_go_back(tmp_path: Path) -> None:
    writer = LogWriter(tmp_path / "log")
    for time_ms in (5, 3, 7):
        writer.write("line", time_ms)
    writer.close()
    assert [line.time_ms for line in read_lines(tmp_path / "log")] == [5, 5, 7]


@pytest.mark.parametrize("since", [0, 1, 37, 19_999, 20_000, 39_999, 40_000])
def test_lines_are_read_from_a_time_on(long_log: Path, since: int) -> None:
    every = list(read_lines(long_log))
    assert len(every) == 80_000
    assert list(read_lines(long_log, since)) == [line for line in every if line.time_ms >= since]


def test_what_lies_far_before_that_time_is_not_read(
    long_log: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    read = []
    line = log_file._line
    monkeypatch.setattr(log_file, "_line", lambda raw: read.append(raw) or line(raw))
    next(read_lines(long_log, 15_000))
    assert sum(map(len, read)) < 3 * log_file.MAX_SCAN_BYTES


@pytest.fixture(scope="module")
def long_log(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two lines each millisecond, about half of them in the older file."""
    path = tmp_path_factory.mktemp("log") / "log"
    writer = LogWriter(path, segment_bytes=1_000_000)
    for number in range(80_000):
        writer.write(f"line {number}"[: 8 + number % 7], number // 2)
    writer.close()
    assert older(path).exists()
    return path


def test_the_tail_is_the_last_lines_and_bytes_that_are_no_text_do_no_harm(tmp_path: Path) -> None:
    writer = LogWriter(tmp_path / "log")
    for line in (b"one", b"two \xff\r", b"three"):
        writer.write_bytes(line, 1)
    writer.close()
    assert tail(tmp_path / "log", 2) == ["two \ufffd\r", "three"]
    assert tail(tmp_path / "no-log", 2) == []
