"""Plan the deletion of experiments with all they hold, and run it."""
