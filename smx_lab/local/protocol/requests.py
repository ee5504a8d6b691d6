"""Checks requests by botocore's input shapes: types, required members, lengths, patterns.

A shape is compiled to a closure at the first call of its operation. A wrong type raises
``SerializationException``; violated constraints are collected into one ``ValidationException`` with
SageMaker's wording, lower-camel paths and lists counted from 1
(``productionVariants.1.member.modelName``).
"""

from __future__ import annotations

import base64
import binascii
import math
import re
from collections.abc import Callable
from datetime import datetime, timezone
from typing import Any

from smx_lab.local.errors import ServiceError, validation_error

Path = tuple[Any, str] | None
"""Where a value stands, innermost first; it becomes text only for an error."""

_Check = Callable[[Any, Path, list[str]], Any]
Checker = Callable[[Any], dict[str, Any]]

MAX_SHOWN_CHARS = 256
"""The most characters of a value that a message repeats; our choice."""

_JAVA_CLASSES = {r"\p{L}\p{Z}\p{N}": r"\w\s", r"\p{L}": r"^\W\d_", r"\p{N}": r"\d"}
_URI_PATTERN = re.compile(r"\(?(\(?\^?\(?(https?|s3)[|:)])")
_NOT_A_NUMBER = {"NaN": math.nan, "Infinity": math.inf, "-Infinity": -math.inf}


def compile_checker(shapes: dict[str, dict[str, Any]], name: str | None) -> Checker:
    """Return a function from a decoded body to the request: known members only, no nulls.

    Timestamps come out as aware ``datetime``, blobs as ``bytes``. It raises `ServiceError`.
    """
    if name is None:
        return lambda _: {}
    check = _compile(shapes, name, {})

    def check_body(body: Any) -> dict[str, Any]:
        errors: list[str] = []
        try:
            request: dict[str, Any] = check(body, None, errors)
        except RecursionError:
            raise ServiceError("SerializationException", "The body is nested too deeply.") from None
        if errors:
            plural = "s" if len(errors) > 1 else ""
            raise validation_error(
                f"{len(errors)} validation error{plural} detected: {'; '.join(errors)}"
            )
        return request

    return check_body


def _compile(shapes: dict[str, dict[str, Any]], name: str, made: dict[str, _Check]) -> _Check:
    if name in made:
        return made[name]
    # A shape may contain itself (SearchExpression): such a reference is resolved at run time.
    made[name] = lambda value, path, errors: made[name](value, path, errors)
    shape = shapes[name]
    kind = shape["type"]
    if kind == "structure":
        check = _structure(shapes, shape, made)
    elif kind == "list":
        check = _list(shape, _compile(shapes, shape["member"]["shape"], made))
    elif kind == "map":
        check = _map(shapes, shape, made)
    else:
        check = _SCALARS[kind](shape)
    made[name] = check
    return check


def _structure(
    shapes: dict[str, dict[str, Any]], shape: dict[str, Any], made: dict[str, _Check]
) -> _Check:
    members = {
        name: (_compile(shapes, reference["shape"], made), name[0].lower() + name[1:])
        for name, reference in shape.get("members", {}).items()
    }
    required = tuple(shape.get("required", ()))

    def check(value: Any, path: Path, errors: list[str]) -> Any:
        if type(value) is not dict:
            raise _wrong_type(value, "a structure")
        known = {}
        for name, item in value.items():
            # SageMaker ignores unknown members, and treats null as absent.
            if item is not None and name in members:
                inner, segment = members[name]
                known[name] = inner(item, (path, segment), errors)
        for name in required:
            if name not in known:
                errors.append(_violation(None, (path, members[name][1]), "Member must not be null"))
        return known

    return check


def _list(shape: dict[str, Any], inner: _Check) -> _Check:
    low, high = shape.get("min", 0), shape.get("max", math.inf)

    def check(value: Any, path: Path, errors: list[str]) -> Any:
        if type(value) is not list:
            raise _wrong_type(value, "a list")
        if not low <= len(value) <= high:
            errors.append(_violation(value, path, _length_rule(len(value), low, high)))
        return [
            inner(item, (path, f"{number}.member"), errors)
            for number, item in enumerate(value, 1)
            if item is not None
        ]

    return check


def _map(
    shapes: dict[str, dict[str, Any]], shape: dict[str, Any], made: dict[str, _Check]
) -> _Check:
    low, high = shape.get("min", 0), shape.get("max", math.inf)
    key_check = _compile(shapes, shape["key"]["shape"], made)
    value_shape = shape["value"]["shape"]
    value_check = _compile(shapes, value_shape, made)
    is_scalar = shapes[value_shape]["type"] not in ("structure", "list", "map")

    def check(value: Any, path: Path, errors: list[str]) -> Any:
        if type(value) is not dict:
            raise _wrong_type(value, "a map")
        if not low <= len(value) <= high:
            errors.append(_violation(value, path, _length_rule(len(value), low, high)))
        broken: list[str] = []
        known = {}
        for key, item in value.items():
            key_check(key, None, broken)
            if broken:
                rule = f"Map keys must satisfy constraint: [{', '.join(broken)}]"
                errors.append(_violation(value, path, rule))
                break
            if item is None:
                continue
            if not is_scalar:
                known[key] = value_check(item, (path, f"{key}.member"), errors)
                continue
            known[key] = value_check(item, None, broken)
            if broken:
                rule = f"Map value must satisfy constraint: [{', '.join(broken)}]"
                errors.append(_violation(value, path, rule))
                break
        return known

    return check


def _string(shape: dict[str, Any]) -> _Check:
    low, high = shape.get("min", 0), shape.get("max", math.inf)
    values = shape.get("enum")
    allowed = frozenset(values) if values else None
    pattern, source = _pattern(shape.get("pattern")), shape.get("pattern")

    def check(value: Any, path: Path, errors: list[str]) -> Any:
        if type(value) is not str:
            raise _wrong_type(value, "a string")
        if allowed is not None and value not in allowed:
            rule = f"Member must satisfy enum value set: [{', '.join(values or ())}]"
            errors.append(_violation(value, path, rule))
        if not low <= len(value) <= high:
            errors.append(_violation(value, path, _length_rule(len(value), low, high)))
        # A value that is too long is not matched: some patterns take very long to fail.
        elif pattern is not None and not pattern.fullmatch(value):
            rule = f"Member must satisfy regular expression pattern: {source}"
            errors.append(_violation(value, path, rule))
        return value

    return check


def _pattern(source: str | None) -> re.Pattern[str] | None:
    """Return the pattern for Python, or None where it must be relaxed.

    URIs of data are relaxed: besides ``s3://`` the local service takes ``file://`` and plain paths.
    """
    if source is None or _URI_PATTERN.match(source):
        return None
    for java, python in _JAVA_CLASSES.items():
        source = source.replace(java, python)
    try:
        return re.compile(source)
    except re.error:
        return None


def _number(shape: dict[str, Any]) -> _Check:
    low, high = shape.get("min", -math.inf), shape.get("max", math.inf)
    whole = shape["type"] in ("integer", "long")

    def check(value: Any, path: Path, errors: list[str]) -> Any:
        kind = type(value)
        if kind is str and not whole and value in _NOT_A_NUMBER:
            return _NOT_A_NUMBER[value]
        if kind is not int and (kind is not float or (whole and not value.is_integer())):
            raise _wrong_type(value, "an integer" if whole else "a number")
        if not low <= value <= high:
            word, bound = ("less", high) if value > high else ("greater", low)
            rule = f"Member must have value {word} than or equal to {bound}"
            errors.append(_violation(value, path, rule))
        return int(value) if whole else float(value)

    return check


def _boolean(_: dict[str, Any]) -> _Check:
    def check(value: Any, _: Path, __: list[str]) -> Any:
        if type(value) is not bool:
            raise _wrong_type(value, "a boolean")
        return value

    return check


def _timestamp(_: dict[str, Any]) -> _Check:
    def check(value: Any, _: Path, __: list[str]) -> Any:
        try:
            if type(value) in (int, float):
                return datetime.fromtimestamp(value, timezone.utc)
            instant = datetime.fromisoformat(value.replace("Z", "+00:00"))
        except (AttributeError, ValueError, OverflowError, OSError):
            raise _wrong_type(value, "a timestamp") from None
        return instant if instant.tzinfo else instant.replace(tzinfo=timezone.utc)

    return check


def _blob(_: dict[str, Any]) -> _Check:
    def check(value: Any, _: Path, __: list[str]) -> Any:
        if type(value) is bytes:  # the payload of a REST request, not JSON
            return value
        try:
            return base64.b64decode(value, validate=True)
        except (TypeError, ValueError, binascii.Error):
            raise _wrong_type(value, "base64") from None

    return check


_SCALARS: dict[str, Callable[[dict[str, Any]], _Check]] = {
    "string": _string,
    "character": _string,
    "integer": _number,
    "long": _number,
    "float": _number,
    "double": _number,
    "boolean": _boolean,
    "timestamp": _timestamp,
    "blob": _blob,
}


def _length_rule(length: int, low: float, high: float) -> str:
    word, bound = ("less", high) if length > high else ("greater", low)
    return f"Member must have length {word} than or equal to {bound}"


def _violation(value: Any, path: Path, rule: str) -> str:
    """Return the sentence on one violated constraint; for a map's key or value, only the rule."""
    if path is None:
        return rule
    segments = []
    while path is not None:
        path, segment = path
        segments.append(segment)
    where = ".".join(reversed(segments))
    shown = "null" if value is None else f"'{_java_text(value)}'"
    return f"Value {shown} at '{where}' failed to satisfy constraint: {rule}"


def _java_text(value: Any) -> str:
    """Return a value as Java writes it: ``[a, b]``, ``{k=v}``, bounded in length."""
    if type(value) is dict:
        text = "{" + ", ".join(f"{key}={_java_text(item)}" for key, item in value.items()) + "}"
    elif type(value) is list:
        text = "[" + ", ".join(_java_text(item) for item in value) + "]"
    else:
        text = str(value)
    return text if len(text) <= MAX_SHOWN_CHARS else text[:MAX_SHOWN_CHARS] + "…"


def _wrong_type(value: Any, wanted: str) -> ServiceError:
    kind = {dict: "a structure", list: "a list", str: "a string", bool: "a boolean"}
    found = kind.get(type(value), "null" if value is None else "a number")
    return ServiceError("SerializationException", f"Expected {wanted}, found {found}.")
