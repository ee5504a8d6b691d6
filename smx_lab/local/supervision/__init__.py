"""Child processes that end with the service, and with all they started.

The service uses `supervisor_client`. The processes beside it use `supervisor`, `process_files`,
`child_environment` and `opt_ml`.
"""
