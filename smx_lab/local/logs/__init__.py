"""Log files of jobs and endpoints, and how CloudWatch Logs names them.

`log_file` writes and reads one log, `streams` finds all of them, `pattern` filters their lines.
"""
