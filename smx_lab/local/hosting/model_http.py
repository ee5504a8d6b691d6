"""HTTP/1.1 with a model server on its Unix socket: what is sent, what comes back, how it can fail.

The peer is always our own `serving`: it gives a body its length or sends it in chunks. Each request
has a connection of its own. `ping` and `post` block; `model_client` is for the event loop.

Standard library only: the processes beside the service import it.
"""

from __future__ import annotations

import re
import socket
from collections.abc import Iterable, Iterator, Mapping
from contextlib import closing
from types import MappingProxyType
from typing import NamedTuple

from smx_lab.local.http.head import Headers

# Source: SageMaker Developer Guide, "Use your own inference code with hosting services".
PING_TIMEOUT_S = 2.0
# How often a server that is starting is pinged, in seconds. Our choice.
PING_INTERVAL_S = 0.05
# The most that is sent or received at a time. Our choice.
PIECE_BYTES = 65_536
# The longest head of a response. Our choice.
MAX_HEAD_BYTES = 65_536

_STATUS_LINE = re.compile(rb"HTTP/1\.[01] ([0-9]{3})(?: .*)?")
_LINE_ENDS = re.compile(r"[\r\n]")
_DECIMAL, _HEXADECIMAL = re.compile(r"[0-9]{1,15}"), re.compile(r"[0-9A-Fa-f]{1,15}")


class UnreachableError(Exception):
    """The model server cannot be reached, or ended the connection too early."""


class TimedOutError(UnreachableError):
    """The model server did not respond in time."""


class ModelResponse(NamedTuple):
    """A whole response of a model server."""

    status: int
    headers: Mapping[str, str]
    """By name, without regard to case."""
    body: bytes


class ResponseReader:
    """One response, from the bytes as they arrive. Reads no socket itself.

    Parameters
    ----------
    max_body_bytes : int, optional
        A larger body raises UnreachableError.
    """

    def __init__(self, max_body_bytes: int | None = None) -> None:
        self.status = 0
        """0 until the head has arrived."""
        self.headers = Headers()
        self.is_complete = False
        self._max_body_bytes = max_body_bytes
        self._body_bytes = 0
        """Announced so far, by the head or by the sizes of chunks."""
        self._buffer = bytearray()
        self._is_chunked = False
        self._left: int | None = None
        """Of the body, or of the present chunk, in bytes; None if its size has not arrived."""

    def feed(self, data: bytes) -> list[bytes]:
        """Take what has arrived; return the new parts of the body, each chunk as one part.

        Parameters
        ----------
        data : bytes
            Empty at the end of the connection.

        Raises
        ------
        UnreachableError
            If the connection ends before the response does, or the response is malformed.
        """
        if not data:
            began = self.status or self._buffer
            raise UnreachableError(
                "its answer is too short" if began else "it closed the connection"
            )
        self._buffer += data
        if not self.status and not self._read_head():
            return []
        return self._read_chunks() if self._is_chunked else self._read_body()

    def _read_head(self) -> bool:
        head = self._take_until(b"\r\n\r\n")
        if head is None:
            return False
        first, *lines = head.split(b"\r\n")
        start = _STATUS_LINE.fullmatch(first)
        if start is None:
            raise UnreachableError(f"it answered {first!r}")
        for line in lines:
            name, _, value = line.decode("latin-1").partition(":")
            self.headers.add(name.lower(), value.strip(" \t"))
        self.status = int(start[1])
        self._is_chunked = self.headers.get("Transfer-Encoding", "").lower() == "chunked"
        if not self._is_chunked:
            self._expect(self.headers.get("Content-Length", "0"), 10)
        return True

    def _read_body(self) -> list[bytes]:
        left = self._left or 0
        part = bytes(self._buffer[:left])
        self._buffer.clear()
        self._left = left - len(part)
        self.is_complete = not self._left
        return [part] if part else []

    def _read_chunks(self) -> list[bytes]:
        parts: list[bytes] = []
        while not self.is_complete:
            if self._left is None:
                line = self._take_until(b"\r\n")
                if line is None:
                    break
                self._expect(line.partition(b";")[0].strip().decode("latin-1"), 16)
            size = self._left or 0
            if len(self._buffer) < size + 2:
                break
            parts.append(bytes(self._buffer[:size]))
            del self._buffer[: size + 2]
            self._left = None
            self.is_complete = not size
        return [part for part in parts if part]

    def _take_until(self, end: bytes) -> bytes | None:
        """Take the head or a line out of the buffer; None if it has not arrived."""
        index = self._buffer.find(end)
        if index > MAX_HEAD_BYTES or (index < 0 and len(self._buffer) > MAX_HEAD_BYTES):
            raise UnreachableError("the head of its answer is too long")
        if index < 0:
            return None
        taken = bytes(self._buffer[:index])
        del self._buffer[: index + len(end)]
        return taken

    def _expect(self, size: str, base: int) -> None:
        if not (_DECIMAL if base == 10 else _HEXADECIMAL).fullmatch(size):
            raise UnreachableError(f"the size of its answer is {size!r}")
        self._left = int(size, base)
        self._body_bytes += self._left
        if self._max_body_bytes is not None and self._body_bytes > self._max_body_bytes:
            raise UnreachableError(f"its answer is larger than {self._max_body_bytes} bytes")


def request_head(
    method: str, path: str, headers: Mapping[str, str] = MappingProxyType({}), body_bytes: int = 0
) -> bytes:
    """Return the head of a request; the server closes the connection after its response."""
    sent = {
        "Host": "localhost",
        **headers,
        "Content-Length": str(body_bytes),
        "Connection": "close",
    }
    # Without line ends: a value must not start a header of its own.
    fields = [f"{name}: {_LINE_ENDS.sub(' ', value)}" for name, value in sent.items()]
    head = "\r\n".join([f"{method} {path} HTTP/1.1", *fields, "", ""])
    return head.encode("latin-1", "replace")


def invocation(headers: Mapping[str, str], body: bytes) -> Iterator[bytes]:
    """Yield ``POST /invocations`` in pieces; a small one is a single piece."""
    head = request_head("POST", "/invocations", headers, len(body))
    yield head + body[:PIECE_BYTES]
    for start in range(PIECE_BYTES, len(body), PIECE_BYTES):
        yield body[start : start + PIECE_BYTES]


def ping(address: str) -> bool:
    """Return whether a model server is up."""
    try:
        return _exchange(address, [request_head("GET", "/ping")], PING_TIMEOUT_S).status == 200
    except UnreachableError:
        return False


def post(address: str, body: bytes, headers: Mapping[str, str], timeout_s: float) -> ModelResponse:
    """Send ``POST /invocations``, and wait for the whole response.

    Parameters
    ----------
    timeout_s : float
        How long the server may take to send anything.

    Raises
    ------
    UnreachableError
    """
    try:
        return _exchange(address, invocation(headers, body), timeout_s)
    except UnreachableError as error:
        raise type(error)(f"The model server did not answer: {error}") from error


def _exchange(address: str, request: Iterable[bytes], timeout_s: float) -> ModelResponse:
    reader = ResponseReader()
    parts: list[bytes] = []
    try:
        with closing(socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)) as connection:
            connection.settimeout(timeout_s)
            connection.connect(address)
            for piece in request:
                connection.sendall(piece)
            while not reader.is_complete:
                parts += reader.feed(connection.recv(PIECE_BYTES))
    except TimeoutError as error:
        raise TimedOutError(str(error)) from error
    except OSError as error:
        raise UnreachableError(str(error)) from error
    return ModelResponse(reader.status, reader.headers, b"".join(parts))
