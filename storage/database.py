"""One transaction, on SQLite or PostgreSQL: a plain function that is given a connection and runs to its commit.

SQLite allows one writer. All writes of this process therefore take turns, first in, first out; whatever is waiting when the turn
comes is carried out in one transaction, each piece in a savepoint of its own, so that one commit, synced to the disk, serves many
people at once. PostgreSQL runs the same plain functions on asyncpg: SQLAlchemy's `run_sync` lets them wait without
blocking anybody.
"""

import asyncio
import contextvars
import sqlite3
from collections import deque
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol, TypeVar

from sqlalchemy import Connection, Engine, RootTransaction, create_engine, event
from sqlalchemy.engine import make_url
from sqlalchemy.exc import OperationalError
from sqlalchemy.ext.asyncio import create_async_engine
from sqlalchemy.pool import QueuePool

T = TypeVar("T")

MOST_TOGETHER = 64
"""Pieces of work that share one commit; more would make the first of them wait for the last."""
BUSY_SECONDS = 10
"""How long to wait for another process that is writing to the same SQLite file."""
READERS = 4
POSTGRES_CONNECTIONS = 6
"""Connections of one process. Who captures a lead waits for the one before to have its number: more connections only wait longer."""
LONGEST_STATEMENT = "30s"
"""PostgreSQL ends a statement, or a transaction that does nothing, after this long."""


class Database(Protocol):
    """Runs plain functions in transactions."""

    dialect: str

    async def write(self, body: Callable[[Connection], T]) -> T:
        """Run `body` in a transaction that is committed when this returns; whatever it raises undoes all of it."""
        ...

    async def glance(self, body: Callable[[Connection], T]) -> T:
        """Run `body`, which must not write and takes a few milliseconds at the most, in a transaction of its own."""
        ...

    async def read(self, body: Callable[[Connection], T]) -> T:
        """Run `body`, which must not write, in a transaction of its own; it may take its time."""
        ...

    async def close(self) -> None:
        """Finish what is waiting and let go of all connections."""
        ...


def open_database(url: str) -> Database:
    """The database behind `sqlite:///file.db`, whose folder is made if need be, or `postgresql://user@host/name`.

    Raises ValueError for any other kind.
    """
    kind = make_url(url).get_backend_name()
    if kind == "sqlite":
        Path(make_url(url).database or "").parent.mkdir(parents=True, exist_ok=True)
        return SqliteDatabase(url)
    if kind == "postgresql":
        return PostgresDatabase(url)
    raise ValueError(f"{kind!r} is not supported; use sqlite:/// or postgresql://")


@dataclass
class _Piece:
    """A function waiting for its turn to write, and where its result is awaited."""

    body: Callable[[Connection], Any]
    future: "asyncio.Future[Any]"
    context: contextvars.Context
    result: Any = None
    error: Exception | None = None

    def carry_out(self, connection: Connection) -> None:
        """Run in a savepoint, keeping what came of it."""
        driver = connection.connection.driver_connection
        assert isinstance(driver, sqlite3.Connection)
        driver.execute(
            "SAVEPOINT piece"
        )  # said to the driver directly: SQLAlchemy's own way costs a quarter of a capture
        try:
            self.result = self.context.run(self.body, connection)
        except Exception as error:
            self.error = error
            driver.execute("ROLLBACK TO piece")
        driver.execute("RELEASE piece")

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
        self._writer_engine = _sqlite_engine(url, "BEGIN IMMEDIATE", busy_seconds=0)
        self._reader_engine = _sqlite_engine(url, "BEGIN", busy_seconds=BUSY_SECONDS)
        self._glance_engine = _sqlite_engine(url, None, busy_seconds=BUSY_SECONDS)
        self._glancing: Connection | None = None
        self._threads = ThreadPoolExecutor(READERS, thread_name_prefix="sqlite")
        self._pieces: deque[_Piece] = deque()
        self._writing: asyncio.Task[None] | None = None

    async def write(self, body: Callable[[Connection], T]) -> T:
        """Queue `body` for its turn and wait until it is committed."""
        piece = _Piece(body, asyncio.get_running_loop().create_future(), contextvars.copy_context())
        self._pieces.append(piece)
        if self._writing is None:
            self._writing = asyncio.create_task(self._write_all())
        return await piece.future  # type: ignore[no-any-return]

    async def glance(self, body: Callable[[Connection], T]) -> T:
        """Run `body` at once, on the event loop."""
        connection = self._glancing = self._glancing or self._glance_engine.connect()
        driver = _driver(connection)
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
        with self._reader_engine.begin() as connection:
            return body(connection)

    async def close(self) -> None:
        """Finish what is queued; then close the files."""
        if self._writing:
            await self._writing
        self._threads.shutdown()
        if self._glancing:
            self._glancing.close()
        self._glance_engine.dispose()
        self._reader_engine.dispose()
        self._writer_engine.dispose()

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
            with self._writer_engine.connect() as connection:
                transaction = await _begin(connection)
                while self._pieces and len(batch) < MOST_TOGETHER:
                    batch.append(self._pieces.popleft())
                    batch[-1].carry_out(connection)
                    await asyncio.sleep(0)  # people's requests get in between
                await asyncio.get_running_loop().run_in_executor(self._threads, transaction.commit)
        except Exception as failure:
            for piece in batch or [self._pieces.popleft()]:
                piece.answer(failure)
        else:
            for piece in batch:
                piece.answer()


def _driver(connection: Connection) -> sqlite3.Connection:
    driver = connection.connection.driver_connection
    assert isinstance(driver, sqlite3.Connection)
    return driver


async def _begin(connection: Connection) -> RootTransaction:
    """Begin to write; another process that is writing to the same file is waited for.

    Raises OperationalError when it takes longer than BUSY_SECONDS.
    """
    patience = asyncio.get_running_loop().time() + BUSY_SECONDS
    while True:
        try:
            return connection.begin()
        except OperationalError:
            if asyncio.get_running_loop().time() > patience:
                raise
            await asyncio.sleep(0.01)


def _sqlite_engine(url: str, begin: str | None, *, busy_seconds: float) -> Engine:
    engine = create_engine(
        url, poolclass=QueuePool, pool_size=READERS, connect_args={"check_same_thread": False, "timeout": busy_seconds}
    )

    @event.listens_for(engine, "connect")
    def on_connect(connection: sqlite3.Connection, _record: object) -> None:
        connection.isolation_level = None  # we say BEGIN ourselves, below: the driver's own would come too late
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("PRAGMA synchronous = FULL")  # acknowledged means kept, also when the power fails
        connection.execute("PRAGMA foreign_keys = ON")
        connection.execute("PRAGMA cache_size = -65536")

    @event.listens_for(engine, "begin")
    def on_begin(connection: Connection) -> None:
        if begin:
            connection.exec_driver_sql(begin)

    return engine


class PostgresDatabase:
    """PostgreSQL through asyncpg."""

    dialect = "postgresql"

    def __init__(self, url: str) -> None:
        self.url = url
        self._engine = create_async_engine(
            make_url(url).set(drivername="postgresql+asyncpg"),
            pool_size=POSTGRES_CONNECTIONS,
            max_overflow=0,  # a connection too many would be made and dropped for every request
            connect_args={
                "server_settings": {
                    "timezone": "UTC",
                    "statement_timeout": LONGEST_STATEMENT,
                    "idle_in_transaction_session_timeout": LONGEST_STATEMENT,
                    "jit": "off",  # our statements are short; compiling them costs more than it saves
                }
            },
        )

        self._glances = self._engine.execution_options(isolation_level="AUTOCOMMIT")

    async def write(self, body: Callable[[Connection], T]) -> T:
        """Run `body` in a transaction on a connection of the pool."""
        async with self._engine.begin() as connection:
            return await connection.run_sync(body)

    async def glance(self, body: Callable[[Connection], T]) -> T:
        """Run `body` without a transaction around it: beginning and ending one costs twice what a short question does."""
        async with self._glances.connect() as connection:
            return await connection.run_sync(body)

    async def read(self, body: Callable[[Connection], T]) -> T:
        """Run `body` on a connection of the pool."""
        async with self._engine.connect() as connection:
            return await connection.run_sync(body)

    async def close(self) -> None:
        """Close all connections."""
        await self._engine.dispose()
