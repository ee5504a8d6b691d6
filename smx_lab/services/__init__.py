"""What a user can ask for, whether by HTTP or in a notebook."""
