"""Sends an answer part by part, no faster than its client reads."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator

_log = logging.getLogger(__name__)


class Outflow:
    """Sends the parts of one answer in chunks.

    Parameters
    ----------
    unread_s : float
        How long the client may leave parts unread before it is dropped.
    """

    def __init__(self, transport: asyncio.Transport, unread_s: float) -> None:
        self._transport = transport
        self._unread_s = unread_s
        self._may_write = asyncio.Event()
        self._may_write.set()

    def pause(self) -> None:
        """Hold back the next part, since the client does not read."""
        self._may_write.clear()

    def resume(self) -> None:
        """Send the next part."""
        self._may_write.set()

    async def send(self, head: bytes, parts: AsyncIterator[bytes]) -> bool:
        """Send head and parts; return False if the connection cannot be used any more.

        If ``parts`` raises, the connection is aborted: the client sees that the answer is cut.
        """
        self._transport.write(head)
        try:
            async for part in parts:
                if not self._may_write.is_set():
                    await asyncio.wait_for(self._may_write.wait(), self._unread_s)
                # Before Python 3.12, wait_for loses a cancellation that arrives together with its
                # result, so the transport is asked too.
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
    """Close the generator of the parts, since no more are needed."""
    aclose = getattr(parts, "aclose", None)
    if aclose is not None:
        await aclose()
