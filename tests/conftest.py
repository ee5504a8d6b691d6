"""Fixtures for every suite: a real local service, in a process of its own, on a free port."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from smx_lab.core.connection import LocalService
from smx_lab.local import process

StartService = Callable[..., LocalService]
"""``start_service(data_dir=None, port=None)``: a new directory each time when none is given."""


@pytest.fixture
def start_service(tmp_path: Path) -> Iterator[StartService]:
    """Start services as a user would; they are stopped when the test ends, however it ends."""
    used: list[Path] = []

    def start(data_dir: Path | None = None, port: int | None = None) -> LocalService:
        directory = data_dir or tmp_path / f"service-{len(used)}"
        used.append(directory)
        return process.ensure_running(directory, port)

    yield start
    for directory in used:
        process.stop(directory)


@pytest.fixture(scope="module")
def local_service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LocalService]:
    """Run one empty local service for all tests of a module, which keep their names apart."""
    directory = tmp_path_factory.mktemp("local-service")
    yield process.ensure_running(directory)
    process.stop(directory)
