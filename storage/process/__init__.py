"""Storage: the process itself, seen and improved."""
