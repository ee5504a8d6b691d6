"""A server on a Unix socket that sends what a test tells it to, and no more."""

from __future__ import annotations

import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def served(address: Path, respond: Callable[[socket.socket], None]) -> Iterator[str]:
    """Hand every connection to ``respond``, one after the other, while the block runs."""
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as listener:
        listener.bind(str(address))
        listener.listen()

        def serve() -> None:
            while True:
                connection, _ = listener.accept()
                with connection:
                    # All of the request, or closing would reset the connection.
                    if not connection.recv(65_536):
                        return
                    respond(connection)

        thread = threading.Thread(target=serve, daemon=True)
        thread.start()
        yield str(address)
        with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as last:
            last.connect(str(address))
        thread.join()
