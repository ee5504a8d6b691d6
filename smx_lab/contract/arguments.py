"""Decode query arguments by the types in ``queries``."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from types import NoneType
from typing import Annotated, Any, Literal, NamedTuple, TypeVar, get_args, get_origin

import msgspec
from msgspec import Meta

from smx_lab.core.errors import InvalidRequest

Q = TypeVar("Q", bound=msgspec.Struct)


class Argument(NamedTuple):
    """One query argument. ``type`` includes its constraints, but not None."""

    name: str
    type: Any
    required: bool

    @property
    def plain_type(self) -> Any:
        """The type without its constraints."""
        return get_args(self.type)[0] if get_origin(self.type) is Annotated else self.type

    @property
    def meta(self) -> Meta:
        """Its description, and the range of a number."""
        return next((meta for meta in get_args(self.type)[1:] if isinstance(meta, Meta)), Meta())

    @property
    def is_repeated(self) -> bool:
        """Whether it is a list, given once for each member."""
        return bool(self.plain_type == list[str])

    @property
    def is_json(self) -> bool:
        """Whether its text is JSON."""
        return get_origin(self.plain_type) is tuple


@cache
def arguments(kind: type[msgspec.Struct]) -> tuple[Argument, ...]:
    """Return the arguments of a query in the order of its fields."""
    return tuple(
        Argument(field.name, _without_none(field.type), field.required)
        for field in msgspec.structs.fields(kind)
    )


def decode(kind: type[Q], texts_of: Callable[[str], list[str]]) -> Q:
    """Decode the query arguments of a request.

    Arguments that ``kind`` does not have are ignored. If an argument is given twice, the last one
    is used. An empty argument has its default value.

    Parameters
    ----------
    texts_of : function
        Returns all texts of the argument with this name.

    Raises
    ------
    InvalidRequest
        If an argument is missing or wrong, with its name in the details.
    """
    values: dict[str, Any] = {}
    for argument in arguments(kind):
        texts = texts_of(argument.name)
        if argument.is_repeated:
            values[argument.name] = texts
        elif argument.plain_type is str and argument.required and not texts:
            raise InvalidRequest(f"The query argument {argument.name} is missing.")
        elif argument.required or (texts and texts[-1]):
            values[argument.name] = _value(argument, texts[-1] if texts else "")
    return kind(**values)


def _without_none(type_: Any) -> Any:
    members = get_args(type_)
    if get_origin(type_) is Annotated or NoneType not in members:
        return type_
    return next(member for member in members if member is not NoneType)


def _value(argument: Argument, text: str) -> Any:
    name = argument.name
    if argument.is_json:
        try:
            return msgspec.json.decode(text, type=argument.type)
        except msgspec.ValidationError as error:
            raise InvalidRequest(f"{error} in {name}.", field=name) from error
        except msgspec.DecodeError as error:
            raise InvalidRequest(f"{name} is not JSON.", field=name) from error
    try:
        return msgspec.convert(_raw(text, argument.plain_type), argument.type)
    except msgspec.ValidationError as error:
        raise InvalidRequest(f"{name} must be {_expected(argument)}.", field=name) from error


def _raw(text: str, plain_type: Any) -> Any:
    """Return the value of a text, or the text itself if it is not of the type."""
    if plain_type is bool:
        return {"true": True, "false": False}.get(text, text)
    if plain_type is int and text.isascii() and text.isdigit():
        return int(text[:18])  # longer numbers are not needed, and very long ones are slow to read
    return text


def _expected(argument: Argument) -> str:
    if argument.plain_type is bool:
        return "true or false"
    if get_origin(argument.plain_type) is Literal:
        return f"one of {', '.join(get_args(argument.plain_type))}"
    meta = argument.meta
    return "a number" if meta.le is None else f"from {meta.ge} to {meta.le}"
