"""One transaction, on SQLite or PostgreSQL: a plain function that is given a connection and runs to its commit.

SQLite allows one writer. All writes of this process therefore take turns, first in, first out; whatever is waiting when the turn
comes is carried out in one transaction, so that one commit, synced to the disk, serves many
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

from pydantic_core import to_json
from sqlalchemy import Connection, Engine, RootTransaction, create_engine, event
from sqlalchemy.engine import make_url
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine
from sqlalchemy.pool import NullPool, QueuePool

from storage.drivers import PostgresDriver, asyncpg_of, sqlite_of
from storage.numbers import Numbers
from storage.scope import NUMBERS

T = TypeVar("T")

MOST_TOGETHER = 64
"""Pieces of work that share one commit; more would make the first of them wait for the last."""
BUSY_SECONDS = 10
"""How long to wait for another process that is writing to the same SQLite file."""
READERS = 4
POSTGRES_CONNECTIONS = 6
"""Connections of one process, besides the one that counts."""
COUNTING = {"synchronous_commit": "off"}
"""A count need not be on the disk before the record that uses it, whose own commit takes it along: the log is written in order."""
LONGEST_STATEMENT = "30s"
"""PostgreSQL ends a statement, or a transaction that does nothing, after this long."""


class Database(Protocol):
    """Runs plain functions in transactions."""

    dialect: str

    async def write(self, body: Callable[[Connection], T], *, may_repeat: bool = False) -> T:
        """Run `body` in a transaction that is committed when this returns; whatever it raises undoes all of it.

        One that `may_repeat` may share a transaction with others, and then be carried out again.
        """
        ...

    async def write_late(self, body: Callable[[Connection], T], *, may_repeat: bool = False) -> T:
        """Like `write`, for a `body` that changes something only through a `Scope`, which begins the transaction when it must."""
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
        self._writer_engine = _sqlite_engine(url, None, busy_seconds=0)
        self._reader_engine = _sqlite_engine(url, "BEGIN", busy_seconds=BUSY_SECONDS)
        self._glance_engine = _sqlite_engine(url, None, busy_seconds=BUSY_SECONDS)
        self._glancing: Connection | None = None
        self._writer: Connection | None = None
        self._threads = ThreadPoolExecutor(READERS, thread_name_prefix="sqlite")
        self._pieces: deque[_Piece] = deque()
        self._writing: asyncio.Task[None] | None = None

    async def write(self, body: Callable[[Connection], T], *, may_repeat: bool = False) -> T:
        """Queue `body` for its turn and wait until it is committed; those that may be repeated share a transaction."""
        piece = _Piece(body, asyncio.get_running_loop().create_future(), contextvars.copy_context(), not may_repeat)
        self._pieces.append(piece)
        if self._writing is None:
            self._writing = asyncio.create_task(self._write_all())
        return await piece.future  # type: ignore[no-any-return]

    async def write_late(self, body: Callable[[Connection], T], *, may_repeat: bool = False) -> T:
        """The same: a transaction that others wait for is begun for all of them."""
        return await self.write(body, may_repeat=may_repeat)

    async def glance(self, body: Callable[[Connection], T]) -> T:
        """Run `body` at once, on the event loop."""
        connection = self._glancing = self._glancing or self._glance_engine.connect()
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
        with self._reader_engine.begin() as connection:
            return _carry_out(body, connection)

    async def close(self) -> None:
        """Finish what is queued; then close the files."""
        if self._writing:
            await self._writing
        self._threads.shutdown()
        for connection in (self._glancing, self._writer):
            if connection:
                connection.close()
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

    def _fits(self, batch: list[_Piece]) -> bool:
        """Whether the next piece may be part of this transaction."""
        if not self._pieces or len(batch) == MOST_TOGETHER:
            return False
        return not batch or not (batch[-1].is_alone or self._pieces[0].is_alone)

    async def _write_together(self) -> None:
        batch: list[_Piece] = []
        try:
            connection = self._writer = self._writer or self._writer_engine.connect()
            transaction = await _begin(connection)
            is_spoilt = False
            while not is_spoilt and self._fits(batch):
                batch.append(self._pieces.popleft())
                is_spoilt = batch[-1].carry_out(connection)
                await asyncio.sleep(0)  # people's requests get in between
            await asyncio.get_running_loop().run_in_executor(
                self._threads, transaction.rollback if is_spoilt else transaction.commit
            )
            if is_spoilt and len(batch) > 1:  # the others once more without it, then it by itself
                batch[-1].is_alone = True
                self._pieces.extendleft(reversed(batch))
                batch.clear()
        except Exception as failure:
            if self._writer:
                self._writer.close()
            self._writer = None
            for piece in batch or [self._pieces.popleft()]:
                piece.answer(failure)
        else:
            for piece in batch:
                piece.answer()


async def _begin(connection: Connection) -> RootTransaction:
    """Begin to write; another process that is writing to the same file is waited for.

    Raises sqlite3.OperationalError when it takes longer than BUSY_SECONDS.
    """
    patience = asyncio.get_running_loop().time() + BUSY_SECONDS
    while True:
        try:
            sqlite_of(connection).execute("BEGIN IMMEDIATE")
            return connection.begin()
        except sqlite3.OperationalError:
            if asyncio.get_running_loop().time() > patience:
                raise
            await asyncio.sleep(0.01)


def _json(value: Any) -> str:
    """JSON in a quarter of the time the standard library takes."""
    return to_json(value).decode()


def _sqlite_engine(url: str, begin: str | None, *, busy_seconds: float) -> Engine:
    engine = create_engine(
        url,
        poolclass=QueuePool,
        pool_size=READERS,
        json_serializer=_json,
        connect_args={"check_same_thread": False, "timeout": busy_seconds},
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
        self._engine = _postgres_engine(url)
        self._counting = Connections(_postgres_engine(url, **COUNTING), 1)
        self._connections = Connections(self._engine, POSTGRES_CONNECTIONS, Numbers(self._counting.run))

    async def write(self, body: Callable[[Connection], T], *, may_repeat: bool = False) -> T:
        """Run `body` in a transaction of its own."""

        def begun(connection: Connection) -> T:
            PostgresDriver(connection).begin()
            if not connection.in_transaction():
                connection.begin()  # so that SQLAlchemy knows, too
            return _to_its_end(connection, body)

        return await self._connections.run(begun)

    async def write_late(self, body: Callable[[Connection], T], *, may_repeat: bool = False) -> T:
        """Run `body`, which begins a transaction by itself if it needs one."""
        return await self._connections.run(lambda connection: _to_its_end(connection, body))

    async def glance(self, body: Callable[[Connection], T]) -> T:
        """Run `body` without a transaction around it: beginning and ending one costs twice what a short question does."""
        return await self._connections.run(body)

    async def read(self, body: Callable[[Connection], T]) -> T:
        """Run `body`, each question of which sees what is committed by then."""
        return await self._connections.run(body)

    async def close(self) -> None:
        """Close all connections."""
        await self._connections.close()
        await self._counting.close()


def _to_its_end(connection: Connection, body: Callable[[Connection], T]) -> T:
    driver = PostgresDriver(connection)
    try:
        result = body(connection)
    except Exception:
        driver.end("ROLLBACK")
        raise
    driver.end("COMMIT")
    return result


@dataclass
class _Kept:
    """A connection as SQLAlchemy has it and as the driver has it."""

    connection: AsyncConnection
    driver: Any

    @property
    def is_usable(self) -> bool:
        """Whether the server is there, and expects nothing of us."""
        return not (self.connection.invalidated or self.driver.is_closed() or self.driver.is_in_transaction())

    async def drop(self) -> None:
        """Hang up, whatever it is doing."""
        self.driver.terminate()
        await self.connection.close()


class Connections:
    """Connections to PostgreSQL that are kept open and lent out in turn; the pools of SQLAlchemy cost more than a short statement.

    They are in no transaction when they are lent, and begin none by themselves. One that was lost, such as when the server was
    restarted, is replaced when its turn comes.
    """

    def __init__(self, engine: AsyncEngine, most: int, numbers: Numbers | None = None) -> None:
        self._engine = engine.execution_options(isolation_level="AUTOCOMMIT")
        self._most, self._numbers = most, numbers
        self._turns = asyncio.Semaphore(most)
        self._free: list[_Kept] = []

    async def run(self, body: Callable[[Connection], T]) -> T:
        """Run `body` on a connection."""
        async with self._turns:
            kept = await self._take()
            try:
                result = await kept.connection.run_sync(body)
            except Exception:
                self._free.append(kept)
                raise
            except BaseException:
                await kept.drop()  # it was cancelled in the middle of something
                raise
            self._free.append(kept)
            return result

    async def _take(self) -> _Kept:
        while self._free:
            kept = self._free.pop()
            if kept.is_usable:
                return kept
            await kept.drop()
        connection = await self._engine.connect()
        assert connection.sync_connection is not None
        connection.sync_connection.info[NUMBERS] = self._numbers
        return _Kept(connection, asyncpg_of(connection.sync_connection))

    async def close(self) -> None:
        """Wait for those that are lent, and close them all."""
        for _turn in range(self._most):
            await self._turns.acquire()
        for kept in self._free:
            await kept.connection.close()
        await self._engine.dispose()


def _postgres_engine(url: str, **settings: str) -> AsyncEngine:
    return create_async_engine(
        make_url(url).set(drivername="postgresql+asyncpg"),
        poolclass=NullPool,
        json_serializer=_json,
        connect_args={
            "server_settings": {
                "timezone": "UTC",
                "statement_timeout": LONGEST_STATEMENT,
                "idle_in_transaction_session_timeout": LONGEST_STATEMENT,
                "jit": "off",  # our statements are short; compiling them costs more than it saves
                "plan_cache_mode": "force_generic_plan",  # nor do they gain from a plan for each set of values
                "enable_seqscan": "off",  # a plan made while a table was empty would read all of it for ever
                **settings,
            }
        },
    )
