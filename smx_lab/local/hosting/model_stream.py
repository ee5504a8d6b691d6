"""The answer of a model server as it comes, part by part, from the event loop."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable
from http.client import parse_headers
from io import BytesIO
from typing import TypeVar

from smx_lab.local.hosting.model_client import (
    MAX_ANSWER_BYTES,
    ContainerGoneError,
    ContainerTimeoutError,
)

T = TypeVar("T")

_PART_BYTES = 65_536
_BROKEN = (OSError, asyncio.IncompleteReadError, asyncio.LimitOverrunError, ValueError)


class ContainerStream:
    """One invocation whose answer has begun.

    Parameters
    ----------
    timeout_s : float
        How long each part may take.
    """

    def __init__(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, timeout_s: float
    ) -> None:
        self._reader, self._writer, self._timeout_s = reader, writer, timeout_s
        self.status = 0
        self.headers: dict[str, str] = {}

    @classmethod
    async def open(
        cls, address: str, body: bytes, headers: dict[str, str], timeout_s: float
    ) -> ContainerStream:
        """Send ``POST /invocations`` to the socket at ``address``, and wait for the head.

        Raises
        ------
        ContainerTimeoutError, ContainerGoneError
        """
        connecting = asyncio.open_unix_connection(address, limit=_PART_BYTES)
        stream = cls(*await _in_time(connecting, timeout_s), timeout_s)
        try:
            await stream._ask(body, headers)
        except BaseException:
            stream.close()
            raise
        return stream

    async def _ask(self, body: bytes, headers: dict[str, str]) -> None:
        sent = {"Host": "localhost", **headers, "Content-Length": str(len(body))}
        lines = [f"{name}: {value}" for name, value in sent.items()]
        head = "\r\n".join(["POST /invocations HTTP/1.1", *lines, "Connection: close", "", ""])
        self._writer.write(head.encode("latin-1", "replace") + body)
        answer = await _in_time(self._reader.readuntil(b"\r\n\r\n"), self._timeout_s)
        first, _, fields = answer.partition(b"\r\n")
        try:
            self.status = int(first.split(b" ", 2)[1])
        except (IndexError, ValueError) as error:
            raise ContainerGoneError(f"it answered {first!r}") from error
        self.headers = {
            name.lower(): value for name, value in parse_headers(BytesIO(fields)).items()
        }

    async def parts(self) -> AsyncIterator[bytes]:
        """Yield the body as it comes, and close the connection at its end.

        Raises
        ------
        ContainerTimeoutError, ContainerGoneError
        """
        try:
            if self.headers.get("transfer-encoding", "").lower() == "chunked":
                while part := await _in_time(self._chunk(), self._timeout_s):
                    yield part
                return
            left = int(self.headers.get("content-length", "0"))
            while left:
                part = await _in_time(self._reader.read(min(left, _PART_BYTES)), self._timeout_s)
                if not part:
                    raise ContainerGoneError("its answer is too short")
                left -= len(part)
                yield part
        finally:
            self.close()

    async def read(self) -> bytes:
        """Return the whole body, up to the bound of an answer."""
        body = b""
        async for part in self.parts():
            body = (body + part)[:MAX_ANSWER_BYTES]
        return body

    def close(self) -> None:
        """Break off what is under way."""
        self._writer.close()

    async def _chunk(self) -> bytes:
        size = int((await self._reader.readuntil(b"\r\n")).strip() or b"?", 16)
        return (await self._reader.readexactly(size + 2))[:size]


async def _in_time(work: Awaitable[T], timeout_s: float) -> T:
    try:
        return await asyncio.wait_for(work, timeout_s)
    except asyncio.TimeoutError as error:
        raise ContainerTimeoutError from error
    except _BROKEN as error:
        raise ContainerGoneError(str(error) or type(error).__name__) from error
