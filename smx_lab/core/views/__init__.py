"""Views of a table: as asked for, as saved in ``.smxview`` files, as typed on a line."""
