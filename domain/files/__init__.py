"""Domain: imports and exports."""
