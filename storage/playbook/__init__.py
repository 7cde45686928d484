"""Storage: the process as data."""
