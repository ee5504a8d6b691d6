"""HTTP to model servers on their Unix sockets, from the event loop."""

from __future__ import annotations

import socket
from typing import Any, NamedTuple

from tornado.httpclient import HTTPError, HTTPRequest
from tornado.netutil import Resolver
from tornado.simple_httpclient import HTTPTimeoutError, SimpleAsyncHTTPClient

# The largest answer passed on, in bytes; as the request's. Our choice.
MAX_ANSWER_BYTES = 6_291_456
# Invocations under way at the same time; further ones wait. Our choice.
MAX_UNDER_WAY = 200


class ContainerTimeoutError(Exception):
    """The model server did not answer in time."""


class ContainerGoneError(Exception):
    """The model server cannot be reached, or broke off."""


class ContainerReply(NamedTuple):
    """What a model server answered."""

    status: int
    headers: dict[str, str]
    body: bytes


class Containers:
    """A client for all model servers; made and used on the event loop."""

    def __init__(self) -> None:
        self._client = SimpleAsyncHTTPClient(
            force_instance=True,
            resolver=_SocketResolver(),
            max_clients=MAX_UNDER_WAY,
            max_body_size=MAX_ANSWER_BYTES,
        )

    async def invoke(
        self, address: str, body: bytes, headers: dict[str, str], timeout_s: float
    ) -> ContainerReply:
        """Send ``POST /invocations`` to the socket at ``address``.

        Raises
        ------
        ContainerTimeoutError, ContainerGoneError
        """
        request = HTTPRequest(
            f"http://{address.encode().hex()}/invocations",
            method="POST",
            headers=headers,
            body=body,
            connect_timeout=timeout_s,
            request_timeout=timeout_s,
            decompress_response=False,
            follow_redirects=False,
        )
        try:
            response = await self._client.fetch(request, raise_error=False)
        except HTTPTimeoutError as error:
            raise ContainerTimeoutError from error
        except (OSError, HTTPError) as error:
            raise ContainerGoneError(str(error)) from error
        if isinstance(response.error, HTTPTimeoutError):
            raise ContainerTimeoutError
        if response.code == 599:
            raise ContainerGoneError(str(response.error))
        return ContainerReply(response.code, dict(response.headers), response.body)

    def close(self) -> None:
        """Close what is open."""
        self._client.close()


class _SocketResolver(Resolver):
    """Finds the socket whose address, in hexadecimal, stands where URLs have a host."""

    async def resolve(self, host: str, *_: Any) -> list[tuple[int, Any]]:
        """Return tornado, which asks for port and family too."""
        return [(socket.AF_UNIX, bytes.fromhex(host).decode())]
