"""Parquet, by pyarrow, which is imported here when it is asked for."""

from __future__ import annotations

import io
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from smx_lab.core.table import NumberValues, Snapshot, TextValues, Values

if TYPE_CHECKING:
    import pyarrow as pa

ROWS_AT_ONCE = 20_000
"""Rows of a row group: pyarrow packs columns, so a group should not be small. A choice."""


class _Pieces(io.RawIOBase):
    """A file that is taken away piece by piece as it is written."""

    def __init__(self) -> None:
        self._written: list[bytes] = []
        self._at = 0

    def writable(self) -> bool:
        """True: this is all that can be done."""
        return True

    def write(self, data: Any) -> int:
        """Keep bytes until they are taken."""
        piece = bytes(data)
        self._written.append(piece)
        self._at += len(piece)
        return len(piece)

    def tell(self) -> int:
        """Return how much has been written in all."""
        return self._at

    def take(self) -> bytes:
        """Return what was written since the last time."""
        taken = b"".join(self._written)
        self._written.clear()
        return taken


def parquet(snapshot: Snapshot, headers: Sequence[str]) -> Iterator[bytes]:
    """Yield the file in pieces. Numbers are int64 where all are whole and none is missing."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    types = [_type(column) for column in snapshot.columns]
    schema = pa.schema(list(zip(headers, types, strict=True)))
    file = _Pieces()
    with pq.ParquetWriter(file, schema) as writer:
        for first in range(0, len(snapshot), ROWS_AT_ONCE):
            last = min(first + ROWS_AT_ONCE, len(snapshot))
            arrays = [
                _array(column, first, last, kind)
                for column, kind in zip(snapshot.columns, types, strict=True)
            ]
            writer.write_table(pa.Table.from_arrays(arrays, schema=schema))
            yield file.take()
    yield file.take()


def _type(column: Values) -> pa.DataType:
    import pyarrow as pa

    if isinstance(column, TextValues):
        return pa.string()
    if column.type == "time":
        return pa.timestamp("ms", tz="UTC")
    if column.type == "duration":
        return pa.duration("us")
    return pa.int64() if is_integer(column) else pa.float64()


def is_integer(column: NumberValues) -> bool:
    """Return whether a column of numbers has only integers, and one in each row."""
    return column.whole and len(column) > 0 and not bool(column.blank.any())


def _array(column: Values, first: int, last: int, kind: pa.DataType) -> pa.Array:
    import pyarrow as pa

    if isinstance(column, TextValues):
        return pa.array(column.cells(first, last), type=kind)
    numbers, blank = column.numbers[first:last], column.blank[first:last]
    if column.type != "number" or is_integer(column):
        scale = 1000 if column.type == "duration" else 1
        numbers = np.rint(np.where(blank, 0, numbers) * scale).astype(np.int64)
    return pa.array(numbers, type=kind, mask=blank, from_pandas=False)
