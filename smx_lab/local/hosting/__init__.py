"""Endpoints as model-server processes."""
