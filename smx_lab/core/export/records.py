"""JSON: a list of records, one a line."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import msgspec

from smx_lab.core.export.values import stretches, values
from smx_lab.core.table import Snapshot


def records(snapshot: Snapshot, headers: Sequence[str]) -> Iterator[bytes]:
    """Yield the list in pieces. Blanks are null; NaN and the infinities are text."""
    encode = msgspec.json.Encoder().encode
    before = b"["
    for first, last in stretches(snapshot):
        columns = [values(column, first, last) for column in snapshot.columns]
        rows = zip(*columns, strict=True) if columns else iter([()] * (last - first))
        lines = b",\n".join([encode(dict(zip(headers, row, strict=True))) for row in rows])
        yield before + b"\n" + lines
        before = b","
    yield b"[]\n" if before == b"[" else b"\n]\n"
