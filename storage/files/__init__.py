"""Storage: imports and exports."""
