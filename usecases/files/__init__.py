"""Usecases: imports and exports."""
