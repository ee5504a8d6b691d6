"""Answer views of a table: filters, order, groups and windows of cells."""
