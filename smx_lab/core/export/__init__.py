"""Writes tables for other programs: CSV, TSV, JSON, Markdown, LaTeX and Parquet.

Others import ``writers.write``, ``headers.headers`` and the table of ``formats``.
"""
