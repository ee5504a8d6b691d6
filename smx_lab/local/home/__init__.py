"""Where the local service lives, how other processes find it, and what they need to reach it."""
