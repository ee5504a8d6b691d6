"""The database: schema, migrations, one writing thread, any number of readers."""
