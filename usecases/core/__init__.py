"""Usecases: what every noun stands on."""
