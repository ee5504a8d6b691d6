"""Reads many pages at once: knows paging, throttling and retry, not users.

Others use ``pages`` and ``listing`` (all trial components of a table), ``windows`` (the search
expressions for it) and ``concurrent`` (the one way to make several calls at once).
"""
