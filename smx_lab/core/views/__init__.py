"""Views of tables: as asked for, as saved in ``.smxview`` files, as typed on a line.

Others import the values of ``view``, the reading of ``file``, and the names of ``typed_columns``.
"""
