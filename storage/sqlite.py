"""SQLite, which allows one writer.

All writes of this process therefore take turns, first in, first out; whatever is waiting when the turn comes is carried out in one
transaction, so that one commit, synced to the disk, serves many people at once.
"""

import asyncio
import contextvars
import sqlite3
from collections import deque
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any, TypeVar

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.pool import QueuePool

from storage.drivers import SqliteDriver, as_json, sqlite_of
from storage.turns import TURN, Turn

T = TypeVar("T")

MOST_TOGETHER = 64
"""Pieces of work that share one commit; more would make the first of them wait for the last."""
PAUSES = 2
"""How often others run before a transaction is begun: what they ask for shares it."""
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
    is_alone: bool
    """Whether it must have a transaction of its own."""
    result: Any = None
    error: Exception | None = None

    def carry_out(self, connection: Connection) -> bool:
        """Run, keeping what came of it; whether it leaves changes behind that it failed in the middle of."""
        driver = sqlite_of(connection)
        before = driver.total_changes
        try:
            self.result, self.error = self.context.run(_carry_out, self.body, connection), None
        except Exception as error:
            self.error = error
        return self.error is not None and driver.total_changes > before

    def answer(self, failure: Exception | None = None) -> None:
        """Hand the result to who awaits it; `failure` is that of the commit."""
        error = failure or self.error
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

    def __init__(self, url: str) -> None:
        self.url = url
        self._engine = _sqlite_engine(url)
        self._glancing: Connection | None = None
        self._writer: Connection | None = None
        self._threads = ThreadPoolExecutor(READERS, thread_name_prefix="sqlite")
        self._pieces: deque[_Piece] = deque()
        self._writing: asyncio.Task[None] | None = None

    async def write(self, body: Callable[[Connection], T], *, may_repeat: bool = False) -> T:
        """Queue `body` for its turn and wait until it is committed; those that may be repeated share a transaction."""

        def settled(connection: Connection) -> T:
            connection.info[TURN].settle()
            return body(connection)

        return await self.write_late(settled, may_repeat=may_repeat)

    async def write_late(self, body: Callable[[Connection], T], *, may_repeat: bool = False) -> T:
        """The same; rows that others have put may still wait when `body` begins: it must ask for them, as a `Scope` does."""
        piece = _Piece(body, asyncio.get_running_loop().create_future(), contextvars.copy_context(), not may_repeat)
        self._pieces.append(piece)
        if self._writing is None:
            self._writing = asyncio.create_task(self._write_all())
        return await piece.future  # type: ignore[no-any-return]

    async def glance(self, body: Callable[[Connection], T]) -> T:
        """Run `body` at once, on the event loop."""
        connection = self._glancing = self._glancing or self._engine.connect()
        driver = sqlite_of(connection)
        driver.execute("BEGIN")
        try:
            return body(connection)
        finally:
            driver.execute("ROLLBACK")

    async def read(self, body: Callable[[Connection], T]) -> T:
        """Run `body` in a thread."""
        context = contextvars.copy_context()
        return await asyncio.get_running_loop().run_in_executor(self._threads, context.run, self._read, body)

    def _read(self, body: Callable[[Connection], T]) -> T:
        with self._engine.connect() as connection:  # which is rolled back as it is closed
            sqlite_of(connection).execute("BEGIN")
            return _carry_out(body, connection)

    async def close(self) -> None:
        """Finish what is queued; then close the files."""
        if self._writing:
            await self._writing
        self._threads.shutdown()
        for connection in (self._glancing, self._writer):
            if connection:
                connection.close()
        self._engine.dispose()

    def _to_write(self) -> Connection:
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

    def _fits(self, batch: list[_Piece]) -> bool:
        """Whether the next piece may be part of this transaction."""
        if not self._pieces or len(batch) == MOST_TOGETHER:
            return False
        return not batch or not (batch[-1].is_alone or self._pieces[0].is_alone)

    async def _write_together(self) -> None:
        batch: list[_Piece] = []
        try:
            for _pause in range(PAUSES):
                await asyncio.sleep(0)
            connection = self._writer = self._writer or self._to_write()
            await _begin(connection)
            turn = connection.info[TURN] = Turn(SqliteDriver(connection))
            is_spoilt = False
            while not is_spoilt and self._fits(batch):
                batch.append(self._pieces.popleft())
                is_spoilt = batch[-1].carry_out(connection)
                await asyncio.sleep(0)  # people's requests get in between
            is_spoilt = is_spoilt or not turn.finish()
            await asyncio.get_running_loop().run_in_executor(
                self._threads, sqlite_of(connection).execute, "ROLLBACK" if is_spoilt else "COMMIT"
            )
            if is_spoilt and len(batch) > 1:  # the others once more without it, then it by itself
                for piece in batch if turn.failure else batch[-1:]:
                    piece.is_alone = True
                self._pieces.extendleft(reversed(batch))
                batch.clear()
            elif turn.failure:
                batch[0].error = turn.failure
        except Exception as failure:
            if self._writer:
                self._writer.invalidate()  # no reader gets it, which would not wait either
                self._writer.close()
            self._writer = None
            for piece in batch or [self._pieces.popleft()]:
                piece.answer(failure)
        else:
            for piece in batch:
                piece.answer()


async def _begin(connection: Connection) -> None:
    """Begin to write; another process that is writing to the same file is waited for.

    Raises sqlite3.OperationalError when it takes longer than BUSY_SECONDS.
    """
    patience = asyncio.get_running_loop().time() + BUSY_SECONDS
    while True:
        try:
            sqlite_of(connection).execute("BEGIN IMMEDIATE")
            return
        except sqlite3.OperationalError:
            if asyncio.get_running_loop().time() > patience:
                raise
            await asyncio.sleep(0.01)


def _sqlite_engine(url: str) -> Engine:
    engine = create_engine(
        url,
        poolclass=QueuePool,
        pool_size=READERS + 2,  # and who writes, and who glances
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
