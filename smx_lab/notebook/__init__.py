"""The notebook side: magics that call the services."""
