"""Trial component tables in memory: columns as arrays, answers by view and window.

NumPy is imported here and below, so whoever must start quickly imports this package late.
"""

from smx_lab.core.table.query.query import Cells, Queries
from smx_lab.core.table.query.snapshot import NumberValues, Snapshot, TextValues, Values
from smx_lab.core.table.query.window import Window
from smx_lab.core.table.store import SUMMARY, Origin, Table

__all__ = [
    "SUMMARY",
    "Cells",
    "NumberValues",
    "Origin",
    "Queries",
    "Snapshot",
    "Table",
    "TextValues",
    "Values",
    "Window",
]
