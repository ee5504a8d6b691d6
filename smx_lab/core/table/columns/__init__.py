"""Columns of a table in memory: numbers and texts by slot, in few bytes.

The table and its queries import from here; others only ``best``, ``columns.MetricColumn``, and
``text``, which tells how texts are read.
"""
