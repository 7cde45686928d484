"""SQLite, which allows one writer.

All writes of this process therefore take turns, first in, first out; whatever is waiting when the turn comes is carried out in one
transaction, so that one commit, synced to the disk, serves many people at once. Each is a savepoint of its own: one that fails
undoes what it did, and no more.
"""

import asyncio
import contextvars
import sqlite3
from collections import deque
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.engine import make_url
from sqlalchemy.pool import QueuePool

from storage.engine.away import FileGone
from storage.engine.drivers import as_json, sqlite_of

T = TypeVar("T")

MOST_TOGETHER = 64
"""Pieces of work that share one commit; more would make the first of them wait for the last."""
BUSY_SECONDS = 10
"""How long to wait for another process that is writing to the same SQLite file."""
READERS = 4
LOG_PAGES = 16_000
"""Pages (4 KiB) of the log from which on it is carried over into the file: most are changed many times until then, and are written once."""


def _carry_out(body: Callable[[Connection], T], connection: Connection) -> T:
    """Run `body`. Nothing that is awaited may end in StopIteration: no future takes it, and who waits would wait for ever."""
    try:
        return body(connection)
    except StopIteration as error:
        raise RuntimeError("a piece of work ended in StopIteration") from error


@dataclass
class _Piece:
    """A function waiting for its turn to write, and where its result is awaited."""

    body: Callable[[Connection], Any]
    future: "asyncio.Future[Any]"
    context: contextvars.Context
    result: Any = None
    error: Exception | None = None

    def carry_out(self, connection: Connection) -> None:
        """Run, keeping what came of it; whatever it raises undoes what it did."""
        driver = sqlite_of(connection)
        driver.execute("SAVEPOINT piece")
        try:
            self.result = self.context.run(_carry_out, self.body, connection)
        except Exception as error:
            self.error = error
            driver.execute("ROLLBACK TO piece")
        driver.execute("RELEASE piece")

    def answer(self, failure: Exception | None = None) -> None:
        """Hand the result to who awaits it; `failure` is that of the commit."""
        error = self.error or failure
        if self.future.done():  # who asked has gone away meanwhile
            return
        if error:
            self.future.set_exception(error)
        else:
            self.future.set_result(self.result)


class SqliteDatabase:
    """SQLite in WAL mode: one writer of this process, first in, first out.

    A piece of work is short, so it runs on the event loop itself: handing each to a thread would cost more than it takes, because two
    busy threads wait for each other at every call into SQLite. Only what waits for the disk is given to a thread: the commit, and
    questions that may be long. While one commit is on its way the next pieces gather, and then share the next commit.
    """

    dialect = "sqlite"

    def __init__(self, url: str, patience: float = BUSY_SECONDS) -> None:
        self.url, self._patience = url, patience
        self._path = Path(make_url(url).database or "")
        self._file: tuple[int, int] | None = None
        self._engine = _sqlite_engine(url)
        self._reading: Connection | None = None
        self._writer: Connection | None = None
        self._threads = ThreadPoolExecutor(READERS, thread_name_prefix="sqlite")
        self._pieces: deque[_Piece] = deque()
        self._writing: asyncio.Task[None] | None = None

    async def write(self, body: Callable[[Connection], T], workspace_id: str | None = None) -> T:
        """Queue `body` for its turn and wait until it is committed."""
        piece = _Piece(body, asyncio.get_running_loop().create_future(), contextvars.copy_context())
        self._pieces.append(piece)
        if self._writing is None:
            self._writing = asyncio.create_task(self._write_all())
        return await piece.future  # type: ignore[no-any-return]

    async def read(self, body: Callable[[Connection], T]) -> T:
        """Run `body` at once, on the event loop."""
        self._check_file()
        connection = self._reading = self._reading or self._to_use_on_the_loop()
        driver = sqlite_of(connection)
        driver.execute("BEGIN")
        try:
            return body(connection)
        finally:
            driver.execute("ROLLBACK")

    async def read_slow(self, body: Callable[[Connection], T]) -> T:
        """Run `body` in a thread."""
        context = contextvars.copy_context()
        return await asyncio.get_running_loop().run_in_executor(self._threads, context.run, self._read_slow, body)

    def _read_slow(self, body: Callable[[Connection], T]) -> T:
        self._check_file()
        with self._engine.connect() as connection:  # which is rolled back as it is closed
            sqlite_of(connection).execute("BEGIN")
            return _carry_out(body, connection)

    async def restructure(self, body: Callable[[Connection], T]) -> T:
        """Run `body` at once, in a transaction of its own.

        SQLite changes most of a table only by replacing it, and meanwhile whatever refers to it leads nowhere. So foreign keys are
        checked once, after `body`, instead of at every statement.
        Raises sqlite3.IntegrityError for a row that leads nowhere then.
        """
        with self._engine.connect() as connection:
            driver = sqlite_of(connection)
            driver.execute("PRAGMA foreign_keys = OFF")  # which within a transaction would change nothing
            driver.execute("BEGIN IMMEDIATE")
            try:
                result = _carry_out(body, connection)
                _check_foreign_keys(driver)
                driver.execute("COMMIT")
            finally:
                if driver.in_transaction:
                    driver.execute("ROLLBACK")
                driver.execute("PRAGMA foreign_keys = ON")
            return result

    async def close(self) -> None:
        """Finish what is queued; then close the files."""
        if self._writing:
            await self._writing
        self._threads.shutdown()
        for connection in (self._reading, self._writer):
            if connection:
                connection.close()
        self._engine.dispose()

    def _check_file(self) -> None:
        """Refuse to go on with a file that was deleted or replaced: what is written to it is kept nowhere.

        Raises FileGone.
        """
        try:
            found = self._path.stat()
        except FileNotFoundError:
            if self._file is None:
                return
            raise FileGone(f"{self._path.name} was deleted") from None
        self._file = self._file or (found.st_dev, found.st_ino)
        if self._file != (found.st_dev, found.st_ino):
            raise FileGone(f"{self._path.name} was replaced")

    def _to_use_on_the_loop(self) -> Connection:
        """A connection that never waits for another process: that would hold up the event loop."""
        connection = self._engine.connect()
        sqlite_of(connection).execute("PRAGMA busy_timeout = 0")
        return connection

    async def _write_all(self) -> None:
        """Carry out all that is queued, many pieces to a commit."""
        try:
            while self._pieces:
                await self._write_together()
        finally:
            self._writing = None

    async def _write_together(self) -> None:
        batch: list[_Piece] = []
        try:
            self._check_file()
            connection = self._writer = self._writer or self._to_use_on_the_loop()
            await _begin(connection, self._patience)
            while self._pieces and len(batch) < MOST_TOGETHER:
                batch.append(self._pieces.popleft())
                batch[-1].carry_out(connection)
                await asyncio.sleep(0)  # people's requests get in between
            await asyncio.get_running_loop().run_in_executor(self._threads, sqlite_of(connection).execute, "COMMIT")
        except Exception as failure:
            if self._writer and not self._writer.closed:
                self._writer.invalidate()  # no reader gets it, which would not wait either
                self._writer.close()
            self._writer = None
            if not batch:  # all that waits has waited for the same
                batch.extend(self._pieces)
                self._pieces.clear()
            for piece in batch:
                piece.answer(failure)
        else:
            for piece in batch:
                piece.answer()


async def _begin(connection: Connection, patience: float) -> None:
    """Begin to write; another process that is writing to the same file is waited for.

    Raises sqlite3.OperationalError when it takes longer than `patience` in seconds.
    """
    until = asyncio.get_running_loop().time() + patience
    while True:
        try:
            sqlite_of(connection).execute("BEGIN IMMEDIATE")
            return
        except sqlite3.OperationalError:
            if asyncio.get_running_loop().time() > until:
                raise
            await asyncio.sleep(0.01)


def _check_foreign_keys(driver: sqlite3.Connection) -> None:
    broken = driver.execute("PRAGMA foreign_key_check").fetchone()
    if broken:
        table, row, referred, _number = broken
        raise sqlite3.IntegrityError(f"row {row} of {table} refers to a row of {referred} that is not there")


def _sqlite_engine(url: str) -> Engine:
    engine = create_engine(
        url,
        poolclass=QueuePool,
        pool_size=READERS + 2,  # and who writes, and who reads on the event loop
        json_serializer=as_json,
        connect_args={"check_same_thread": False, "timeout": BUSY_SECONDS},
    )

    @event.listens_for(engine, "connect")
    def on_connect(connection: sqlite3.Connection, _record: object) -> None:
        connection.isolation_level = None  # we say BEGIN ourselves: the driver's own would come too late
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("PRAGMA synchronous = FULL")  # acknowledged means kept, also when the power fails
        connection.execute("PRAGMA foreign_keys = ON")
        connection.execute("PRAGMA cache_size = -65536")
        connection.execute(f"PRAGMA wal_autocheckpoint = {LOG_PAGES}")

    return engine
