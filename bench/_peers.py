"""The local service and the servers it is compared with. Each is a process on a free port."""

from __future__ import annotations

import contextlib
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import psutil

from smx_lab.local.home import launch

ROOT = Path(__file__).resolve().parents[1]
MLFLOW_VENV = ROOT / ".dev" / "bench" / "mlflow"
PATIENCE_S = 600.0
SETTLE_S, BUSY = 3.0, 0.1
"""A server has started when it uses less than this part of a processor for so many seconds."""


class Peer(NamedTuple):
    """A server: its address, keys and process."""

    name: str
    url: str
    key: str
    secret: str
    pid: int

    def cpu(self) -> float:
        """Return the seconds of CPU of the server and its children."""
        root = psutil.Process(self.pid)
        spent = 0.0
        for one in [root, *root.children(recursive=True)]:
            with contextlib.suppress(psutil.NoSuchProcess):
                times = one.cpu_times()
                spent += times.user + times.system
        return spent

    def family_mb(self) -> float:
        """Return the resident MB of the server and its children. Shared pages count for each."""
        root = psutil.Process(self.pid)
        total = 0.0
        for one in [root, *root.children(recursive=True)]:
            with contextlib.suppress(psutil.NoSuchProcess):
                total += one.memory_info().rss
        return total / 1e6

    def memory(self) -> tuple[float, float]:
        """Return the resident MB, and its part without pages of files (USS)."""
        info = psutil.Process(self.pid).memory_full_info()
        return info.rss / 1e6, info.uss / 1e6


@contextlib.contextmanager
def ours(data_dir: Path) -> Iterator[Peer]:
    """Run the local service."""
    service = launch.ensure_running(data_dir)
    try:
        yield Peer(
            "smx-lab",
            service.sagemaker_url,
            service.access_key_id,
            service.secret_access_key,
            service.pid,
        )
    finally:
        launch.stop(data_dir)


@contextlib.contextmanager
def moto() -> Iterator[Peer]:
    """Run moto's server, which stores everything in memory."""
    command = [sys.executable, "-m", "moto.server", "-H", "127.0.0.1", "-p"]
    with _server(command, "/") as (url, pid):
        yield Peer("moto", url, "testing", "testing", pid)


@contextlib.contextmanager
def mlflow(folder: Path) -> Iterator[Peer]:
    """Run MLflow's server on SQLite, from a virtual environment of its own."""
    command = [str(mlflow_python()), "-m", "mlflow", "server", "--host", "127.0.0.1"]
    command += ["--backend-store-uri", f"sqlite:///{folder / 'mlflow.db'}"]
    command += ["--artifacts-destination", str(folder / "artifacts"), "--port"]
    with _server(command, "/health", cwd=folder) as (url, pid):
        peer = Peer("MLflow", url, "", "", pid)
        _settle(peer)
        yield peer


def _settle(peer: Peer) -> None:
    """Wait until a server that already responds has started completely.

    MLflow's job workers import it for another twenty seconds, on every processor.
    """
    deadline = time.monotonic() + PATIENCE_S
    spent, before = peer.cpu(), -1.0
    while spent - before > BUSY * SETTLE_S and time.monotonic() < deadline:
        time.sleep(SETTLE_S)
        spent, before = peer.cpu(), spent


def mlflow_python() -> Path:
    """Return the path of the Python with MLflow, even if it is not installed yet."""
    return MLFLOW_VENV / "bin" / "python"


def install_mlflow() -> bool:
    """Install MLflow for benchmarks only; return whether that worked."""
    python = mlflow_python()
    if python.exists() and _succeeds([str(python), "-c", "import mlflow"]):
        return True
    from devtools.setup import install

    return _succeeds([sys.executable, "-m", "venv", str(MLFLOW_VENV)]) and install(
        ["mlflow"], python=python
    )


def _succeeds(command: list[str]) -> bool:
    return subprocess.run(command, capture_output=True, check=False).returncode == 0


@contextlib.contextmanager
def _server(command: list[str], path: str, cwd: Path = ROOT) -> Iterator[tuple[str, int]]:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    url = f"http://127.0.0.1:{port}"
    server = subprocess.Popen(
        [*command, str(port)], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, cwd=cwd
    )
    try:
        deadline = time.monotonic() + PATIENCE_S
        while not _answers(url + path):
            if server.poll() is not None or time.monotonic() > deadline:
                raise RuntimeError(f"{' '.join(command)} did not start.")
            time.sleep(0.1)
        yield url, server.pid
    finally:
        children = psutil.Process(server.pid).children(recursive=True)
        # Kill at once: when terminated, MLflow waits minutes for its workers.
        for one in [psutil.Process(server.pid), *children]:
            with contextlib.suppress(psutil.NoSuchProcess):
                one.kill()
        server.wait(30)


def _answers(url: str) -> bool:
    try:
        with urllib.request.urlopen(url, timeout=5) as answer:
            return bool(answer.status < 500)
    except OSError as error:
        return "HTTP Error 4" in str(error)
