"""A snapshot of a table as a file of one of the formats, in pieces."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from smx_lab.core.errors import InvalidRequest
from smx_lab.core.export.delimited import delimited
from smx_lab.core.export.formats import ExportFormat, why_not
from smx_lab.core.export.headers import headers
from smx_lab.core.export.markup import latex, markdown
from smx_lab.core.export.records import records
from smx_lab.core.table import Snapshot
from smx_lab.core.views.view import Column, View


def write(
    snapshot: Snapshot, view: View, columns: Sequence[Column], format_: ExportFormat
) -> Iterator[bytes]:
    """Return the file in pieces, each made when it is asked for. Text is UTF-8.

    Raises
    ------
    InvalidRequest
        At once, if this Python lacks what the format needs.
    """
    reason = why_not(format_)
    if reason is not None:
        raise InvalidRequest(reason, field="format")
    if format_ == "parquet":
        from smx_lab.core.export.parquet import parquet

        return parquet(snapshot, headers(view, columns, snapshot.parts))
    names = headers(view, columns, snapshot.parts, units=True)
    if format_ == "json":
        return records(snapshot, names)
    if format_ == "csv" or format_ == "tsv":
        texts = delimited(snapshot, names, "," if format_ == "csv" else "\t")
    else:
        texts = (markdown if format_ == "markdown" else latex)(snapshot, names)
    return (text.encode() for text in texts)
