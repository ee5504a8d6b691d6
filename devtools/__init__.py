"""The commands of dev.py. They use the standard library only, to run before any installation."""
