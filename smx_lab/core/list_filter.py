"""Conditions on the lists of experiments, trials and trial components."""

from __future__ import annotations

from typing import Literal

from smx_lab.core.entities import Entity
from smx_lab.core.errors import InvalidRequest
from smx_lab.core.limits import (
    MAX_SEARCH_FILTERS,
    MAX_SEARCH_VALUE_LENGTH,
    MAX_TAG_KEY_LENGTH,
)

TAG = "tag:"

ListOperator = Literal["contains", "in", "between", "ge", "le", "mine", "not_mine", "is", "exists"]

OPERATORS: dict[str, tuple[ListOperator, ...]] = {
    "Name": ("contains",),
    "Type": ("in",),
    "CreationTime": ("between", "ge", "le"),
    "LastModifiedTime": ("between", "ge", "le"),
    "CreatedBy": ("mine", "not_mine"),
}
"""The operators of each column. A tag, ``tag:KEY``, has ``is`` and ``exists``."""

_VALUES_TAKEN: dict[ListOperator, int] = {"between": 2, "mine": 0, "not_mine": 0, "exists": 0}


class ListFilter(Entity, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One condition on a list. Times are epoch milliseconds; ``in`` takes any number of types.

    A filter on Name looks in the name and the display name, in any case. A filter on a tag compares
    the whole value. ``mine`` and ``not_mine`` compare with the identity of the caller.
    """

    column: str
    operator: ListOperator
    values: tuple[str | float, ...] = ()

    @property
    def tag_key(self) -> str:
        """The key of the tag; empty if the column is not a tag."""
        return self.column.removeprefix(TAG) if self.column.startswith(TAG) else ""


def check_list_filters(filters: tuple[ListFilter, ...]) -> None:
    """Raise InvalidRequest if there are too many filters, or one does not suit its column."""
    if len(filters) > MAX_SEARCH_FILTERS:
        raise _refusal(f"A list takes at most {MAX_SEARCH_FILTERS} filters at once.")
    for item in filters:
        known = ("is", "exists") if item.tag_key else OPERATORS.get(item.column)
        if known is None or len(item.tag_key) > MAX_TAG_KEY_LENGTH:
            raise _refusal(f"“{item.column[:80]}” is nothing that a list can be filtered by.")
        if item.operator not in known:
            raise _refusal(f"{item.column} cannot be filtered by “{item.operator}”.")
        _check_values(item)


def _check_values(item: ListFilter) -> None:
    taken = _VALUES_TAKEN.get(item.operator, 1)
    if item.operator == "in":
        if not item.values:
            raise _refusal(f"The filter “in” on {item.column} takes at least one value.")
    elif len(item.values) != taken:
        raise _refusal(
            f"The filter “{item.operator}” on {item.column} takes {taken} values, "
            f"not {len(item.values)}."
        )
    is_time = item.operator in ("between", "ge", "le")
    for value in item.values:
        if isinstance(value, str) == is_time:
            kind = "times in epoch milliseconds" if is_time else "texts"
            raise _refusal(f"The filter “{item.operator}” on {item.column} takes {kind}.")
        if isinstance(value, str) and not 1 <= len(value) <= MAX_SEARCH_VALUE_LENGTH:
            raise _refusal(f"A value of a filter has 1 to {MAX_SEARCH_VALUE_LENGTH} characters.")


def _refusal(sentence: str) -> InvalidRequest:
    return InvalidRequest(sentence, field="filters")
