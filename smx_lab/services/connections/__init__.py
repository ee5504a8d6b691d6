"""List the connections, and check credentials and permissions: `ConnectionsService`."""
