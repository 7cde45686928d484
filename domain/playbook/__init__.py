"""Domain: the process as data."""
