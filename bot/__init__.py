"""Starts everything and ties it together; the only code that knows every other folder."""
