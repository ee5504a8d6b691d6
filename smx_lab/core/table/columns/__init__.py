"""Columns of a table in memory: numbers and texts by slot, in few bytes."""
