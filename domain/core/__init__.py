"""Domain: what every noun stands on."""
