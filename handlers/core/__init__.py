"""Handlers: what every noun stands on."""
