"""The properties of a search, and the SQL that compares them with a value.

A property is either an expression on the row of a resource (called ``r``), or lies in a side table
with one row for each value: parameters, metrics, tags, parents.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timezone
from typing import Any, Literal

from smx_lab.local.context import to_ms
from smx_lab.local.errors import validation_error

Kind = Literal["text", "name", "number", "time", "any"]
"""``name`` is text compared without case; ``any`` is text or number (a parameter)."""

IsBroad = Callable[[str], bool]
"""Tells whether a side table's ``FROM … WHERE …`` has many rows."""

COMPARISONS = {
    "GreaterThan": ">",
    "GreaterThanOrEqualTo": ">=",
    "LessThan": "<",
    "LessThanOrEqualTo": "<=",
}
NEGATED = {"NotEquals": "Equals", "NotExists": "Exists"}


class Parameters(dict[str, Any]):
    """The values of a statement's named parameters, numbered in order."""

    def add(self, value: Any) -> str:
        """Add a value, and return its placeholder for the SQL."""
        name = f"p{len(self)}"
        self[name] = value
        return f":{name}"


@dataclass(frozen=True)
class Value:
    """SQL expressions of one value: as text, as number, or both; each may be null.

    ``is_cut``: an integer is compared only with the integer part of the number.
    """

    kind: Kind
    text: str = ""
    number: str = ""
    is_cut: bool = False

    def number_for(self, operand: str) -> str:
        """Return the expression to compare with a filter's operand as a number."""
        is_integer = operand.strip().lstrip("+-").isdigit()
        return f"CAST({self.number} AS INTEGER)" if self.is_cut and is_integer else self.number

    @property
    def sort(self) -> str:
        """The expression to sort by; SQLite puts numbers before text."""
        if self.kind == "any":
            return f"coalesce({self.number}, {self.text})"
        return self.text or self.number


@dataclass(frozen=True)
class Property:
    """A property of a resource, resolved from its name.

    Parameters
    ----------
    name : str
        As in the request; used in messages.
    group : str
        The property or the collection it belongs to; Contains may be used once for each.
    value : Value
        Expressions on ``r``, or on ``s`` (the side table) where ``source`` is given.
    source : str
        ``FROM … WHERE …`` of the side table's rows that hold this property.
    owner : str
        The expression on ``s`` that identifies the record a value belongs to.
    owned : str
        The expression on ``r`` that it is compared with.
    key_column : str
        The column of ``s`` whose spelling tells values of one resource apart: keys are looked up
        without regard to case, so a resource may hold both ``lr`` and ``LR``.
    is_many : bool
        Whether one resource can have several values.
    presence : str
        As ``source``, to test whether there is a value at all, if that can read less.
    """

    name: str
    group: str
    value: Value
    source: str = ""
    owner: str = ""
    owned: str = "r.id"
    key_column: str = ""
    is_many: bool = False
    presence: str = ""

    def condition(
        self, operator: str, operand: str | None, parameters: Parameters, is_broad: IsBroad
    ) -> str:
        """Return the SQL condition on ``r``. Raises ServiceError (ValidationException).

        A record without the property matches NotEquals, and no other comparison; our choice.
        """
        positive = NEGATED.get(operator, operator)
        condition = self.compare(positive, operand, parameters)
        if not self.source:
            return condition if positive == operator else f"({condition}) IS NOT TRUE"
        if positive == "Exists" and self.presence:
            present = replace(self, source=self.presence)
            return present.match_rows("TRUE", positive != operator, is_broad)
        return self.match_rows(condition, positive != operator, is_broad)

    def match_rows(self, condition: str, is_negated: bool, is_broad: IsBroad) -> str:
        """Return the condition on ``r`` that a side row meets ``condition``, or that none does.

        If there are few such rows, they are listed first and their records are read. Otherwise
        they are looked up record by record, so that reading along an index ends with a full page.
        """
        rows = f"{self.source} AND {condition}"
        if not is_negated and not is_broad(rows):
            return f"{self.owned} IN (SELECT {self.owner} {rows})"
        word = "NOT EXISTS" if is_negated else "EXISTS"
        return f"{word} (SELECT 1 {rows} AND {self.owner} = {self.owned})"

    def compare(self, operator: str, operand: str | None, parameters: Parameters) -> str:
        """Return the SQL of one comparison with the value itself, also for negated operators."""
        if operator in NEGATED:
            return f"({self.compare(NEGATED[operator], operand, parameters)}) IS NOT TRUE"
        if operator == "Exists":
            return f"{self.value.sort} IS NOT NULL"
        if operand is None:
            raise validation_error(f"Operator {operator} on {self.name} needs a Value.")
        if operator in COMPARISONS:
            return self._order(COMPARISONS[operator], operand, parameters)
        if operator == "Contains":
            self._require_text(operator)
            mark = parameters.add(_like(operand))
            return f"{self.value.text} LIKE {mark} ESCAPE '\\'"
        if operator == "In":
            self._require_text(operator)
            marks = [parameters.add(part.strip()) for part in operand.split(",")]
            return f"{self.value.text}{self._collation()} IN ({', '.join(marks)})"
        return self._equals(operand, parameters)

    def _equals(self, operand: str, parameters: Parameters) -> str:
        if self.value.kind == "time":
            return f"{self.value.number} = {parameters.add(_time(operand, self.name))}"
        if self.value.kind == "number":
            return f"{self.value.number} = {parameters.add(_number(operand, self.name))}"
        text = f"{self.value.text} = {parameters.add(operand)}{self._collation()}"
        number = _finite(operand) if self.value.kind == "any" else None
        if number is None:
            return text
        return f"({self.value.number_for(operand)} = {parameters.add(number)} OR {text})"

    def _order(self, sign: str, operand: str, parameters: Parameters) -> str:
        if self.value.kind in ("text", "name"):
            raise validation_error(
                f"{self.name} is text: GreaterThan and LessThan can only be used with numbers and "
                "times."
            )
        convert = _time if self.value.kind == "time" else _number
        number = self.value.number_for(operand)
        return f"{number} {sign} {parameters.add(convert(operand, self.name))}"

    def _require_text(self, operator: str) -> None:
        if not self.value.text:
            raise validation_error(f"Operator {operator} can only be used with text properties.")

    def _collation(self) -> str:
        return " COLLATE NOCASE" if self.value.kind == "name" else ""


def _like(operand: str) -> str:
    r"""Return a LIKE pattern for a substring; ``\`` escapes."""
    for special in ("\\", "%", "_"):
        operand = operand.replace(special, f"\\{special}")
    return f"%{operand}%"


def _finite(operand: str) -> float | None:
    try:
        number = float(operand)
    except ValueError:
        return None
    return number if math.isfinite(number) else None


def _number(operand: str, name: str) -> float:
    number = _finite(operand)
    if number is None:
        raise validation_error(f"Value '{operand}' of {name} is not a number.")
    return number


def _time(operand: str, name: str) -> int:
    """Return milliseconds of ``YYYY-mm-ddTHH:MM:SS``; without a zone it is UTC."""
    try:
        instant = datetime.fromisoformat(operand.replace("Z", "+00:00"))
        instant = instant if instant.tzinfo else instant.replace(tzinfo=timezone.utc)
        return to_ms(instant)
    except (ValueError, OverflowError):
        raise validation_error(
            f"Value '{operand}' of {name} is not a time. Use the form YYYY-mm-ddTHH:MM:SS."
        ) from None


def split_path(name: str) -> Iterator[tuple[str, str]]:
    """Yield each way to split a property name into a lower-case prefix and the rest."""
    start = name.find(".")
    while start >= 0:
        yield name[:start].lower(), name[start + 1 :]
        start = name.find(".", start + 1)
