"""Views: the process itself, seen and improved."""
