"""PostgreSQL through asyncpg: SQLAlchemy's `run_sync` lets plain functions wait without blocking anybody.

A write locks its workspace before it looks at anything, so writes of one workspace follow one another, in this process and in all
others, as on SQLite. A write that names no workspace follows all others. A read is one snapshot and waits for nobody.
See docs/decisions/0012.
"""

import asyncio
import random
from collections.abc import Callable
from typing import Any, TypeVar

from sqlalchemy import Connection, event
from sqlalchemy.engine import make_url
from sqlalchemy.exc import DisconnectionError
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine

from storage.engine.drivers import as_json

T = TypeVar("T")

WRITERS, READERS = 6, 6
"""Connections of one process that write, and that read."""
LONGEST_STATEMENT = "30s"
"""PostgreSQL ends a statement, or a transaction that does nothing, after this long."""
ATTEMPTS = 8
"""How often a transaction is tried that PostgreSQL ended for the sake of another."""
PAUSE = 0.01
"""Seconds; a further try waits for less than this, doubled for each try before it."""
ENDED_FOR_ANOTHER = frozenset({"40001", "40P01"})
"""serialization_failure and deadlock_detected, as PostgreSQL writes them."""
LOCKS = 7246
"""Our part of PostgreSQL's advisory locks; any number of our own."""

_LOCK_WORKSPACE = f"SELECT pg_advisory_xact_lock_shared({LOCKS}), pg_advisory_xact_lock({LOCKS}, hashtext($1))"
_LOCK_ALL = f"SELECT pg_advisory_xact_lock({LOCKS})"


class PostgresDatabase:
    """PostgreSQL through asyncpg."""

    dialect = "postgresql"

    def __init__(self, url: str) -> None:
        self.url = url
        self._writing = _postgres_engine(url, WRITERS)
        reading = _postgres_engine(url, READERS)
        self._reading = reading.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)

    async def write(self, body: Callable[[Connection], T], workspace_id: str | None = None) -> T:
        """Run `body` in a transaction of its own, which is tried again where PostgreSQL ends it for the sake of another."""

        def locked(connection: Connection) -> T:
            if workspace_id is None:
                connection.exec_driver_sql(_LOCK_ALL)
            else:
                connection.exec_driver_sql(_LOCK_WORKSPACE, (workspace_id,))
            return body(connection)

        attempt = 1
        while True:
            try:
                return await _run(self._writing, locked)
            except Exception as error:
                if _sqlstate(error) not in ENDED_FOR_ANOTHER or attempt == ATTEMPTS:
                    raise
            await asyncio.sleep(random.uniform(0, PAUSE * 2**attempt))
            attempt += 1

    async def read(self, body: Callable[[Connection], T]) -> T:
        """Run `body` on one snapshot of what is committed."""
        return await _run(self._reading, body)

    async def read_slow(self, body: Callable[[Connection], T]) -> T:
        """The same: nobody waits for a reader."""
        return await self.read(body)

    async def restructure(self, body: Callable[[Connection], T]) -> T:
        """Run `body` in a transaction of its own, however long a statement takes."""

        def unhurried(connection: Connection) -> T:
            for limit in ("statement_timeout", "idle_in_transaction_session_timeout"):
                connection.exec_driver_sql(f"SET LOCAL {limit} = 0")
            return body(connection)

        return await self.write(unhurried)

    async def close(self) -> None:
        """Close all connections."""
        await self._writing.dispose()
        await self._reading.dispose()


async def _run(engine: AsyncEngine, body: Callable[[Connection], T]) -> T:
    """Run `body` in a transaction; whatever it raises undoes all of it."""
    async with engine.begin() as connection:
        try:
            return await connection.run_sync(body)
        except asyncio.CancelledError:
            await connection.invalidate()  # a statement may still be on its way
            raise


def _sqlstate(error: Exception) -> str | None:
    """PostgreSQL's code of an error, whether SQLAlchemy wraps it or the driver raised it."""
    return getattr(getattr(error, "orig", error), "sqlstate", None)


def _postgres_engine(url: str, connections: int) -> AsyncEngine:
    engine = create_async_engine(
        make_url(url).set(drivername="postgresql+asyncpg"),
        pool_size=connections,
        max_overflow=0,
        json_serializer=as_json,
        connect_args={
            "server_settings": {
                "timezone": "UTC",
                "statement_timeout": LONGEST_STATEMENT,
                "idle_in_transaction_session_timeout": LONGEST_STATEMENT,
                "jit": "off",  # our statements are short; compiling them costs more than it saves
            }
        },
    )

    @event.listens_for(engine.sync_engine, "checkout")
    def on_checkout(connection: Any, _record: object, _lent: object) -> None:
        if connection.driver_connection.is_closed():
            raise DisconnectionError  # the pool opens another

    return engine
