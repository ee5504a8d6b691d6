"""Reads a table by a view: filters, order, groups, and windows of cells.

Others import ``Queries`` and what it returns from ``smx_lab.core.table``; ``fields.logged_at`` and
``snapshot.Part`` from here. Fifteen modules, since each does one step from a view to its rows; the
four on groups need the question that the others ask too.
"""
