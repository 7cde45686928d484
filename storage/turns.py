"""One transaction on SQLite, in which pieces of work of several people take part, one after the other.

Rows that nobody waits for are added at its end for all of them, a table at a time: what carrying out one statement needs is at hand
once for many rows, instead of for each piece anew. Whoever asks about a table, or changes it, sees what was said before: what waits
for that table is carried out first.
"""

from collections.abc import Collection, Sequence

from storage.drivers import SqliteDriver
from storage.fixed import Fixed, Values, carry_out_together
from storage.numbers import NumbersOfTurn

TURN = "turn"
"""Where in the `info` of the connection that writes its `Turn` is."""
MOST_ROWS = 500
"""Rows that wait, at the most."""


class Turn:
    """The transaction of whoever writes. Once it has failed it can only be rolled back: nobody knows whose row it was."""

    def __init__(self, driver: SqliteDriver) -> None:
        self.numbers = NumbersOfTurn(driver)
        self.failure: Exception | None = None
        self._driver = driver
        self._waiting: dict[str, list[tuple[Fixed, Sequence[Values]]]] = {}
        self._rows = 0

    def put(self, table: str, insert: Fixed, rows: Sequence[Values]) -> None:
        """Have rows added to a table before somebody asks about it."""
        self._waiting.setdefault(table, []).append((insert, rows))
        self._rows += len(rows)
        if self._rows > MOST_ROWS:
            self.settle()

    def settle(self, tables: Collection[str] | None = None) -> None:
        """Add what waits for these tables, or for all. Raises what the database raises, whosever row it was."""
        if not self._waiting:
            return
        for table in [*self._waiting] if tables is None else self._waiting.keys() & tables:
            waiting = self._waiting.pop(table)
            self._rows -= sum(len(rows) for _insert, rows in waiting)
            try:
                carry_out_together(self._driver, waiting)
            except Exception as failure:
                self.failure = failure
                raise

    def finish(self) -> bool:
        """Add what waits, and keep the counters, as the last thing in the transaction; whether all of it went well."""
        try:
            self.settle()
            self.numbers.write()
        except Exception as failure:
            self.failure = failure
        return self.failure is None
