"""SageMaker's rules for tags (SageMaker API Reference, Tag and AddTags)."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping, Sequence

from smx_lab.core.errors import InvalidRequest
from smx_lab.core.limits import MAX_TAG_KEY_LENGTH, MAX_TAG_VALUE_LENGTH, MAX_TAGS

_MARKS = frozenset("_.:/=+-@")


def check_tags(put: Mapping[str, str], remove: Sequence[str]) -> None:
    """Raise InvalidRequest, which names the key, if a tag cannot be set or removed."""
    for key, value in put.items():
        if not 1 <= len(key) <= MAX_TAG_KEY_LENGTH:
            raise InvalidRequest(
                f"A tag's key has 1 to {MAX_TAG_KEY_LENGTH} characters.", field="put"
            )
        if len(value) > MAX_TAG_VALUE_LENGTH:
            raise InvalidRequest(
                f"The value of the tag {key} is longer than {MAX_TAG_VALUE_LENGTH} characters.",
                field="put",
            )
        for text in (key, value):
            odd = next((letter for letter in text if not _is_allowed(letter)), None)
            if odd is not None:
                raise InvalidRequest(
                    f"The tag {key} may not contain “{odd}”: letters, digits, spaces and "
                    "_ . : / = + - @ are allowed.",
                    field="put",
                )
    for key in (*put, *remove):
        if key.lower().startswith("aws:"):
            raise InvalidRequest(
                f"The tag {key} belongs to AWS: keys that start with aws: cannot be changed.",
                field="put" if key in put else "remove",
            )
    both = next((key for key in put if key in remove), None)
    if both is not None:
        raise InvalidRequest(f"The tag {both} is both set and taken away.", field="remove")
    if len(put) > MAX_TAGS or len(remove) > MAX_TAGS:
        raise InvalidRequest(f"At most {MAX_TAGS} tags are changed at once.", field="put")


def _is_allowed(letter: str) -> bool:
    """Return whether the API allows a character: letters, separators, numbers and some marks."""
    return letter in _MARKS or unicodedata.category(letter)[0] in "LZN"
