"""References between records, and those that lead nowhere."""

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class Dangling:
    """Rows of `table` whose `column` refers to nothing in their workspace: how many, and the keys of the first.

    `noun` is what it should refer to.
    """

    table: str
    column: str
    noun: str
    count: int
    keys: tuple[str, ...]

    def __str__(self) -> str:
        """For the terminal."""
        rows = "1 row refers" if self.count == 1 else f"{self.count} rows refer"
        keys = ", ".join(self.keys) + (", …" if self.count > len(self.keys) else "")
        return f"{self.table}.{self.column}: {rows} to a record ({self.noun}) that is not there. Look at {keys}."
