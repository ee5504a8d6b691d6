"""One page of a search: the ids in order, the total, and the token of the next page.

Records that have the sort property come first, in its order, then those without it, in either
direction (our choice). Both parts are paged by keyset: value and id, or id alone.

How a page is found depends on how many records match. If they are few, they are listed and sorted.
If they are many, records are read in the order of the sort property's index and checked against the
expression, until the page is full.
"""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

import msgspec

from smx_lab.local.context import Context, Request
from smx_lab.local.records.paging import DEFAULT_MAX_RESULTS, make_token, read_token
from smx_lab.local.search.expression import Compiler
from smx_lab.local.search.limits import SearchLimits
from smx_lab.local.search.ordering import Order
from smx_lab.local.search.properties import Parameters, Property
from smx_lab.local.search.refresh import MAX_CHANGES, refresh
from smx_lab.local.search.resources import Resource
from smx_lab.local.search.results import AHEAD, Hit, Known, Results

WALKED = frozenset({"r.name", "r.display_name", "r.creation_time", "r.last_modified_time"})
"""Expressions with an index to read along until a page is full."""

_COLUMN = re.compile(r"\br\.(\w+)")


@dataclass(frozen=True)
class Page:
    """The ids of a page in order.

    ``total`` counts the whole result as it was on page one, up to a bound.
    """

    ids: list[int]
    total: int
    is_exact: bool
    next_token: str | None


def find_page(
    cx: sqlite3.Connection,
    context: Context,
    resource: Resource,
    request: Request,
    limits: SearchLimits,
    results: Results,
) -> Page:
    """Return the page that Search's input asks for. Raises ServiceError.

    Parameters
    ----------
    results : Results
        What earlier pages have found; it is added to.
    """
    # Read before the first statement, which takes the snapshot: that is this version or newer.
    version = context.store.version
    limit = request.get("MaxResults", DEFAULT_MAX_RESULTS)
    kind = _kind(resource, request)
    key = (str(context.store.path), kind)
    total, is_exact, after = 0, False, None
    stored: Known | None = None
    if "NextToken" in request:
        total, is_exact, *position = read_token(request["NextToken"], kind, 5)
        after = Hit(*position)
        stored = results.after(key, after)
    query = _Query(cx, context, resource, request, version, limits)
    known = stored
    if stored and after and stored.version != version:
        known = query.refresh(stored, after)
    if known is None or not (known.is_last or len(known.hits) > limit):
        search = query.compile()
        if after is None:
            total, is_exact = search.count(cx)
        elif is_exact and total <= search.max_counted:
            search.count(cx)
        before = known.hits if known and known.spelling == search.spelling else []
        place = before[-1] if before else after
        found, is_last = search.hits(cx, place, limit - len(before))
        known = Known(version, search.spelling, before + found, is_last)
    found = known.hits
    if known is not stored:
        results.keep(key, known._replace(hits=[after, *found] if after else found))
    ids = [hit.id for hit in found[:limit]]
    if len(found) <= limit:
        return Page(ids, total, is_exact, None)
    return Page(ids, total, is_exact, make_token(kind, total, is_exact, *found[limit - 1]))


def _kind(resource: Resource, request: Request) -> str:
    """Return a text that is the same for all pages of a search, and for no other search."""
    expression = request.get("SearchExpression", {})
    asked = [expression, _sort_by(request).lower(), _is_descending(request)]
    return f"{resource.name} {msgspec.json.encode(asked).decode()}"


def _sort_by(request: Request) -> str:
    found: str = request.get("SortBy", "LastModifiedTime")
    return found


def _is_descending(request: Request) -> bool:
    return bool(request.get("SortOrder", "Descending") == "Descending")


class _Query(NamedTuple):
    """A request for a page, and the snapshot it is answered from."""

    cx: sqlite3.Connection
    context: Context
    resource: Resource
    request: Request
    version: int
    limits: SearchLimits

    def compile(self, only: Sequence[int] | None = None) -> _Search:
        """Return its search over all records, or over those with these ids."""
        return _Search(self, only)

    def changed_since(self, version: int) -> list[int] | None:
        """Return the ids written since a version; None if they are not known or too many."""
        if not self.resource.has_changes:
            return None
        return self.context.component_changes.since(version, MAX_CHANGES)

    def refresh(self, known: Known, after: Hit) -> Known | None:
        """Return hits found earlier as they are now; None if a new search is needed."""
        changed = self.changed_since(known.version)
        if changed is None:
            return None
        again: list[Hit] = []
        descending = _is_descending(self.request)
        if changed:
            search = self.compile(only=changed)
            # Names are sorted without regard to case, which `refresh` does not do.
            if search.spelling != known.spelling or search.is_by_name:
                return None
            again, _ = search.hits(self.cx, None, len(changed))
        return refresh(known, after, set(changed), again, self.version, descending=descending)


class _Search:
    """One search, compiled; its statements are built when they are needed."""

    def __init__(self, query: _Query, only: Sequence[int] | None = None) -> None:
        cx, context, resource, request, version, limits = query
        self._limits = limits
        self._table = resource.table
        self._parameters = Parameters()
        expression = request.get("SearchExpression", {})
        self._compiler = Compiler(cx, resource, context, self._parameters, limits.max_listed_rows)
        # Few records are looked up one by one: nothing need be listed.
        self._compiler.is_always_broad = only is not None
        self._where = self._compiler.compile(expression)
        self._is_listed = only is not None
        if only is not None:
            self._where = f"{_id_condition(only, self._parameters)} AND {self._where}"
        sort_by = _sort_by(request)
        sort = resource.property(sort_by, context, self._parameters)
        self._descending = _is_descending(request)
        self._sort, self.spelling = _one_spelling(cx, sort, self._parameters)
        key = (
            *(str(context.store.path), resource.name, sort_by.lower()),
            *(self.spelling, self._descending),
        )
        self._page = request.get("MaxResults", DEFAULT_MAX_RESULTS) + 1
        self._order = Order(
            key,
            version,
            self._sort,
            self._descending,
            self._parameters,
            query.changed_since,
            limits,
        )

    @property
    def is_by_name(self) -> bool:
        """Whether the order ignores case."""
        return self._sort.value.kind == "name"

    @property
    def is_everything(self) -> bool:
        """Whether the whole table matches; counting its rows costs nothing."""
        return self._where == "TRUE"

    @property
    def max_counted(self) -> int:
        """How many matches are counted; they are listed if there are no more."""
        is_of_names = "SELECT" not in self._where and set(_COLUMN.findall(self._where)) == {"name"}
        limits = self._limits
        return limits.max_counted_names if is_of_names else limits.max_counted

    def count(self, cx: sqlite3.Connection) -> tuple[int, bool]:
        """Return how many records match, and False if counting stopped there.

        If they are few, their ids replace the expression.
        """
        if self.is_everything:
            everything = cx.execute(f"SELECT count(*) FROM {self._table}")  # noqa: S608
            return int(everything.fetchone()[0]), True
        most = self.max_counted
        sql = f"SELECT r.id FROM {self._table} AS r WHERE {self._where} LIMIT {most + 1}"  # noqa: S608
        found = [row[0] for row in cx.execute(sql, self._parameters)]
        if len(found) > most:
            return most, False
        self._where, self._is_listed = _id_condition(found, self._parameters), True
        return len(found), True

    def hits(self, cx: sqlite3.Connection, after: Hit | None, limit: int) -> tuple[list[Hit], bool]:
        """Return more than ``limit`` hits after one, or all there are; and whether it is all."""
        found: list[Hit] = []
        if after is None or after.has_value:
            found, is_last = self._with_value(cx, after, limit + 1)
            if not is_last:
                return found, False
            after = None
        if len(found) > limit:
            return found, False
        wanted = limit + 1 - len(found)
        rest = self._without_value(cx, after.id if after else None, wanted)
        found += [Hit(False, None, number) for number in rest]
        return found, len(rest) < wanted

    def _with_value(
        self, cx: sqlite3.Connection, after: Hit | None, limit: int
    ) -> tuple[list[Hit], bool]:
        """Return records that have the sort property, and whether these are all."""
        sort = self._sort
        is_alone = bool(sort.source) and sort.owned == "r.id" and not sort.is_many
        if not is_alone or self._is_listed or self._compiler.is_narrow:
            wanted = limit * (AHEAD if self._is_sorted_whole else 1)
            rows = self._select_sorted(cx, after, wanted)
            return rows, len(rows) < wanted
        found: list[Hit] = []
        for block in self._order.blocks(cx, after, self._page):
            found += self._filter(cx, block)
            if len(found) >= limit:
                return found, False
        return found, True

    @property
    def _is_sorted_whole(self) -> bool:
        """Whether all matches have to be sorted for a page, whatever its length."""
        is_walked = not self._sort.source and self._sort.value.sort in WALKED
        return self._is_listed or self._compiler.is_narrow or not is_walked

    def _select_sorted(self, cx: sqlite3.Connection, after: Hit | None, limit: int) -> list[Hit]:
        """Return records and their values, from one statement with the expression."""
        sort, parameters = self._sort, Parameters(self._parameters)
        value, sources = sort.value.sort, f"{self._table} AS r"
        if sort.source:
            one = f"min({value})" if sort.is_many else value
            group = f"GROUP BY {sort.owner}" if sort.is_many else ""
            values = f"SELECT {sort.owner} AS owner, {one} AS value\n{sort.source} {group}"
            value = "v.value"
            sources = f"({values}) AS v JOIN {self._table} AS r ON {sort.owned} = v.owner"
        conditions = [self._where, f"{value} IS NOT NULL"]
        order, sign = ("DESC", "<") if self._descending else ("ASC", ">")
        if after is not None:
            position = f"({parameters.add(after.value)}, {parameters.add(after.id)})"
            conditions.append(f"({value}, r.id) {sign} {position}")
        sql = (
            f"SELECT r.id, {value} FROM {sources}\n"  # noqa: S608 - no value is put into it
            f"WHERE {' AND '.join(conditions)}\n"
            f"ORDER BY {value} {order}, r.id {order} LIMIT {parameters.add(limit)}"
        )
        return [Hit(True, row[1], row[0]) for row in cx.execute(sql, parameters)]

    def _filter(self, cx: sqlite3.Connection, rows: list[Hit]) -> list[Hit]:
        """Return the records that match."""
        if self.is_everything:
            return rows
        parameters = Parameters(self._parameters)
        some = _id_condition([row.id for row in rows], parameters)
        sql = f"SELECT r.id FROM {self._table} AS r WHERE {some} AND {self._where}"  # noqa: S608
        matching = {row[0] for row in cx.execute(sql, parameters)}
        return [row for row in rows if row.id in matching]

    def _without_value(self, cx: sqlite3.Connection, after_id: int | None, limit: int) -> list[int]:
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


def _id_condition(ids: Sequence[int], parameters: Parameters) -> str:
    """Return the condition that a record has one of these ids."""
    mark = parameters.add(msgspec.json.encode(ids).decode())
    return f"r.id IN (SELECT value FROM json_each({mark}))"  # noqa: S608 - a mark


def _one_spelling(
    cx: sqlite3.Connection, sort: Property, parameters: Parameters
) -> tuple[Property, str | None]:
    """Return the property narrowed to one spelling of its key, so a record has one value.

    It is the requested spelling if any record has it, else the first one found.
    """
    if not sort.key_column:
        return sort, None
    asked = f"AND instr({parameters.add(sort.name)}, {sort.key_column})"
    found = None
    for part in (asked, ""):
        # Each ends at the first hit; the first one hits at once unless the spelling is wrong.
        sql = f"SELECT {sort.key_column} {sort.source} {part} LIMIT 1"
        found = found or cx.execute(sql, parameters).fetchone()
    if found is None:
        return sort, None
    exact = f"{sort.source} AND {sort.key_column} = {parameters.add(found[0])} COLLATE BINARY"
    return replace(sort, source=exact), found[0]
