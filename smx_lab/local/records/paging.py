"""Pages of a list: SageMaker's order, bounds and tokens, by keyset.

A token holds the last row of a page, not an offset, so pages stay correct while rows are added
before them.
"""

from __future__ import annotations

import base64
import binascii
import sqlite3
import zlib
from collections.abc import Mapping, Sequence
from typing import Any

import msgspec

from smx_lab.local.context import Request, to_ms
from smx_lab.local.errors import ServiceError, validation_error

DEFAULT_MAX_RESULTS = 10
"""Source: SageMaker API Reference, ListExperiments and its siblings."""

BY_NAME_OR_TIME = {"Name": "r.name", "CreationTime": "r.creation_time"}


def list_rows(
    cx: sqlite3.Connection,
    table: str,
    request: Request,
    *,
    where: Sequence[str] = (),
    parameters: Mapping[str, Any] | None = None,
    columns: str = "r.*",
    sort_columns: Mapping[str, str] = BY_NAME_OR_TIME,
    sort_by: str = "CreationTime",
    sort_order: str = "Descending",
) -> tuple[list[sqlite3.Row], str | None]:
    """Return one page of a table, and the token of the next one or None.

    Parameters
    ----------
    table : str
        Table (or joined tables) whose rows are called ``r``; it has ``id`` and ``creation_time``.
    request : dict
        A List action's input: SortBy, SortOrder, MaxResults, NextToken, CreatedAfter/Before or
        CreationTimeAfter/Before are taken from it.
    where, parameters
        Further conditions on ``r``, and the values of their named parameters.
    sort_columns, sort_by, sort_order
        The expression for each value of SortBy (never null), and the defaults.

    Raises
    ------
    ServiceError
        If the token is invalid or belongs to another request.
    """
    descending = request.get("SortOrder", sort_order) == "Descending"
    sort_by = request.get("SortBy", sort_by)
    sort = sort_columns[sort_by]
    conditions, values = list(where), dict(parameters or {})
    for member, comparison in (("After", ">"), ("Before", "<")):
        bound = request.get(f"Created{member}") or request.get(f"CreationTime{member}")
        if bound is not None:
            conditions.append(f"r.creation_time {comparison} :created_{member.lower()}")
            values[f"created_{member.lower()}"] = to_ms(bound)
    kind = f"{table} {sort_by} {descending} {conditions} {sorted(values.items())}"
    token = request.get("NextToken")
    if token:
        values["last_value"], values["last_id"] = read_token(token, kind, 2)
        conditions.append(f"({sort}, r.id) {'<' if descending else '>'} (:last_value, :last_id)")
    limit = request.get("MaxResults", DEFAULT_MAX_RESULTS)
    values["limit"] = limit + 1
    order = "DESC" if descending else "ASC"
    # Only names of columns and parameters are put into the text, never a value.
    sql = (
        f"SELECT {columns}, {sort} AS sort_value, r.id AS sort_id FROM {table} AS r\n"  # noqa: S608
        f"WHERE {' AND '.join(conditions) or 'TRUE'}\n"
        f"ORDER BY {sort} {order}, r.id {order} LIMIT :limit"
    )
    rows = cx.execute(sql, values).fetchall()
    if len(rows) <= limit:
        return rows, None
    last = rows[limit - 1]
    return rows[:limit], make_token(kind, last["sort_value"], last["sort_id"])


def list_conditions(request: Request) -> tuple[list[str], dict[str, Any]]:
    """Return conditions and values of a List action's filters that `list_rows` does not handle."""
    where: list[str] = []
    values: dict[str, Any] = {}
    if "NameContains" in request:
        where.append("instr(lower(r.name), lower(:name_contains)) > 0")
        values["name_contains"] = request["NameContains"]
    if "StatusEquals" in request:
        where.append("r.status = :status_equals")
        values["status_equals"] = request["StatusEquals"]
    for member, comparison in (("After", ">"), ("Before", "<")):
        bound = request.get(f"LastModifiedTime{member}")
        if bound is not None:
            where.append(f"r.last_modified_time {comparison} :modified_{member.lower()}")
            values[f"modified_{member.lower()}"] = to_ms(bound)
    return where, values


def make_token(kind: str, *position: Any) -> str:
    """Return an opaque token for a position in the list that ``kind`` describes."""
    content = msgspec.json.encode([zlib.crc32(kind.encode()), *position])
    return base64.urlsafe_b64encode(content).decode()


def read_token(token: str, kind: str, length: int) -> list[Any]:
    """Return the position in a token. Raises ServiceError if it is not for this list."""
    try:
        content = msgspec.json.decode(base64.urlsafe_b64decode(token))
    except (binascii.Error, ValueError, msgspec.DecodeError):
        raise _bad_token() from None
    is_ours = type(content) is list and len(content) == length + 1
    if not is_ours or content[0] != zlib.crc32(kind.encode()):
        raise _bad_token()
    position: list[Any] = content[1:]
    return position


def _bad_token() -> ServiceError:
    return validation_error("The NextToken is invalid, or belongs to a request with other members.")
