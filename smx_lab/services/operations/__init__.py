"""Run long work with steps, progress and an end, and keep it on disk."""
