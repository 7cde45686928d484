"""Use cases: the process as data."""
