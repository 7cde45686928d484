"""One transaction, on SQLite or PostgreSQL: a plain function that is given a connection and runs to its commit.

SQLite allows one writer. All writes of this process therefore go through one thread, first in, first out; whatever is waiting when
the thread is free is carried out in one transaction, each piece in a savepoint of its own, so that one commit, synced to the disk,
serves many people at once. PostgreSQL runs the same plain functions on asyncpg: SQLAlchemy's `run_sync` lets them wait without
blocking anybody.
"""

import asyncio
import contextvars
import queue
import sqlite3
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any, Protocol, TypeVar

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.engine import make_url
from sqlalchemy.ext.asyncio import create_async_engine
from sqlalchemy.pool import QueuePool

T = TypeVar("T")

MOST_TOGETHER = 64
"""Pieces of work that share one commit; more would make the first of them wait for the last."""
BUSY_SECONDS = 10
"""How long to wait for another process that is writing to the same SQLite file."""
READERS = 4
LONGEST_STATEMENT = "30s"
"""PostgreSQL ends a statement, or a transaction that does nothing, after this long."""


class Database(Protocol):
    """Runs plain functions in transactions."""

    dialect: str

    async def write(self, body: Callable[[Connection], T]) -> T:
        """Run `body` in a transaction that is committed when this returns; whatever it raises undoes all of it."""
        ...

    async def read(self, body: Callable[[Connection], T]) -> T:
        """Run `body`, which must not write, in a transaction of its own."""
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
    """A function waiting for the writer, and where its result is awaited."""

    body: Callable[[Connection], Any]
    future: "asyncio.Future[Any]"
    loop: asyncio.AbstractEventLoop
    context: contextvars.Context
    result: Any = None
    error: BaseException | None = None

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

    def answer(self, failure: BaseException | None = None) -> None:
        """Hand the result to who awaits it; `failure` is that of the commit."""
        error = failure or self.error
        tell = partial(self.future.set_exception, error) if error else partial(self.future.set_result, self.result)
        self.loop.call_soon_threadsafe(lambda: None if self.future.done() else tell())


@dataclass
class SqliteDatabase:
    """SQLite in WAL mode: one writer thread, a few readers."""

    url: str
    dialect: str = "sqlite"
    _pieces: "queue.SimpleQueue[_Piece | None]" = field(default_factory=queue.SimpleQueue)

    def __post_init__(self) -> None:
        self._writer_engine = _sqlite_engine(self.url, "BEGIN IMMEDIATE")
        self._reader_engine = _sqlite_engine(self.url, "BEGIN")
        self._readers = ThreadPoolExecutor(READERS, thread_name_prefix="sqlite-reader")
        self._writer = threading.Thread(target=self._write_for_ever, name="sqlite-writer", daemon=True)
        self._writer.start()

    async def write(self, body: Callable[[Connection], T]) -> T:
        """Queue `body` for the writer and wait until it is committed."""
        loop = asyncio.get_running_loop()
        piece = _Piece(body, loop.create_future(), loop, contextvars.copy_context())
        self._pieces.put(piece)
        return await piece.future  # type: ignore[no-any-return]

    async def read(self, body: Callable[[Connection], T]) -> T:
        """Run `body` in a reader's thread."""
        context = contextvars.copy_context()
        return await asyncio.get_running_loop().run_in_executor(self._readers, context.run, self._read, body)

    def _read(self, body: Callable[[Connection], T]) -> T:
        with self._reader_engine.connect() as connection:
            return body(connection)

    async def close(self) -> None:
        """Finish what is queued; then close the files."""
        self._pieces.put(None)
        await asyncio.to_thread(self._writer.join)
        self._readers.shutdown()
        self._reader_engine.dispose()
        self._writer_engine.dispose()

    def _write_for_ever(self) -> None:
        with self._writer_engine.connect() as connection:
            while (first := self._pieces.get()) is not None:
                batch, is_last = self._batch(first)
                self._commit_together(connection, batch)
                if is_last:
                    return

    def _batch(self, first: _Piece) -> tuple[list[_Piece], bool]:
        batch = [first]
        while len(batch) < MOST_TOGETHER:
            try:
                piece = self._pieces.get_nowait()
            except queue.Empty:
                break
            if piece is None:
                return batch, True
            batch.append(piece)
        return batch, False

    def _commit_together(self, connection: Connection, batch: list[_Piece]) -> None:
        try:
            with connection.begin():
                for piece in batch:
                    piece.carry_out(connection)
        except Exception as failure:
            for piece in batch:
                piece.answer(failure)
        else:
            for piece in batch:
                piece.answer()


def _sqlite_engine(url: str, begin: str) -> Engine:
    engine = create_engine(
        url, poolclass=QueuePool, pool_size=READERS, connect_args={"check_same_thread": False, "timeout": BUSY_SECONDS}
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
        connection.exec_driver_sql(begin)

    return engine


class PostgresDatabase:
    """PostgreSQL through asyncpg."""

    dialect = "postgresql"

    def __init__(self, url: str) -> None:
        self.url = url
        self._engine = create_async_engine(
            make_url(url).set(drivername="postgresql+asyncpg"),
            pool_size=10,
            max_overflow=10,
            connect_args={
                "server_settings": {
                    "timezone": "UTC",
                    "statement_timeout": LONGEST_STATEMENT,
                    "idle_in_transaction_session_timeout": LONGEST_STATEMENT,
                    "jit": "off",  # our statements are short; compiling them costs more than it saves
                }
            },
        )

    async def write(self, body: Callable[[Connection], T]) -> T:
        """Run `body` in a transaction on a connection of the pool."""
        async with self._engine.begin() as connection:
            return await connection.run_sync(body)

    async def read(self, body: Callable[[Connection], T]) -> T:
        """Run `body` on a connection of the pool."""
        async with self._engine.connect() as connection:
            return await connection.run_sync(body)

    async def close(self) -> None:
        """Close all connections."""
        await self._engine.dispose()
