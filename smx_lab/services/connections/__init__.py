"""List the connections, and check their credentials and permissions."""
