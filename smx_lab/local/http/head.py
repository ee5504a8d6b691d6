"""The head of a request: its first line, its header fields, and the length of its body."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

MAX_DRAINED_BYTES = 128 * 2**20
"""A body over its limit is read and dropped up to here, so that its sender can read the error."""

_REQUEST_LINE = re.compile(r"([A-Z]{1,20}) (/[!-~]*) HTTP/1\.([01])")
_HEADER_NAME = re.compile(r"[!#$%&'*+\-.^_`|~0-9A-Za-z]+")


class Headers(Mapping[str, str]):
    """Header fields by name, without regard to case; repeated ones are joined by a comma."""

    def __init__(self, fields: Mapping[str, str] | None = None) -> None:
        self._fields = {name.lower(): value for name, value in (fields or {}).items()}

    def add(self, name: str, value: str) -> None:
        """Add a field as it was received, its name in lower case."""
        if name in self._fields:
            value = f"{self._fields[name]},{value}"
        self._fields[name] = value

    def get(self, name: str, default: Any = None) -> Any:
        """Return a field's value; faster than a mapping's own, which raises for a missing key."""
        return self._fields.get(name.lower(), default)

    def __contains__(self, name: object) -> bool:
        return isinstance(name, str) and name.lower() in self._fields

    def __getitem__(self, name: str) -> str:
        return self._fields[name.lower()]

    def __iter__(self) -> Iterator[str]:
        return iter(self._fields)

    def __len__(self) -> int:
        return len(self._fields)


class BadRequestError(Exception):
    """The request is not HTTP as this server reads it; the message is sent back."""


@dataclass(slots=True)
class Incoming:
    """A request whose head has arrived; ``remaining`` is None for a chunked body."""

    method: str
    target: str
    headers: Headers
    keep_alive: bool
    limit: int
    remaining: int | None
    chunks: list[bytes] = field(default_factory=list)
    size: int = 0

    def take(self, part: bytes) -> None:
        """Keep a part of the body, or drop it once the body is too large."""
        self.size += len(part)
        if self.size > MAX_DRAINED_BYTES:
            raise BadRequestError("The body has no end.")
        if self.size <= self.limit:
            self.chunks.append(part)
        else:
            self.chunks.clear()


def parse_head(head: bytes, body_limit: Callable[[str], int]) -> Incoming:
    """Return the request that a head begins. Raises `BadRequestError`."""
    first, *lines = head.decode("latin-1").split("\r\n")
    start = _REQUEST_LINE.fullmatch(first)
    if not start:
        raise BadRequestError("The first line is no HTTP request.")
    headers = Headers()
    for line in lines:
        name, colon, value = line.partition(":")
        if not colon or (lower := _lower_name(name)) is None:
            raise BadRequestError("A header cannot be read.")
        headers.add(lower, value.strip(" \t"))
    _, target, version = start.groups()
    keep_alive = version == "1" and headers.get("Connection", "").lower() != "close"
    return Incoming(
        method=start[1],
        target=target,
        headers=headers,
        keep_alive=keep_alive,
        limit=body_limit(target.partition("?")[0]),
        remaining=_content_length(headers),
    )


@lru_cache(maxsize=256)
def _lower_name(name: str) -> str | None:
    """Return a header's name in lower case, None for an invalid one."""
    return name.lower() if _HEADER_NAME.fullmatch(name) else None


def _content_length(headers: Headers) -> int | None:
    """Return the body's length, None if it comes in chunks."""
    length, encoding = headers.get("Content-Length"), headers.get("Transfer-Encoding")
    if encoding is not None:
        if encoding.lower() != "chunked" or length is not None:
            raise BadRequestError("The length of the body is not clear.")
        return None
    if length is None:
        return 0
    if not re.fullmatch(r"[0-9]{1,15}", length) or int(length) > MAX_DRAINED_BYTES:
        raise BadRequestError("The body has no end.")
    return int(length)
