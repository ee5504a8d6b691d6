"""HTTP/1.1 on loopback: bounded requests in, whole answers out, connections kept open.

A request takes two turns of the event loop instead of the ten of a general server, where half the
cost of a small write was. Only signed requests on loopback are served, so unusual HTTP (folded
headers, absolute targets, two lengths) is refused.
"""

from __future__ import annotations

import asyncio
import re
import socket
import time
from collections.abc import AsyncIterator, Callable, Mapping
from dataclasses import dataclass, field
from http.client import responses
from typing import cast

from smx_lab.local.http.head import MAX_DRAINED_BYTES, BadRequestError, Incoming, parse_head
from smx_lab.local.http.stream import Outflow, close

MAX_HEAD_BYTES = 65_536

_CHUNK_SIZE = re.compile(rb"([0-9A-Fa-f]{1,8})[ \t]*(?:;.*)?")


@dataclass(frozen=True)
class Limits:
    """How much clients may take. All of it is our choice.

    Parameters
    ----------
    receive_s : float
        How long a request may take to arrive, so that slow clients do not pile up.
    idle_s : float
        How long a connection is kept without a request.
    unread_s : float
        How long a client may leave an answer unread before it is dropped.
    sweep_s : float
        The interval at which these times are checked.
    max_connections : int
        Above this, the connection that was idle longest is closed, so that no client can use them
        all up.
    """

    receive_s: float = 60.0
    idle_s: float = 600.0
    unread_s: float = 60.0
    sweep_s: float = 5.0
    max_connections: int = 512


@dataclass(slots=True)
class HttpRequest:
    """One request as received; ``target`` is path and query, not decoded.

    ``is_too_large`` says that the body exceeded its limit and was dropped.
    """

    method: str
    target: str
    headers: Mapping[str, str]
    body: bytes
    is_too_large: bool = False

    @property
    def path(self) -> str:
        """The path, not decoded."""
        return self.target.partition("?")[0]


@dataclass(slots=True)
class HttpResponse:
    """One answer; Content-Length is added when it is sent.

    ``parts`` is a body that is sent part by part, in place of ``body``.
    """

    status: int
    body: bytes = b""
    headers: dict[str, str] = field(default_factory=dict)
    parts: AsyncIterator[bytes] | None = None

    def encode(self, keep_alive: bool) -> bytes:
        """Return head and body as one piece, so that they are sent in one packet."""
        lines = [f"HTTP/1.1 {self.status} {responses.get(self.status, 'Unknown')}"]
        # A value from a model server must not start a header of its own.
        lines += [f"{name}: {_one_line(value)}" for name, value in self.headers.items()]
        chunked = "Transfer-Encoding: chunked"
        lines.append(chunked if self.parts else f"Content-Length: {len(self.body)}")
        if not keep_alive:
            lines.append("Connection: close")
        return "\r\n".join(lines).encode("latin-1", "replace") + b"\r\n\r\n" + self.body


Respond = Callable[[HttpResponse], None]
Handler = Callable[[HttpRequest, Respond], None]
"""Called on the event loop; calls ``respond`` there, once, now or later."""


class HttpServer:
    """Listens, and calls the handler with every complete request.

    Parameters
    ----------
    body_limit : callable
        From a path to the largest body in bytes; a larger one is marked, not kept.
    """

    def __init__(
        self,
        handler: Handler,
        body_limit: Callable[[str], int],
        limits: Limits = Limits(),
    ) -> None:
        self.handler = handler
        self.body_limit = body_limit
        self.limits = limits
        self.connections: set[_Connection] = set()
        self.is_ending = False
        self._server: asyncio.Server | None = None
        self._sweeper: asyncio.TimerHandle | None = None

    async def start(self, listener: socket.socket) -> None:
        """Accept connections on a bound socket."""
        loop = asyncio.get_running_loop()
        self._server = await loop.create_server(lambda: _Connection(self), sock=listener)
        self._sweep()

    def stop(self) -> None:
        """Accept nothing more; idle connections close, busy ones after their answer."""
        self.is_ending = True
        if self._server:
            self._server.close()
        if self._sweeper:
            self._sweeper.cancel()
        for connection in list(self.connections):
            if not connection.is_answering:
                connection.close()

    async def finish(self, seconds: float) -> None:
        """Wait for the answers under way, but not longer."""
        deadline = time.monotonic() + seconds
        while any(c.is_answering for c in self.connections) and time.monotonic() < deadline:
            await asyncio.sleep(0.01)

    def close(self) -> None:
        """Close what is still open."""
        for connection in list(self.connections):
            connection.close()

    def add(self, connection: _Connection) -> None:
        """Take a new connection; if there are too many, close the one that was idle longest."""
        if len(self.connections) >= self.limits.max_connections:
            idle = [item for item in self.connections if not item.is_answering]
            if idle:
                min(idle, key=lambda item: item.deadline).abort()
        self.connections.add(connection)

    def _sweep(self) -> None:
        now = time.monotonic()
        for connection in [c for c in self.connections if c.deadline < now]:
            connection.abort()
        self._sweeper = asyncio.get_running_loop().call_later(self.limits.sweep_s, self._sweep)


class _Connection(asyncio.Protocol):
    """One connection: reads a request, waits for its answer, reads the next."""

    def __init__(self, server: HttpServer) -> None:
        self._server = server
        self._limits = server.limits
        self._transport: asyncio.Transport | None = None
        self._buffer = bytearray()
        self._incoming: Incoming | None = None
        self._is_paused = False
        self._is_unread = False
        """Whether the client has left so much unread that no more answers are sent for now."""
        self._outflow: Outflow | None = None
        self._sending: asyncio.Task[None] | None = None
        self.is_answering = False
        self.deadline = time.monotonic() + self._limits.idle_s

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast("asyncio.Transport", transport)
        self._server.add(self)

    def connection_lost(self, _: Exception | None) -> None:
        self._transport = None
        self.is_answering = False
        self._server.connections.discard(self)
        if self._sending:
            self._sending.cancel()

    def pause_writing(self) -> None:
        self._is_unread = True
        if self._outflow:
            self._outflow.pause()

    def resume_writing(self) -> None:
        self._is_unread = False
        if self._outflow:
            self._outflow.resume()
        elif self._transport and not (self.is_answering or self._transport.is_closing()):
            self._read_on()

    def close(self) -> None:
        """Close once everything is sent."""
        if self._transport:
            self._transport.close()

    def abort(self) -> None:
        """Close at once, even if something is still to be sent."""
        if self._transport:
            self._transport.abort()

    def data_received(self, data: bytes) -> None:
        if not self._buffer and self._incoming is None:
            self.deadline = time.monotonic() + self._limits.receive_s
        self._buffer += data
        if not (self.is_answering or self._is_unread):
            self._read()
        elif len(self._buffer) > MAX_HEAD_BYTES and self._transport and not self._is_paused:
            # The next requests wait in the kernel's buffers until this one is answered.
            self._transport.pause_reading()
            self._is_paused = True

    def _read(self) -> None:
        try:
            if self._incoming is None:
                self._incoming = self._read_head()
            if self._incoming is not None and self._read_body(self._incoming):
                self._handle(self._incoming)
        except BadRequestError as error:
            self._refuse(str(error))

    def _read_head(self) -> Incoming | None:
        end = self._buffer.find(b"\r\n\r\n")
        if end < 0 and len(self._buffer) <= MAX_HEAD_BYTES:
            return None
        if end < 0 or end > MAX_HEAD_BYTES:
            raise BadRequestError("The head of the request is too long.")
        incoming = parse_head(bytes(self._buffer[:end]), self._server.body_limit)
        del self._buffer[: end + 4]
        if incoming.headers.get("Expect", "").lower() == "100-continue" and self._transport:
            self._transport.write(b"HTTP/1.1 100 Continue\r\n\r\n")
        return incoming

    def _read_body(self, incoming: Incoming) -> bool:
        """Take the part of the body that has arrived; return True when it is complete."""
        if incoming.remaining is None:
            return self._read_chunks(incoming)
        part = bytes(self._buffer[: incoming.remaining])
        del self._buffer[: len(part)]
        incoming.remaining -= len(part)
        incoming.take(part)
        return incoming.remaining == 0

    def _read_chunks(self, incoming: Incoming) -> bool:
        while (end := self._buffer.find(b"\r\n")) >= 0:
            match = _CHUNK_SIZE.fullmatch(bytes(self._buffer[:end]))
            if not match:
                raise BadRequestError("A chunk of the body has no size.")
            size = int(match[1], 16)
            if len(self._buffer) < end + 2 + size + 2:
                # A larger chunk is not waited for.
                if size > MAX_DRAINED_BYTES:
                    raise BadRequestError("The body has no end.")
                return False
            incoming.take(bytes(self._buffer[end + 2 : end + 2 + size]))
            if self._buffer[end + 2 + size : end + 4 + size] != b"\r\n":
                raise BadRequestError("A chunk of the body does not end, or trailers follow.")
            del self._buffer[: end + 4 + size]
            if size == 0:
                return True
        if len(self._buffer) > MAX_HEAD_BYTES:
            raise BadRequestError("A chunk of the body has no size.")
        return False

    def _handle(self, incoming: Incoming) -> None:
        self.is_answering = True
        self.deadline = float("inf")
        self._incoming = None
        request = HttpRequest(
            incoming.method,
            incoming.target,
            incoming.headers,
            b"".join(incoming.chunks),
            incoming.size > incoming.limit,
        )
        self._server.handler(request, lambda response: self._send(response, incoming.keep_alive))

    def _send(self, response: HttpResponse, keep_alive: bool) -> None:
        keep_alive = keep_alive and not self._server.is_ending
        if response.parts is not None:
            sending = self._send_parts(response, response.parts, keep_alive)
            self._sending = asyncio.get_running_loop().create_task(sending)
            return
        if self._transport is not None:
            self._transport.write(response.encode(keep_alive))
        self._finish(keep_alive)

    async def _send_parts(
        self, response: HttpResponse, parts: AsyncIterator[bytes], keep_alive: bool
    ) -> None:
        if self._transport is None:
            await close(parts)
            return
        self._outflow = Outflow(self._transport, self._limits.unread_s)
        is_good = await self._outflow.send(response.encode(keep_alive), parts)
        self._outflow = self._sending = None
        self._finish(keep_alive and is_good)

    def _finish(self, keep_alive: bool) -> None:
        """Read the next request, or close."""
        self.is_answering = False
        if self._transport is None:
            return  # the client has gone, but its request was carried out
        if not keep_alive:
            self.deadline = time.monotonic() + self._limits.unread_s
            self._transport.close()
        elif self._is_unread:
            self.deadline = time.monotonic() + self._limits.unread_s
        else:
            self._read_on()

    def _read_on(self) -> None:
        """Read the next request, which may be in the buffer already."""
        self.deadline = time.monotonic() + self._limits.idle_s
        if self._is_paused and self._transport:
            self._transport.resume_reading()
            self._is_paused = False
        if self._buffer:
            # Not at once: a long row of requests in one buffer must not nest.
            asyncio.get_running_loop().call_soon(self._read_next)

    def _read_next(self) -> None:
        if self._transport and not (self.is_answering or self._is_unread):
            self._read()

    def _refuse(self, message: str) -> None:
        body = f'{{"message":"{message}"}}'.encode()
        response = HttpResponse(400, body, {"Content-Type": "application/json"})
        self._send(response, keep_alive=False)


def _one_line(value: str) -> str:
    return value.replace("\r", " ").replace("\n", " ")
