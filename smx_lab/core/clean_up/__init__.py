"""The request and the plan of a clean up, and the script for it."""
