"""Frames of AWS's event stream encoding.

A frame is its length, the length of its headers, a CRC of these two, headers, payload and a CRC of
all of it. Source: Smithy, "Amazon Event Stream Specification".
"""

from __future__ import annotations

import json
import struct
from binascii import crc32

CONTENT_TYPE = "application/vnd.amazon.eventstream"
_STRING = 7
"""The type of a header value; no other type is needed."""


def event(kind: str, payload: bytes) -> bytes:
    """Return the frame of an event whose payload is bytes."""
    headers = {
        ":message-type": "event",
        ":event-type": kind,
        ":content-type": "application/octet-stream",
    }
    return _frame(headers, payload)


def failure(kind: str, **members: str) -> bytes:
    """Return the frame of a modeled exception, the last one of its stream."""
    headers = {
        ":message-type": "exception",
        ":exception-type": kind,
        ":content-type": "application/json",
    }
    return _frame(headers, json.dumps(members).encode())


def _frame(headers: dict[str, str], payload: bytes) -> bytes:
    fields = b"".join(
        struct.pack(f">B{len(name)}sBH", len(name), name.encode(), _STRING, len(value))
        + value.encode()
        for name, value in headers.items()
    )
    prelude = struct.pack(">II", 16 + len(fields) + len(payload), len(fields))
    content = prelude + struct.pack(">I", crc32(prelude)) + fields + payload
    return content + struct.pack(">I", crc32(content))
