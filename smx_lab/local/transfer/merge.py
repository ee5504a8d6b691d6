"""Merges the rows of one store into another, by name: new, same and changed ones.

The tables are read from the schema, so that a new table needs no code here. A *named* table has
unique names and may refer to other named ones. A *part* belongs to a row of another table and is
deleted with it (ON DELETE CASCADE). A *link* joins two rows.
"""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass, field

from smx_lab.local.records import metric_search
from smx_lab.local.records.tags import TAGGED_TABLES

EXCLUDED_TABLES = frozenset({"endpoint", "metric_search", "metric_search_lag"})
"""An endpoint is a running process; the models and configurations to create it again are merged.
The copy of metrics for searches is made from the metrics."""

NAME = "[A-Za-z0-9](-*[A-Za-z0-9])*"

INCOMING = "incoming"
NEW, SAME, CHANGED = "new", "same", "changed"


@dataclass(frozen=True)
class Table:
    """One table as the schema has it. ``references`` is column to table, by foreign key."""

    name: str
    columns: tuple[str, ...]
    references: dict[str, str]
    owner: str | None
    is_named: bool

    @property
    def own_columns(self) -> tuple[str, ...]:
        """The columns that are copied unchanged."""
        return tuple(c for c in self.columns if c != "id" and c not in self.references)


@dataclass
class Counts:
    """The result of an import by table: new rows, unchanged rows, replaced rows."""

    new: dict[str, int] = field(default_factory=dict)
    same: dict[str, int] = field(default_factory=dict)
    changed: dict[str, int] = field(default_factory=dict)

    def all(self) -> list[str]:
        """Return the tables with any rows, in the schema's order."""
        return list(dict.fromkeys([*self.new, *self.changed, *self.same]))


def tables(cx: sqlite3.Connection) -> list[Table]:
    """Return the tables to merge; a table that others refer to comes before them."""
    names = [
        row[0]
        for row in cx.execute("SELECT name FROM main.sqlite_schema WHERE type = 'table'")
        if not row[0].startswith("sqlite_") and row[0] not in EXCLUDED_TABLES
    ]
    waiting = {name: _table(cx, name) for name in names}
    ordered: list[Table] = []
    while waiting:
        ready = (t for t in waiting.values() if not set(t.references.values()) & set(waiting))
        ordered.append(waiting.pop(next(ready).name))
    return ordered


def _table(cx: sqlite3.Connection, name: str) -> Table:
    columns = tuple(row[1] for row in cx.execute(f"PRAGMA main.table_info({name})"))
    references, owner = {}, None
    for key in cx.execute(f"PRAGMA main.foreign_key_list({name})"):
        _, _, referred, column, _, _, on_delete, *_ = key
        references[column] = referred
        if on_delete == "CASCADE":
            owner = column
    unique = [row[1] for row in cx.execute(f"PRAGMA main.index_list({name})") if row[2]]
    keys = [[c[2] for c in cx.execute(f"PRAGMA main.index_info({index})")] for index in unique]
    return Table(name, columns, references, owner, ["name"] in keys)


class Merge:
    """One merge of the attached database ``incoming`` into ``main``."""

    def __init__(self, cx: sqlite3.Connection) -> None:
        self._cx = cx
        self._tables = tables(cx)
        self._named = [table for table in self._tables if table.is_named]

    def compare(self) -> None:
        """Find the rows that are new, the same, or changed; nothing is written to the store."""
        for table in self._named:
            equal = [f"m.{column} IS s.{column}" for column in table.own_columns]
            equal += [
                f"m.{column} IS (SELECT new FROM map_{other} WHERE old = s.{column})"  # noqa: S608
                for column, other in table.references.items()
            ]
            self._make_map(table)
            self._cx.execute(
                f"""
                INSERT INTO map_{table.name}
                SELECT s.id, m.id, CASE
                    WHEN m.id IS NULL THEN '{NEW}'
                    WHEN {" AND ".join(equal)} THEN '{SAME}'
                    ELSE '{CHANGED}' END
                FROM {INCOMING}.{table.name} AS s
                LEFT JOIN main.{table.name} AS m ON m.name = s.name
                """  # noqa: S608 - names of the schema
            )

    def changed(self, limit: int) -> tuple[int, list[str]]:
        """Return how many rows differ, and the names of some of them."""
        total, names = 0, []
        for table in self._named:
            rows = self._cx.execute(
                f"""
                SELECT s.name FROM map_{table.name} JOIN {INCOMING}.{table.name} AS s ON s.id = old
                WHERE state = '{CHANGED}' ORDER BY s.id
                """  # noqa: S608
            ).fetchall()
            total += len(rows)
            names += [f"{words(table.name)} {row[0]}" for row in rows[:limit]]
        return total, names[:limit]

    def counts(self) -> Counts:
        """Return how many rows of each named table are in which state."""
        counts = Counts()
        for table in self._named:
            for state, number in self._cx.execute(
                f"SELECT state, count(*) FROM map_{table.name} GROUP BY state"  # noqa: S608
            ):
                getattr(counts, state)[table.name] = number
        return counts

    def apply(self) -> None:
        """Insert new rows, and replace changed ones."""
        for table in self._tables:
            if table.is_named:
                self._apply_named(table)
            elif table.owner:
                self._apply_part(table)
            elif table.name == "tag":
                self._apply_tags(table)
            else:
                self._apply_link(table)
        self._cx.execute(
            "INSERT OR IGNORE INTO main.metric_search_lag\n"
            f"SELECT new FROM map_trial_component WHERE state != '{SAME}'"
        )
        metric_search.refresh(self._cx)

    def _apply_named(self, table: Table) -> None:
        offset = self._offset(table)
        self._cx.execute(
            f"UPDATE map_{table.name} SET new = old + :offset WHERE state = '{NEW}'",  # noqa: S608
            {"offset": offset},
        )
        columns = [c for c in table.columns if c != "id"]
        values = self._values(table, columns)
        self._cx.execute(
            f"""
            INSERT INTO main.{table.name} (id, {", ".join(columns)})
            SELECT map.new, {", ".join(values)}
            FROM {INCOMING}.{table.name} AS s JOIN map_{table.name} AS map ON map.old = s.id
            WHERE map.state = '{NEW}' ORDER BY s.id
            """  # noqa: S608
        )
        self._cx.execute(
            f"""
            UPDATE main.{table.name} AS m SET ({", ".join(columns)}) = (
                SELECT {", ".join(values)}
                FROM {INCOMING}.{table.name} AS s JOIN map_{table.name} AS map ON map.old = s.id
                WHERE map.new = m.id)
            WHERE m.id IN (SELECT new FROM map_{table.name} WHERE state = '{CHANGED}')
            """  # noqa: S608
        )

    def _apply_part(self, table: Table) -> None:
        """Insert the parts of new and replaced rows, and delete the old parts of replaced ones."""
        owner = table.references[table.owner or ""]
        self._cx.execute(
            f"""
            DELETE FROM main.{table.name} WHERE {table.owner} IN (
                SELECT new FROM map_{owner} WHERE state = '{CHANGED}')
            """  # noqa: S608
        )
        columns, values = list(table.own_columns), [f"s.{c}" for c in table.own_columns]
        columns.append(table.owner or "")
        values.append("owner.new")
        if "id" in table.columns:
            offset = self._offset(table)
            self._make_map(table)
            self._cx.execute(
                f"""
                INSERT INTO map_{table.name}
                SELECT s.id, s.id + :offset, '{NEW}'
                FROM {INCOMING}.{table.name} AS s
                JOIN map_{owner} AS owner ON owner.old = s.{table.owner}
                WHERE owner.state != '{SAME}'
                """,  # noqa: S608
                {"offset": offset},
            )
            columns.append("id")
            values.append(f"s.id + {offset}")
        self._cx.execute(
            f"""
            INSERT INTO main.{table.name} ({", ".join(columns)})
            SELECT {", ".join(values)} FROM {INCOMING}.{table.name} AS s
            JOIN map_{owner} AS owner ON owner.old = s.{table.owner}
            WHERE owner.state != '{SAME}'
            """  # noqa: S608
        )

    def _apply_link(self, table: Table) -> None:
        columns = [c for c in table.columns if c != "id"]
        self._cx.execute(
            f"""
            INSERT OR IGNORE INTO main.{table.name} ({", ".join(columns)})
            SELECT {", ".join(self._values(table, columns))} FROM {INCOMING}.{table.name} AS s
            """  # noqa: S608
        )

    def _apply_tags(self, table: Table) -> None:
        """Insert the tags of new and replaced rows, which belong to a row by its type and name."""
        for resource_type, named in TAGGED_TABLES.items():
            if named in EXCLUDED_TABLES:
                continue
            of_type = {"type": resource_type}
            names = (
                f"SELECT s.name FROM {INCOMING}.{named} AS s JOIN map_{named} ON old = s.id\n"  # noqa: S608
                "WHERE state"
            )
            self._cx.execute(
                f"""
                DELETE FROM main.tag
                WHERE resource_type = :type AND resource_name IN ({names} = '{CHANGED}')
                """,  # noqa: S608
                of_type,
            )
            columns = ", ".join(table.columns)
            self._cx.execute(
                f"""
                INSERT INTO main.tag ({columns}) SELECT {columns} FROM {INCOMING}.tag
                WHERE resource_type = :type AND resource_name IN ({names} != '{SAME}')
                """,  # noqa: S608
                of_type,
            )

    def _make_map(self, table: Table) -> None:
        """Create the table that maps ids of incoming rows to ids of ours."""
        self._cx.execute(f"DROP TABLE IF EXISTS temp.map_{table.name}")
        self._cx.execute(
            f"CREATE TEMP TABLE map_{table.name}\n"
            "(old INTEGER PRIMARY KEY, new INTEGER, state TEXT NOT NULL)"
        )

    def _values(self, table: Table, columns: list[str]) -> list[str]:
        """Return expressions on ``s``; references to rows use their new ids."""
        return [
            f"(SELECT new FROM map_{table.references[c]} WHERE old = s.{c})"  # noqa: S608
            if c in table.references
            else f"s.{c}"
            for c in columns
        ]

    def _offset(self, table: Table) -> int:
        """Return the number to add to incoming ids so that they follow existing ones."""
        found = self._cx.execute(f"SELECT max(id) FROM main.{table.name}").fetchone()  # noqa: S608
        return int(found[0] or 0)


def words(table: str) -> str:
    """Return the noun for a row of a table."""
    return table.replace("_", " ")
