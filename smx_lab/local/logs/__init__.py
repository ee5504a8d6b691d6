"""Log files of jobs and endpoints, and how CloudWatch Logs names them."""
