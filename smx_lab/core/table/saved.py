"""A table as bytes and back, column by column: folding its components again takes far longer."""

from __future__ import annotations

import msgspec
import numpy as np

from smx_lab.core.table.columns.columns import SavedColumn
from smx_lab.core.table.columns.slots import load_array
from smx_lab.core.table.members import SavedMembers
from smx_lab.core.table.pairs import SavedPairs
from smx_lab.core.table.store import Table
from smx_lab.core.views.view import ColumnKind

FORMAT = 2
"""Raised when what a table holds changes. A table of another format is not read."""


class SavedFormat(msgspec.Struct):
    """What is known of a saved table of whatever format."""

    format: int


class SavedTable(msgspec.Struct):
    """A whole table. ``shapes`` are the columns, by place, that slots have values in."""

    format: int
    members: SavedMembers
    columns: list[SavedColumn]
    kinds: dict[ColumnKind, list[str]]
    shapes: list[list[int]]
    shape_of: bytes
    pairs: SavedPairs


def save(table: Table) -> bytes:
    """Return everything of a table but its origin and version."""
    with table.lock:
        slots = len(table.members)
        stores = list(table.stores())
        place = {id(store): at for at, store in enumerate(stores)}
        shapes: dict[tuple[int, ...], int] = {}
        # A column without values is dropped, though a slot may have nothing in it still.
        shape_of = [
            shapes.setdefault(
                tuple(place[id(store)] for store in filled if id(store) in place), len(shapes)
            )
            for filled in table.filled
        ]
        saved = SavedTable(
            format=FORMAT,
            members=table.members.save(),
            columns=[store.save(slots) for store in stores if store is not table.names],
            kinds={kind: list(named) for kind, named in table.by_kind.items()},
            shapes=[list(shape) for shape in shapes],
            shape_of=np.array(shape_of, np.int32).tobytes(),
            pairs=table.pairs.save(),
        )
        return msgspec.msgpack.encode(saved)


def restore(table: Table, data: bytes) -> None:
    """Fill an empty table with what ``save`` returned for one of the same origin.

    Raises
    ------
    ValueError
        If these bytes are of another format, or damaged. The table is then not to be used.
    """
    try:
        found = msgspec.msgpack.decode(data, type=SavedFormat).format
        if found != FORMAT:
            raise ValueError(f"format {found}")
        saved = msgspec.msgpack.decode(data, type=SavedTable)
    except msgspec.DecodeError as error:
        raise ValueError(str(error)) from error
    with table.lock:
        assert not table.filled  # it is empty
        _restore(table, saved)
        table.settle()
        table.version += 1


def _restore(table: Table, saved: SavedTable) -> None:
    slots = saved.members.slots
    table.grow(max(128, slots))
    for kind, names in saved.kinds.items():
        for name in names:
            table.store(kind, name)
    table.members.load(saved.members)
    stores = list(table.stores())
    others = [store for store in stores if store is not table.names]
    for store, column in zip(others, saved.columns, strict=True):
        store.load(column, slots)
    shapes = [tuple(stores[at] for at in shape) for shape in saved.shapes]
    table.filled.extend(
        shapes[shape] for shape in load_array(saved.shape_of, np.int32, slots).tolist()
    )
    table.pairs.load(saved.pairs)
