"""Handlers: imports and exports."""
