"""The filters of a view, applied to all rows at once."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime, timezone
from typing import TYPE_CHECKING

import msgspec
import numpy as np

from smx_lab.core.errors import InvalidRequest
from smx_lab.core.limits import MAX_VIEW_FILTERS
from smx_lab.core.table.columns.numbers import is_logged_nan
from smx_lab.core.table.columns.text import number_text, order_key, parse_number
from smx_lab.core.table.query.fields import Field, NumberField, TextField, find_field, statistic_of
from smx_lab.core.table.store import Table
from smx_lab.core.views.view import Filter, FilterOperator, View

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Mask = NDArray[np.bool_]

NO_VALUE = ""
"""Among the values of ``in``: rows without a value, which the dialog calls Others."""

CREATED_BY = "summary:Created by"

_VALUES_TAKEN: dict[FilterOperator, int] = {
    "exists": 0,
    "empty": 0,
    "mine": 0,
    "not_mine": 0,
    "between": 2,
}

_OF_THE_CALLER: tuple[FilterOperator, ...] = ("mine", "not_mine")


def check_filters(view: View) -> None:
    """Raise InvalidRequest unless each filter has the values that its operator takes."""
    if len(view.filters) > MAX_VIEW_FILTERS:
        raise InvalidRequest(
            f"A table takes at most {MAX_VIEW_FILTERS} filters at once. Remove one to add another.",
            field="filters",
        )
    for condition in view.filters:
        taken = _VALUES_TAKEN.get(condition.operator, 1)
        if condition.operator != "in" and len(condition.values) != taken:
            raise InvalidRequest(
                f"The filter “{condition.operator}” on {condition.column} takes "
                f"{('no value', 'one value', 'two values')[taken]}, not {len(condition.values)}.",
                field="filters",
            )
        if condition.operator in _OF_THE_CALLER and condition.column != CREATED_BY:
            raise InvalidRequest(
                f"The filter “{condition.operator}” is for the column Created by, not for "
                f"{condition.column}.",
                field="filters",
            )


def with_caller(view: View, caller_names: Callable[[], Sequence[str]]) -> View:
    """Return the same view with ``mine`` and ``not_mine`` spelled out as names.

    ``caller_names`` is called only if a filter asks for it: it may have to ask AWS.
    """
    if not any(condition.operator in _OF_THE_CALLER for condition in view.filters):
        return view
    names = tuple(caller_names())

    def spell_out(condition: Filter) -> Filter:
        if condition.operator not in _OF_THE_CALLER:
            return condition
        operator: FilterOperator = "in" if condition.operator == "mine" else "is_not"
        return msgspec.structs.replace(condition, operator=operator, values=names)

    return msgspec.structs.replace(view, filters=tuple(map(spell_out, view.filters)))


def passing_rows(table: Table, view: View) -> Mask:
    """Return which rows meet every filter of the view. The type filter is not among them."""
    found = np.ones(len(table), np.bool_)
    for condition in view.filters:
        statistic = statistic_of(view, condition.column, condition.statistic)
        field = find_field(table, condition.column, statistic, condition.at)
        found &= _matches(table, field, condition)
    return found


def _matches(table: Table, field: Field | None, condition: Filter) -> Mask:
    operator = condition.operator
    if field is None:  # no row has the column, so every row is without a value
        return np.full(
            len(table),
            operator in ("empty", "is_not") or (operator == "in" and NO_VALUE in condition.values),
        )
    if operator == "exists":
        return field.present()
    if operator == "empty":
        return ~field.present()
    if operator == "is_not":
        return ~_any_of(field, condition.values)
    if operator == "is":
        return _any_of(field, condition.values)
    if operator == "in":
        found = _any_of(field, [value for value in condition.values if value != NO_VALUE])
        return found | ~field.present() if NO_VALUE in condition.values else found
    if operator == "contains":
        found = _contains(field, str(condition.values[0]))
        if condition.column == "summary:Trial component":
            # The cell shows the display name, its tooltip the real one: either may be meant.
            real = TextField(table.names.codes_at(table.pairs.slots), table.names.categories)
            found |= _contains(real, str(condition.values[0]))
        return found
    return _compares(field, condition)


def _any_of(field: Field, values: Sequence[str | float]) -> Mask:
    if isinstance(field, TextField):
        wanted = {value if isinstance(value, str) else number_text(value) for value in values}
        codes = field.categories.matching(wanted.__contains__)
        for code, text in enumerate(field.categories.texts):
            # The exact text counts as well: "sgd" with the quotes that the cell does not show.
            codes[code] |= text in wanted
        return codes[field.codes]
    numbers = field.numbers()
    found = np.zeros(len(numbers), np.bool_)
    for value in values:
        number = _number(value)
        if number is not None:
            found |= is_logged_nan(numbers) if np.isnan(number) else numbers == number
    return found


def _contains(field: Field, part: str) -> Mask:
    folded = part.casefold()
    if isinstance(field, TextField):
        return field.categories.matching(lambda text: folded in text.casefold())[field.codes]
    distinct, places = np.unique(field.numbers(), return_inverse=True)
    texts = ("" if np.isnan(value) else number_text(value) for value in distinct.tolist())
    return np.fromiter((folded in text.casefold() for text in texts), np.bool_)[places]


def _compares(field: Field, condition: Filter) -> Mask:
    if isinstance(field, NumberField):
        limits = [_number(value) for value in condition.values]
        if None in limits:
            raise InvalidRequest(
                f"The filter on {condition.column} compares with a number.", field="filters"
            )
        with np.errstate(invalid="ignore"):
            return _COMPARE[condition.operator](field.numbers(), *limits)
    keys = [
        order_key(value if isinstance(value, str) else number_text(value))
        for value in condition.values
    ]
    compare = _COMPARE_TEXT[condition.operator]
    return field.categories.matching(lambda text: compare(order_key(text), *keys))[field.codes]


_COMPARE: dict[FilterOperator, Callable[..., Mask]] = {
    "gt": lambda numbers, limit: numbers > limit,
    "ge": lambda numbers, limit: numbers >= limit,
    "lt": lambda numbers, limit: numbers < limit,
    "le": lambda numbers, limit: numbers <= limit,
    "between": lambda numbers, low, high: (numbers >= low) & (numbers <= high),
}

_COMPARE_TEXT: dict[FilterOperator, Callable[..., bool]] = {
    "gt": lambda key, limit: key > limit,
    "ge": lambda key, limit: key >= limit,
    "lt": lambda key, limit: key < limit,
    "le": lambda key, limit: key <= limit,
    "between": lambda key, low, high: low <= key <= high,
}


def _number(value: str | float) -> float | None:
    """Return a number, a number as text, or an instant as ISO 8601 text in epoch milliseconds."""
    if not isinstance(value, str):
        return float(value)
    number = parse_number(value.strip())
    if number is None:
        try:
            # Python 3.10 does not read the Z that JavaScript writes.
            instant = datetime.fromisoformat(value.strip().replace("Z", "+00:00"))
        except ValueError:
            return None
        if instant.tzinfo is None:
            instant = instant.replace(tzinfo=timezone.utc)
        return instant.timestamp() * 1000
    return number
