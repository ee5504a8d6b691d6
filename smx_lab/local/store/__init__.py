"""The database: schema, migrations, one writing thread, any number of readers.

Others use `store.Store`, `changes.Changes`, and `schema` to open a file without the threads.
"""
