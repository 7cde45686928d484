"""Storage: what nobody who adds a noun has to open."""
