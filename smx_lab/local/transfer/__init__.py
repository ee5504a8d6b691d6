"""One data directory to another: everything tracked as one portable, checksummed archive."""
