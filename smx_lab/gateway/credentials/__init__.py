"""AWS credentials: where they come from, how they are renewed, and whose they are."""
