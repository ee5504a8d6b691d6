"""Writes answers by botocore's output shapes: known members that are set, instants in seconds.

Timestamps are written as epoch seconds with milliseconds, as SageMaker does. Operations return them
as aware ``datetime`` or as whole milliseconds, as they are stored. ``msgspec.Raw`` (stored JSON) is
written unchanged.
"""

from __future__ import annotations

import base64
from collections.abc import Callable
from datetime import datetime
from typing import Any

import msgspec

_Write = Callable[[Any], Any]
Writer = Callable[[dict[str, Any] | None], dict[str, Any]]


def compile_writer(shapes: dict[str, dict[str, Any]], name: str | None) -> Writer:
    """Return a function from an operation's answer to the value that msgspec encodes."""
    write = _compile(shapes, name, {}) if name else None
    return lambda answer: write(answer or {}) if write else {}


def _compile(
    shapes: dict[str, dict[str, Any]], name: str, made: dict[str, _Write | None]
) -> _Write | None:
    """Return the writer of a shape, or None where a value is written as it is."""
    if name in made:
        return made[name]
    shape = shapes[name]
    kind = shape["type"]
    if kind == "timestamp":
        made[name] = _seconds
    elif kind == "blob":
        made[name] = _base64
    elif kind in ("structure", "list", "map"):
        # A shape may contain itself: such a reference is resolved at run time.
        made[name] = lambda value: made[name](value)  # type: ignore[misc]
        made[name] = _container(shapes, shape, made)
    else:
        made[name] = None
    return made[name]


def _container(
    shapes: dict[str, dict[str, Any]], shape: dict[str, Any], made: dict[str, _Write | None]
) -> _Write:
    if shape["type"] == "structure":
        return _structure(
            {
                member: _compile(shapes, reference["shape"], made)
                for member, reference in shape.get("members", {}).items()
            }
        )
    part = "member" if shape["type"] == "list" else "value"
    inner = _compile(shapes, shape[part]["shape"], made)
    return _list(inner) if part == "member" else _map(inner)


def _structure(members: dict[str, _Write | None]) -> _Write:
    def write(value: Any) -> Any:
        if type(value) is msgspec.Raw:
            return value
        written = {}
        for name, item in value.items():
            if item is not None and name in members:
                inner = members[name]
                written[name] = item if inner is None else inner(item)
        return written

    return write


def _list(inner: _Write | None) -> _Write:
    def write(value: Any) -> Any:
        if inner is None or type(value) is msgspec.Raw:
            return value
        return [inner(item) for item in value]

    return write


def _map(inner: _Write | None) -> _Write:
    def write(value: Any) -> Any:
        if inner is None or type(value) is msgspec.Raw:
            return value
        return {key: inner(item) for key, item in value.items()}

    return write


def _seconds(value: int | datetime) -> float:
    if isinstance(value, datetime):
        return round(value.timestamp(), 3)
    return value / 1000


def _base64(value: bytes) -> str:
    return base64.b64encode(value).decode()
