"""PostgreSQL through asyncpg: SQLAlchemy's `run_sync` lets plain functions wait without blocking anybody."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar

from sqlalchemy import Connection
from sqlalchemy.engine import make_url
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine
from sqlalchemy.pool import NullPool

from storage.drivers import PostgresDriver, as_json, asyncpg_of
from storage.numbers import NUMBERS, Numbers

T = TypeVar("T")

POSTGRES_CONNECTIONS = 6
"""Connections of one process, besides the one that counts."""
COUNTING = {"synchronous_commit": "off"}
"""A count need not be on the disk before the record that uses it, whose own commit takes it along: the log is written in order."""
LONGEST_STATEMENT = "30s"
"""PostgreSQL ends a statement, or a transaction that does nothing, after this long."""


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
        json_serializer=as_json,
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
