"""An answer that is sent in parts as they come, no faster than its client reads."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator

SLOW_S = 60.0
"""How long a client may leave unread what it was sent, before it is dropped. Our choice."""

_log = logging.getLogger(__name__)


class Outflow:
    """Sends the parts of one answer in chunks. Knows its transport, and nothing of requests."""

    def __init__(self, transport: asyncio.Transport) -> None:
        self._transport = transport
        self._may_write = asyncio.Event()
        self._may_write.set()

    def pause(self) -> None:
        """Wait with the next part: the client does not read."""
        self._may_write.clear()

    def resume(self) -> None:
        """Go on."""
        self._may_write.set()

    async def send(self, head: bytes, parts: AsyncIterator[bytes]) -> bool:
        """Send head and parts; False if the client has gone or the connection is no good any more.

        What ``parts`` raises breaks off the answer, which the client can tell from its end.
        """
        self._transport.write(head)
        try:
            async for part in parts:
                if not self._may_write.is_set():
                    await asyncio.wait_for(self._may_write.wait(), SLOW_S)
                # Asked, not only cancelled: before Python 3.12, wait_for loses a cancellation that
                # comes together with its result.
                if self._transport.is_closing():
                    return False
                if part:
                    self._transport.write(b"%x\r\n%b\r\n" % (len(part), part))
        except asyncio.TimeoutError:
            _log.info("A client was dropped that does not read its answer.")
            self._transport.abort()
            return False
        except Exception:  # noqa: BLE001 - the head is out: there is no other way to say so
            _log.exception("An answer was broken off.")
            self._transport.abort()
            return False
        finally:
            await close(parts)
        self._transport.write(b"0\r\n\r\n")
        return True


async def close(parts: AsyncIterator[bytes]) -> None:
    """Let whoever makes the parts know that no more are wanted."""
    aclose = getattr(parts, "aclose", None)
    if aclose is not None:
        await aclose()
