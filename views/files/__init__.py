"""Views: imports and exports."""
