"""Benchmarks. Each is a program of its own; ``python3 dev.py bench`` runs them."""
