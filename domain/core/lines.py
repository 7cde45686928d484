"""Lines that people type."""

SEPARATORS = ",，、；"
"""What stands between the parts of a line: a comma, or what is typed for one on a Chinese or Japanese keyboard."""
