"""A SearchExpression as one SQL condition on the row ``r``."""

from __future__ import annotations

import sqlite3
from collections import Counter
from typing import Any

from smx_lab.local.context import Context
from smx_lab.local.errors import validation_error
from smx_lab.local.search.properties import Parameters, Property
from smx_lab.local.search.resources import Resource

MAX_CONDITIONS = 50
"""Counted through all levels. Source: SageMaker API Reference, SearchExpression."""

MAX_DEPTH = 20
"""Deepest nesting; more than 50 conditions could ever need. Our choice."""


class Compiler:
    """Compiles the expression of one search, and counts its conditions against the limits.

    ``max_listed_rows`` is that of `SearchLimits`.
    """

    def __init__(
        self,
        cx: sqlite3.Connection,
        resource: Resource,
        context: Context,
        parameters: Parameters,
        max_listed_rows: int,
    ) -> None:
        self._cx = cx
        self._resource = resource
        self._context = context
        self._parameters = parameters
        self._max_listed_rows = max_listed_rows
        self._conditions = 0
        self._max_rows: int | None = None
        self.is_always_broad = False
        """Whether every part is looked up record by record."""
        self.is_narrow = False
        """Whether a part that every match must meet is a list of few records."""
        self._contains: Counter[str] = Counter()

    def compile(self, expression: dict[str, Any], depth: int = 0) -> str:
        """Return the condition, ``TRUE`` for an empty one. Raises ServiceError."""
        if depth > MAX_DEPTH:
            raise validation_error("The SearchExpression is nested too deeply.")
        parts = [self._filter(given) for given in expression.get("Filters", [])]
        parts += [self._nested(given) for given in expression.get("NestedFilters", [])]
        parts += [self.compile(inner, depth + 1) for inner in expression.get("SubExpressions", [])]
        if self._conditions > MAX_CONDITIONS:
            raise validation_error(
                f"A SearchExpression can hold at most {MAX_CONDITIONS} conditions."
            )
        is_and = expression.get("Operator", "And") == "And"
        if depth == 0 and (is_and or len(parts) == 1):
            self.is_narrow = any(part.startswith("r.id IN (SELECT ") for part in parts)
        word = "\nAND " if is_and else "\nOR "
        return f"({word.join(parts)})" if parts else "TRUE"

    def _filter(self, given: dict[str, Any]) -> str:
        found, operator, operand = self._resolve(given["Name"], given)
        return found.condition(operator, operand, self._parameters, self.is_broad)

    def _nested(self, given: dict[str, Any]) -> str:
        """Return the condition that one element of a list meets all filters."""
        path = given["NestedPropertyName"]
        if path.lower() not in self._resource.lists:
            raise validation_error(f"{path} is not a list that NestedFilters can be used on.")
        conditions: list[str] = []
        found: Property | None = None
        for inner in given["Filters"]:
            name = inner["Name"]
            if not name.lower().startswith(f"{path.lower()}."):
                name = f"{path}.{name}"
            found, operator, operand = self._resolve(name, inner)
            conditions.append(found.compare(operator, operand, self._parameters))
        if found is None:
            raise validation_error(f"NestedFilters on {path} hold no filter.")
        return found.match_rows(" AND ".join(conditions), False, self.is_broad)

    def is_broad(self, rows: str) -> bool:
        """Return whether a side table has so many such rows that listing them is not worthwhile."""
        if self.is_always_broad:
            return True
        if self._max_rows is None:
            newest = f"SELECT max(id) FROM {self._resource.table}"  # noqa: S608 - ours
            records = self._cx.execute(newest).fetchone()[0] or 0
            self._max_rows = max(self._max_listed_rows, records // 10)
        sql = f"SELECT count(*) FROM (SELECT 1 {rows} LIMIT {self._max_rows + 1})"  # noqa: S608
        return bool(self._cx.execute(sql, self._parameters).fetchone()[0] > self._max_rows)

    def _resolve(self, name: str, given: dict[str, Any]) -> tuple[Property, str, str | None]:
        """Return property, operator and value of a filter, counted against the limits."""
        operand = given.get("Value")
        operator = given.get("Operator", "Exists" if operand is None else "Equals")
        found = self._resource.property(name, self._context, self._parameters)
        self._conditions += 1
        if operator == "Contains":
            self._contains[found.group] += 1
            if sum(n for g, n in self._contains.items() if g not in self._resource.often) > 1:
                raise validation_error("'CONTAINS' operator usage limit of 1 exceeded.")
        return found, operator, operand
