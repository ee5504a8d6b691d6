"""Child processes that end with the service, and with all they started."""
