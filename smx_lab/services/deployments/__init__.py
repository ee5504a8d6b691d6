"""Deploy models, and list, invoke and delete their endpoints."""
