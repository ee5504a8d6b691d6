"""One module for each kind of entity, one function for each API action."""
