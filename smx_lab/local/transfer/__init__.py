"""Export and import of a data directory as one portable, checksummed archive.

The command line uses `export.export` and `restore.import_archive`.
"""
