"""Read many pages at once, politely: knows paging, throttling and retry, not users."""
