"""What the store holds, as functions on a transaction: one module for each kind of row.

Operations, search, jobs, hosting and transfer share these functions. `entities` has what all rows
have in common, `paging` lists rows by page, and names ending in ``_record`` turn a row into the
members that Describe and Search return. There are as many modules as kinds of row, so more than
fifteen.
"""
