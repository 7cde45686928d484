"""Usecases: the process itself, seen and improved."""
