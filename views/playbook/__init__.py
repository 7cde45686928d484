"""Views: the process as data."""
