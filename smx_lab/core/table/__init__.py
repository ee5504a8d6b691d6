"""Trial component tables in memory: columns as arrays, read by views and windows.

Others import the names below, ``downsample`` and ``saved``. NumPy comes with this package, so what
must start quickly imports it late.
"""

from smx_lab.core.table.query.query import Queries
from smx_lab.core.table.query.snapshot import NumberValues, Snapshot, TextValues, Values
from smx_lab.core.table.store import SUMMARY, Origin, Table

__all__ = [
    "SUMMARY",
    "NumberValues",
    "Origin",
    "Queries",
    "Snapshot",
    "Table",
    "TextValues",
    "Values",
]
