"""Handlers: the process itself, seen and improved."""
