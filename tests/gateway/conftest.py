"""Addresses at which nobody answers, and local services that are none."""

import socket
import threading

import pytest

from smx_lab.core.connection import LocalService


class Silence:
    """A server that takes connections and never answers."""

    def __init__(self):
        self._socket = socket.create_server(("127.0.0.1", 0))
        self._taken = []
        self.url = f"http://127.0.0.1:{self._socket.getsockname()[1]}"
        threading.Thread(target=self._take, daemon=True).start()

    def _take(self):
        while True:
            try:
                self._taken.append(self._socket.accept()[0])
            except OSError:
                return  # it was closed

    @property
    def callers(self):
        """How many have called so far."""
        return len(self._taken)

    def close(self):
        self._socket.shutdown(socket.SHUT_RDWR)
        self._socket.close()
        for connection in self._taken:
            connection.close()


@pytest.fixture
def silence():
    """An address at which nobody answers."""
    found = Silence()
    yield found
    found.close()


@pytest.fixture
def local_at():
    """Make a description of a local service at an address."""

    def make(url, pid=1):
        return LocalService(
            sagemaker_url=url,
            metrics_url=url,
            runtime_url=url,
            access_key_id="AKIDLOCAL",
            secret_access_key="a-secret-key",
            region="us-east-1",
            account="000000000000",
            pid=pid,
            data_dir="/nowhere",
        )

    return make
