"""HTTP in, JSON out; one module for each resource."""
