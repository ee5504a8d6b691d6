"""Training, processing and transform jobs as child processes.

The service runs `runner`. Operations use `kinds`, `request_checks` and each kind's ``…_specs``,
which turn a request into what the job's ``…_process`` is started with.
"""
