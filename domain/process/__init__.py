"""Domain: the process itself, seen and improved."""
