"""HTTP to a model server on its Unix socket, for code that may wait.

Standard library only.
"""

from __future__ import annotations

import http.client
import socket

# Source: SageMaker Developer Guide, "Use your own inference code with hosting services".
PING_TIMEOUT_S = 2.0
# How often a server that is starting is asked, in seconds. Our choice.
PING_INTERVAL_S = 0.05


class UnreachableError(Exception):
    """The server does not answer, or no longer."""


class UnixConnection(http.client.HTTPConnection):
    """A connection to the socket at an address."""

    def __init__(self, address: str, timeout_s: float) -> None:
        super().__init__("localhost", timeout=timeout_s)
        self._address = address

    def connect(self) -> None:
        """Connect to the socket; called by http.client."""
        self.sock = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self.sock.settimeout(self.timeout)
        self.sock.connect(self._address)


def ping(address: str) -> bool:
    """Tell whether a model server is up."""
    connection = UnixConnection(address, PING_TIMEOUT_S)
    try:
        connection.request("GET", "/ping")
        return connection.getresponse().status == 200
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()


def post(address: str, body: bytes, headers: dict[str, str], timeout_s: float) -> tuple[int, bytes]:
    """Send ``POST /invocations``; return status and body. Raises UnreachableError."""
    connection = UnixConnection(address, timeout_s)
    try:
        connection.request("POST", "/invocations", body, headers)
        response = connection.getresponse()
        return response.status, response.read()
    except (OSError, http.client.HTTPException) as error:
        raise UnreachableError(f"The model server did not answer: {error}") from error
    finally:
        connection.close()
