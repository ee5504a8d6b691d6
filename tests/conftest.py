"""Fixtures for every suite: a real local service, in a process of its own, on a free port; an AWS
that nobody here wrote (moto's server), and credentials that are nobody's.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from smx_lab.core.connection import LocalService
from smx_lab.local.home import launch

StartService = Callable[..., LocalService]
"""``start_service(data_dir=None, port=None)``: a new directory each time when none is given."""


@pytest.fixture
def start_service(tmp_path: Path) -> Iterator[StartService]:
    """Start services as a user would; they are stopped when the test ends, however it ends."""
    used: list[Path] = []

    def start(data_dir: Path | None = None, port: int | None = None) -> LocalService:
        directory = data_dir or tmp_path / f"service-{len(used)}"
        used.append(directory)
        return launch.ensure_running(directory, port)

    yield start
    for directory in used:
        launch.stop(directory)


@pytest.fixture(scope="module")
def local_service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LocalService]:
    """Run one empty local service for all tests of a module, which keep their names apart."""
    directory = tmp_path_factory.mktemp("local-service")
    yield launch.ensure_running(directory)
    launch.stop(directory)


@pytest.fixture(scope="module")
def other_service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LocalService]:
    """Run a second local service; by its answers it cannot be told from an AWS account."""
    directory = tmp_path_factory.mktemp("other-service")
    yield launch.ensure_running(directory)
    launch.stop(directory)


@pytest.fixture
def aws_environment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """No credentials and no configuration but what a test writes; answers the config file."""
    for name in ("AWS_PROFILE", "AWS_DEFAULT_REGION", "AWS_REGION", "AWS_ACCESS_KEY_ID"):
        monkeypatch.delenv(name, raising=False)
    config = tmp_path / "aws-config"
    monkeypatch.setenv("AWS_CONFIG_FILE", str(config))
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", str(tmp_path / "aws-credentials"))
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    return config


@pytest.fixture(scope="session")
def moto_url() -> Iterator[str]:
    """The address of a moto server of our own."""
    from moto.server import ThreadedMotoServer

    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    yield f"http://{host}:{port}"
    server.stop()
