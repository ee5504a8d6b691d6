"""Invocations of model servers from the event loop: the response whole, or part by part."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Mapping
from typing import TypeVar

from smx_lab.local.hosting.model_http import (
    PIECE_BYTES,
    ModelResponse,
    ResponseReader,
    TimedOutError,
    UnreachableError,
    invocation,
)

T = TypeVar("T")

# The largest whole response passed on, in bytes; as the request's. Our choice.
MAX_RESPONSE_BYTES = 6_291_456
# Invocations at the same time whose responses are wanted whole; further ones wait. Our choice.
MAX_INVOCATIONS = 200


class ModelStream:
    """One invocation whose response has begun; made by `open`.

    Parameters
    ----------
    timeout_s : float, optional
        How long each part may take; None if the caller limits the whole.
    """

    def __init__(
        self,
        connection: tuple[asyncio.StreamReader, asyncio.StreamWriter],
        timeout_s: float | None,
        max_body_bytes: int | None,
    ) -> None:
        self._incoming, self._outgoing = connection
        self._timeout_s = timeout_s
        self._response = ResponseReader(max_body_bytes)
        self._first_parts: list[bytes] = []
        """Of the body, which arrived together with the head."""

    @classmethod
    async def open(
        cls,
        address: str,
        body: bytes,
        headers: Mapping[str, str],
        timeout_s: float | None,
        max_body_bytes: int | None = None,
    ) -> ModelStream:
        """Send ``POST /invocations`` to the socket at ``address``, and wait for the head.

        Raises
        ------
        UnreachableError, TimedOutError
        """
        connection = await _in_time(asyncio.open_unix_connection(address), timeout_s)
        stream = cls(connection, timeout_s, max_body_bytes)
        try:
            await _in_time(stream._ask(headers, body), timeout_s)
        except BaseException:
            stream.close()
            raise
        return stream

    @property
    def status(self) -> int:
        """The status of the response."""
        return self._response.status

    @property
    def headers(self) -> Mapping[str, str]:
        """The headers of the response, by name without regard to case."""
        return self._response.headers

    async def parts(self) -> AsyncIterator[bytes]:
        """Yield the body as it arrives, and close the connection at its end.

        Raises
        ------
        UnreachableError, TimedOutError
        """
        try:
            for part in self._first_parts:
                yield part
            while not self._response.is_complete:
                for part in await _in_time(self._receive_parts(), self._timeout_s):
                    yield part
        finally:
            self.close()

    async def read(self) -> bytes:
        """Return the whole body."""
        return b"".join([part async for part in self.parts()])

    def close(self) -> None:
        """Break off what is under way."""
        self._outgoing.close()

    async def _ask(self, headers: Mapping[str, str], body: bytes) -> None:
        for piece in invocation(headers, body):
            self._outgoing.write(piece)
            await self._outgoing.drain()
        while not self.status:
            self._first_parts = self._response.feed(await self._incoming.read(PIECE_BYTES))

    async def _receive_parts(self) -> list[bytes]:
        """Wait until at least one part has arrived, or the body has ended."""
        while not self._response.is_complete:
            parts = self._response.feed(await self._incoming.read(PIECE_BYTES))
            if parts:
                return parts
        return []


class ModelClient:
    """Invokes all model servers, but not too many at a time. For the event loop."""

    def __init__(self, max_invocations: int = MAX_INVOCATIONS) -> None:
        self._free = asyncio.Semaphore(max_invocations)

    async def invoke(
        self, address: str, body: bytes, headers: Mapping[str, str], timeout_s: float
    ) -> ModelResponse:
        """Send ``POST /invocations`` to the socket at ``address``; return the whole response.

        Parameters
        ----------
        timeout_s : float
            How long it may wait for its turn, and after that for the whole response.

        Raises
        ------
        UnreachableError, TimedOutError
        """
        await _in_time(self._free.acquire(), timeout_s)
        try:
            return await _in_time(_invoke(address, body, headers), timeout_s)
        finally:
            self._free.release()


async def _invoke(address: str, body: bytes, headers: Mapping[str, str]) -> ModelResponse:
    stream = await ModelStream.open(address, body, headers, None, MAX_RESPONSE_BYTES)
    return ModelResponse(stream.status, stream.headers, await stream.read())


async def _in_time(work: Awaitable[T], timeout_s: float | None) -> T:
    try:
        return await asyncio.wait_for(work, timeout_s)
    except asyncio.TimeoutError as error:
        raise TimedOutError from error
    except OSError as error:
        raise UnreachableError(str(error) or type(error).__name__) from error
