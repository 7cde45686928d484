"""Views: what every noun stands on."""
