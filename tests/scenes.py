"""What a database holds as a test begins: furnished once in each test process, and the same for each test.

A test that asks for `firm` begins with one, any other with empty tables. A file whose tests begin with more has a fixture `scene` of its
own that returns what furnishes it.
"""

import shutil
import uuid
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import asyncpg
import pytest
from sqlalchemy import text

from storage.engine.database import Database, open_database
from storage.engine.postgres import PostgresDatabase
from storage.engine.sqlite import SqliteDatabase
from storage.migrations import upgrade
from storage.unit_of_work import Store
from tests.firm import FirmDesks, FrozenClock, found_firm

HANG_UP = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid != pg_backend_pid()"
SHAPE = """
SELECT md5(string_agg(concat_ws(' ', relname, relkind, attname, atttypid, attnotnull), ',' ORDER BY relname, attnum))
FROM pg_class JOIN pg_attribute ON attrelid = pg_class.oid WHERE relnamespace = 'public'::regnamespace
"""
"""A word that is another as soon as a table, a column or an index is."""

EITHER = ["sqlite", pytest.param("postgres", marks=[pytest.mark.postgres, pytest.mark.again])]
"""The parameters of a fixture that gives a test SQLite and then, once more, PostgreSQL."""

Furnish = Callable[[Database], Awaitable[Any]]
"""Furnishes an empty database; returns the facts that tests need of what is in it then."""


async def empty(_database: Database) -> None:
    """Nothing but the newest tables."""


async def a_firm(database: Database) -> FirmDesks:
    """A workspace with its people and their roles."""
    clock = FrozenClock()
    return await found_firm(Store(database, clock), clock)


class SqliteScenes:
    """Furnished files."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self.facts: dict[Furnish, Any] = {}

    async def copy(self, furnish: Furnish, path: Path) -> SqliteDatabase:
        """A database of one's own, so furnished."""
        shutil.copy(await self.source(furnish), path)
        return SqliteDatabase(f"sqlite:///{path}")

    async def source(self, furnish: Furnish) -> Path:
        """The file to be copied."""
        source = self._folder / f"{furnish.__name__}.db"
        if furnish not in self.facts:
            if furnish is empty:
                await migrated(f"sqlite:///{source}")
            else:
                shutil.copy(await self.source(empty), source)
            self.facts[furnish] = await _furnished(f"sqlite:///{source}", furnish)
        return source


@dataclass(frozen=True)
class _Scene:
    """A PostgreSQL database, and what puts it back as it was when it was furnished; `shape` tells whether its tables are as they were."""

    url: str
    put_back: str
    shape: str


class PostgresScenes:
    """Databases on one server, one for each state in which tests begin.

    Between two tests the rows are put back, which takes a hundredth of what a new database does; that is made where a test changed the
    tables themselves.
    """

    def __init__(self, server: str) -> None:
        self._server, self._names = server, f"scene_{uuid.uuid4().hex[:12]}"
        self._scenes: dict[Furnish, _Scene] = {}
        self.facts: dict[Furnish, Any] = {}

    async def open(self, furnish: Furnish) -> PostgresDatabase:
        """The database, so furnished; nobody else is connected to it."""
        scene = self._scenes.get(furnish)
        if scene is None or not await _put_back(scene):
            scene = self._scenes[furnish] = await self._make(furnish)
        return PostgresDatabase(scene.url)

    def putting_back(self, furnish: Furnish) -> str:
        """The statements that put the rows back of a database that was opened."""
        return self._scenes[furnish].put_back

    async def clear(self) -> None:
        """Take the databases away."""
        for furnish in self._scenes:
            await on_server(self._server, f"DROP DATABASE {self._name(furnish)} WITH (FORCE)")

    def _name(self, furnish: Furnish) -> str:
        return f"{self._names}_{furnish.__name__}"

    async def _make(self, furnish: Furnish) -> _Scene:
        await on_server(self._server, f"DROP DATABASE IF EXISTS {self._name(furnish)} WITH (FORCE)")
        await on_server(self._server, f"CREATE DATABASE {self._name(furnish)}")
        url = address_of(self._server, self._name(furnish))
        await migrated(url)
        self.facts[furnish] = await _furnished(url, furnish)
        return await _kept(url)


async def _kept(url: str) -> _Scene:
    """Keep a copy of every row in the database itself."""
    connection = await asyncpg.connect(url)
    tables = [row[0] for row in await connection.fetch("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")]
    await connection.execute("CREATE SCHEMA kept")
    for table in tables:
        await connection.execute(f"CREATE TABLE kept.{table} AS SELECT * FROM public.{table}")
    counts = await connection.fetch("SELECT sequencename, last_value FROM pg_sequences WHERE schemaname = 'public'")
    put_back = [
        "SET session_replication_role = replica",  # the audit log lets nobody delete
        *(f"DELETE FROM public.{table}" for table in tables),
        *(f"INSERT INTO public.{table} SELECT * FROM kept.{table}" for table in tables),
        *(f"SELECT setval('{name}', {last or 1}, {last is not None})" for name, last in counts),
    ]
    shape = await connection.fetchval(SHAPE)
    await connection.close()
    return _Scene(url, "; ".join(put_back), shape)


async def _put_back(scene: _Scene) -> bool:
    """Put the rows back; whether the tables are as they were, so that it could be done."""
    connection = await asyncpg.connect(scene.url)
    try:
        await connection.execute(HANG_UP)
        if await connection.fetchval(SHAPE) != scene.shape:
            return False
        await connection.execute(scene.put_back)
        return True
    finally:
        await connection.close()


async def migrated(url: str) -> None:
    """Bring a database to the newest tables."""
    database = open_database(url)
    await upgrade(database)
    await database.close()


@asynccontextmanager
async def unmade(kind: str, request: pytest.FixtureRequest, folder: Path) -> AsyncIterator[str]:
    """The address of a database without tables; on PostgreSQL it is taken away afterwards."""
    if kind == "sqlite":
        yield f"sqlite:///{folder / 'rainmaker.db'}"
        return
    server, name = request.getfixturevalue("postgres_server"), f"test_{uuid.uuid4().hex[:12]}"
    await on_server(server, f"CREATE DATABASE {name}")
    yield address_of(server, name)
    await on_server(server, f"DROP DATABASE {name} WITH (FORCE)")


async def _furnished(url: str, furnish: Furnish) -> Any:
    database = open_database(url)
    facts = await furnish(database)
    await database.close()
    return facts


async def on_server(server: str, statement: str) -> None:
    """Carry out one statement outside any transaction."""
    database = PostgresDatabase(server)
    async with database._writing.execution_options(isolation_level="AUTOCOMMIT").connect() as connection:
        await connection.execute(text(statement))
    await database.close()


def address_of(server: str, name: str) -> str:
    """The address of another database on the same server."""
    head, _slash, query = server.partition("?")
    return f"{head.rsplit('/', 1)[0]}/{name}?{query}"
