"""What a clean up deletes and what stays, and the same as code."""
