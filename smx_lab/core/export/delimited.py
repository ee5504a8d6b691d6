"""CSV and TSV that no spreadsheet takes for formulas."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from smx_lab.core.export.values import stretches, texts
from smx_lab.core.table import Snapshot
from smx_lab.core.table.columns.text import parse_number

_FORMULA_BEGINS = tuple("=+-@\t\r\n＝＋－＠")
"""What makes a spreadsheet read a cell as a formula (OWASP, CSV Injection)."""

_TO_QUOTE = re.compile(r"""[",;|\t\r\n]|^\s|\s$""")
"""Quoted, too, is what separates cells where a comma is the decimal sign."""


def delimited(snapshot: Snapshot, headers: Sequence[str], separator: str) -> Iterator[str]:
    """Lines of separated values in pieces, the headers first; ends of lines are ``\\n``."""
    yield separator.join(map(cell_text, headers)) + "\n"
    for first, last in stretches(snapshot):
        columns = [
            [cell_text(text) if column.type == "text" else text or "" for text in found]
            for column in snapshot.columns
            for found in [texts(column, first, last)]
        ]
        if len(columns) == 1:  # a line of nothing would be read as no row
            columns = [[cell or '""' for cell in columns[0]]]
        rows = zip(*columns, strict=True) if columns else iter([()] * (last - first))
        yield "".join([separator.join(row) + "\n" for row in rows])


def cell_text(text: str | None) -> str:
    """Return a text as a cell, quoted if need be; an apostrophe precedes what looks like a formula.

    A text that is a number, such as ``-5``, stays one.
    """
    if not text:
        return ""
    if text.startswith(_FORMULA_BEGINS) and parse_number(text) is None:
        text = f"'{text}"
    if _TO_QUOTE.search(text):
        return '"' + text.replace('"', '""') + '"'
    return text
