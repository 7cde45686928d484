"""Numbers (`L-12`) of new records, counted for many at once.

On PostgreSQL they are counted outside the transaction that uses them, with the records' ids. Counted inside, a counter would be
locked until its transaction is committed, and captures in one workspace would follow each other from there on. Who asks while a
count is on its way shares the next one: a rush costs no more trips over the network.

On SQLite whoever has the turn to write is alone, so a counter is read once in a transaction and written once, at its end.
"""

import asyncio
from collections import defaultdict, deque
from collections.abc import Awaitable, Callable

from sqlalchemy import Connection, Table

from storage.drivers import Row, SqliteDriver, driver_of

NUMBERS = "numbers"
"""Where in the `info` of a connection to PostgreSQL its `Numbers` are."""

Run = Callable[[Callable[[Connection], list[Row]]], Awaitable[list[Row]]]

_COUNT = """
WITH wanted AS (
    SELECT * FROM unnest($1::text[], $2::text[], $3::text[], $4::int[]) AS asked (workspace_id, noun, sequence, many)
), counted AS (
    INSERT INTO counters (workspace_id, noun, last) SELECT workspace_id, noun, many FROM wanted ORDER BY workspace_id, noun
    ON CONFLICT (workspace_id, noun) DO UPDATE SET last = counters.last + excluded.last
    RETURNING workspace_id, noun, last
)
SELECT workspace_id, noun, sequence, nextval(sequence::regclass) AS id, last - many + place AS number
FROM wanted JOIN counted USING (workspace_id, noun) CROSS JOIN LATERAL generate_series(1, many) AS place
"""

_LAST = "SELECT last FROM counters WHERE workspace_id = ? AND noun = ?"
_KEEP = """
INSERT INTO counters (workspace_id, noun, last) VALUES (?, ?, ?)
ON CONFLICT (workspace_id, noun) DO UPDATE SET last = excluded.last
"""


class NumbersOfTurn:
    """Counts for one transaction on SQLite, which alone writes."""

    def __init__(self, driver: SqliteDriver) -> None:
        self._driver = driver
        self._last: dict[tuple[str, str], int] = {}

    def next(self, workspace_id: str, noun: str) -> int:
        """The next number of a noun in the workspace."""
        counter = (workspace_id, noun)
        if counter not in self._last:
            found = self._driver.rows(_LAST, counter)
            self._last[counter] = found[0][0] if found else 0
        self._last[counter] += 1
        return self._last[counter]

    def write(self) -> None:
        """Keep the counters."""
        if self._last:
            self._driver.each(_KEEP, [(*counter, last) for counter, last in self._last.items()])


class Numbers:
    """Counts for one process on PostgreSQL. `run` carries out a function on a connection that is in no transaction."""

    def __init__(self, run: Run) -> None:
        self._run = run
        self._asked: dict[tuple[str, str, str], deque[asyncio.Future[tuple[int, int]]]] = defaultdict(deque)
        self._counting: asyncio.Task[None] | None = None

    async def next(self, workspace_id: str, table: Table, noun: str) -> tuple[int, int]:
        """An id for a new row of the table, and the next number of its noun in the workspace."""
        future: asyncio.Future[tuple[int, int]] = asyncio.get_running_loop().create_future()
        self._asked[(workspace_id, noun, f"{table.name}_id_seq")].append(future)
        if self._counting is None:
            self._counting = asyncio.create_task(self._count_all())
        return await future

    async def _count_all(self) -> None:
        try:
            while self._asked:
                asked, self._asked = self._asked, defaultdict(deque)
                await self._count(asked)
        finally:
            self._counting = None

    async def _count(self, asked: dict[tuple[str, str, str], deque[asyncio.Future[tuple[int, int]]]]) -> None:
        parameters = [list(column) for column in zip(*asked, strict=True)]
        parameters.append([len(waiting) for waiting in asked.values()])
        try:
            rows = await self._run(lambda connection: list(driver_of(connection).rows(_COUNT, parameters)))
        except Exception as failure:
            for waiting in asked.values():
                for future in waiting:
                    if not future.done():
                        future.set_exception(failure)
            return
        for workspace_id, noun, sequence, new_id, number in rows:
            future = asked[(workspace_id, noun, sequence)].popleft()
            if not future.done():  # who asked may have gone away; the number then stays unused
                future.set_result((new_id, number))
