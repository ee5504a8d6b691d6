"""The filters of a list as conditions of SageMaker's Search."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta, timezone
from typing import Any

from smx_lab.core.errors import InvalidRequest
from smx_lab.core.list_filter import ListFilter
from smx_lab.core.wire import TYPE_BY_SOURCE
from smx_lab.gateway.credentials.caller_identity import CallerIdentity

Condition = dict[str, str]
Expression = dict[str, Any]

SOURCE_BY_TYPE = {word: source for source, word in TYPE_BY_SOURCE.items()}
SOURCE_TYPE = "Source.SourceType"


def expressions(
    filters: Sequence[ListFilter], names: tuple[str, str], caller: Callable[[], CallerIdentity]
) -> tuple[list[Condition], list[Expression]]:
    """Return the conditions that must all hold, and the expressions that must hold besides.

    Parameters
    ----------
    names : tuple of str
        The properties that hold a record's name and its display name.
    caller : callable
        Who asks; called only if a filter needs it.

    Raises
    ------
    InvalidRequest
        If a time is none, or a type is none of ours.
    """
    every: list[Condition] = []
    also: list[Expression] = []
    for item in filters:
        if item.tag_key:
            every.append(_tag(item))
        elif item.column == "Name":
            also.append(name_filter(names, str(item.values[0])))
        elif item.column == "Type":
            also.append(_types(item))
        elif item.column == "CreatedBy":
            also.append(_creator(item.operator == "mine", caller()))
        else:
            every.extend(_times(item))
    return every, also


def name_filter(names: tuple[str, str], part: str) -> Expression:
    """Return the expression of a name or display name that contains a text."""
    return _any({"Name": name, "Operator": "Contains", "Value": part} for name in names)


def _any(conditions: Any, *inner: Expression) -> Expression:
    expression: Expression = {"Operator": "Or"}
    if filters := list(conditions):
        expression["Filters"] = filters
    if inner:
        expression["SubExpressions"] = list(inner)
    return expression


def _tag(item: ListFilter) -> Condition:
    name = f"Tags.{item.tag_key}"
    if item.operator == "exists":
        return {"Name": name, "Operator": "Exists"}
    return {"Name": name, "Operator": "Equals", "Value": str(item.values[0])}


def _types(item: ListFilter) -> Expression:
    conditions: list[Condition] = []
    inner: list[Expression] = []
    for word in map(str, item.values):
        if word == "Undefined":
            # Without a source, or with one of a kind that has no word of ours.
            conditions.append({"Name": SOURCE_TYPE, "Operator": "NotExists"})
            others = [
                {"Name": SOURCE_TYPE, "Operator": "NotEquals", "Value": source}
                for source in TYPE_BY_SOURCE
            ]
            inner.append({"Filters": others})
        elif word in SOURCE_BY_TYPE:
            source = SOURCE_BY_TYPE[word]
            conditions.append({"Name": SOURCE_TYPE, "Operator": "Equals", "Value": source})
        else:
            raise InvalidRequest(f"“{word[:40]}” is no type of trial component.", field="filters")
    return _any(conditions, *inner)


def _creator(is_mine: bool, caller: CallerIdentity) -> Expression:
    if caller.user_profile_name:
        name, value = "CreatedBy.UserProfileName", caller.user_profile_name
    else:
        name, value = "CreatedBy.IamIdentity.Arn", caller.arn
    if is_mine:
        return {"Filters": [{"Name": name, "Operator": "Equals", "Value": value}]}
    # What AWS answers for NotEquals where there is no creator is not documented.
    return _any(
        (
            {"Name": name, "Operator": "NotEquals", "Value": value},
            {"Name": name, "Operator": "NotExists"},
        )
    )


def _times(item: ListFilter) -> list[Condition]:
    first = item.values[0] if item.operator in ("between", "ge") else None
    last = item.values[-1] if item.operator in ("between", "le") else None
    conditions = []
    if first is not None:
        value = _instant(float(first), round_up=False)
        name, operator = item.column, "GreaterThanOrEqualTo"
        conditions.append({"Name": name, "Operator": operator, "Value": value})
    if last is not None:
        # Search knows whole seconds only: what is within the last one belongs to it.
        value = _instant(float(last), round_up=True)
        conditions.append({"Name": item.column, "Operator": "LessThan", "Value": value})
    return conditions


def _instant(epoch_ms: float, round_up: bool) -> str:
    try:
        instant = datetime.fromtimestamp(epoch_ms // 1000, timezone.utc)
        if round_up:
            instant += timedelta(seconds=1)
    except (ValueError, OverflowError, OSError) as error:
        raise InvalidRequest(f"{epoch_ms} is no time.", field="filters") from error
    return instant.strftime("%Y-%m-%dT%H:%M:%S")
