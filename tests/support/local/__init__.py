"""Requests as bytes, plain models and walks for tests of the local service."""
