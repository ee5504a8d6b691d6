"""What the store holds, as functions on a transaction."""
