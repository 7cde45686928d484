"""Storage: what every noun stands on."""
