"""One page of a search: which ids, in which order, how many in all, and where it goes on.

Records that have the sort property come first, in its order, then those without it, in either
direction (our choice). Both parts are walked by keyset: value and id, or id alone.
"""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass, replace
from typing import Any

import msgspec

from smx_lab.local.operations.paging import DEFAULT_MAX_RESULTS, make_token, read_token
from smx_lab.local.operations.registry import Context, Request
from smx_lab.local.search.expression import Compiler
from smx_lab.local.search.properties import Parameters, Property
from smx_lab.local.search.resources import Resource

COUNTED = 10_000
"""Where counting the matches of an expression stops: at 100 000 it would cost more than the page.
SageMaker's TotalHits has a word for it, GreaterThanOrEqualTo. Our choice."""


@dataclass(frozen=True)
class Page:
    """The ids of a page in order.

    ``total`` counts the whole result as it was on page one, up to `COUNTED`.
    """

    ids: list[int]
    total: int
    is_exact: bool
    next_token: str | None


def find_page(
    cx: sqlite3.Connection, context: Context, resource: Resource, request: Request
) -> Page:
    """Return the page that Search's input asks for. Raises ServiceError."""
    search = _Search(cx, context, resource, request)
    limit = request.get("MaxResults", DEFAULT_MAX_RESULTS)
    token = request.get("NextToken")
    if token:
        total, has_value, value, last_id = read_token(token, search.kind, 4)
    else:
        total, has_value, value, last_id = search.count(cx), True, None, None
    found: list[tuple[bool, Any, int]] = []
    if has_value:
        rows = search.with_value(cx, value, last_id, limit + 1)
        found = [(True, value, number) for number, value in rows]
        last_id = None
    if len(found) <= limit:
        rest = search.without_value(cx, last_id, limit + 1 - len(found))
        found += [(False, None, number) for number in rest]
    ids = [number for _, _, number in found[:limit]]
    is_exact = search.is_counted or total < COUNTED
    if len(found) <= limit:
        return Page(ids, total, is_exact, None)
    return Page(ids, total, is_exact, make_token(search.kind, total, *found[limit - 1]))


class _Search:
    """One search, compiled; its statements are put together as they are needed."""

    def __init__(
        self, cx: sqlite3.Connection, context: Context, resource: Resource, request: Request
    ) -> None:
        self._table = resource.table
        self._parameters = Parameters()
        expression = request.get("SearchExpression", {})
        self._compiler = Compiler(cx, resource, context, self._parameters)
        self._where = self._compiler.compile(expression)
        sort_by = request.get("SortBy", "LastModifiedTime")
        sort = resource.property(sort_by, context, self._parameters)
        self._sort = _one_spelling(cx, sort, self._parameters)
        self._descending = request.get("SortOrder", "Descending") == "Descending"
        content = msgspec.json.encode([expression, sort_by.lower(), self._descending])
        self.kind = f"{resource.name} {content.decode()}"

    @property
    def is_counted(self) -> bool:
        """Whether the whole table matches, whose rows are counted at no cost."""
        return self._where == "TRUE"

    def count(self, cx: sqlite3.Connection) -> int:
        """Return how many records match; counting stops at `COUNTED` unless it costs nothing."""
        rows = f"FROM {self._table} AS r WHERE {self._where}"
        sql = f"SELECT count(*) {rows}"
        if not self.is_counted:
            sql = f"SELECT count(*) FROM (SELECT 1 {rows} LIMIT {COUNTED})"  # noqa: S608
        return int(cx.execute(sql, self._parameters).fetchone()[0])

    def with_value(
        self, cx: sqlite3.Connection, after_value: Any, after_id: int | None, limit: int
    ) -> list[tuple[int, Any]]:
        """Return id and value of records that have the sort property, after a position."""
        parameters = Parameters(self._parameters)
        value, sources = self._valued()
        conditions = [self._where, f"{value} IS NOT NULL"]
        if after_id is not None:
            sign = "<" if self._descending else ">"
            position = f"({parameters.add(after_value)}, {parameters.add(after_id)})"
            conditions.append(f"({value}, r.id) {sign} {position}")
        order = "DESC" if self._descending else "ASC"
        sql = (
            f"SELECT r.id, {value} FROM {sources}\n"  # noqa: S608 - no value is put into it
            f"WHERE {' AND '.join(conditions)}\n"
            f"ORDER BY {value} {order}, r.id {order} LIMIT {parameters.add(limit)}"
        )
        return [(row[0], row[1]) for row in cx.execute(sql, parameters)]

    def without_value(self, cx: sqlite3.Connection, after_id: int | None, limit: int) -> list[int]:
        """Return the ids of records that lack the sort property, newest first, after a position."""
        parameters = Parameters(self._parameters)
        lacks = self._sort.condition("NotExists", None, parameters, self._compiler.is_broad)
        conditions = [self._where, lacks]
        if after_id is not None:
            conditions.append(f"r.id < {parameters.add(after_id)}")
        sql = (
            f"SELECT r.id FROM {self._table} AS r WHERE {' AND '.join(conditions)}\n"  # noqa: S608
            f"ORDER BY r.id DESC LIMIT {parameters.add(limit)}"
        )
        return [row[0] for row in cx.execute(sql, parameters)]

    def _valued(self) -> tuple[str, str]:
        """Return the sort value's expression, and the tables that give it, one row a record."""
        sort = self._sort
        if not sort.source:
            return sort.value.sort, f"{self._table} AS r"
        value = f"min({sort.value.sort})" if sort.is_many else sort.value.sort
        group = f"GROUP BY {sort.owner}" if sort.is_many else ""
        values = f"SELECT {sort.owner} AS owner, {value} AS value\n{sort.source} {group}"
        return "v.value", f"({values}) AS v JOIN {self._table} AS r ON {sort.owned} = v.owner"


def _one_spelling(cx: sqlite3.Connection, sort: Property, parameters: Parameters) -> Property:
    """Return the property narrowed to one spelling of its key, so a record has one value.

    The spelling that was asked for if anything has it, else the first there is.
    """
    if not sort.key_column:
        return sort
    asked = f"AND instr({parameters.add(sort.name)}, {sort.key_column})"
    found = None
    for spelling in (asked, ""):
        # Each ends at the first hit; the first one hits at once unless the spelling is wrong.
        sql = f"SELECT {sort.key_column} {sort.source} {spelling} LIMIT 1"
        found = found or cx.execute(sql, parameters).fetchone()
    if found is None:
        return sort
    exact = f"{sort.source} AND {sort.key_column} = {parameters.add(found[0])} COLLATE BINARY"
    return replace(sort, source=exact)
