"""Training, processing and transform jobs as child processes."""
