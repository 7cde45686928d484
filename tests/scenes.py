"""What a database holds as a test begins: furnished once in each test process, and copied for each test.

A test that asks for `firm` begins with one, any other with empty tables. A file whose tests begin with more has a fixture `scene` of its
own that returns what furnishes it.
"""

import shutil
import uuid
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

from sqlalchemy import text

from storage.database import Database, PostgresDatabase, SqliteDatabase, open_database
from storage.migrations import upgrade
from storage.unit_of_work import DatabaseStore
from tests.firm import FirmDesks, FrozenClock, found_firm

Furnish = Callable[[Database], Awaitable[Any]]
"""Furnishes an empty database; returns the facts that tests need of what is in it then."""


async def empty(_database: Database) -> None:
    """Nothing but the newest tables."""


async def a_firm(database: Database) -> FirmDesks:
    """A workspace with its people and their roles."""
    clock = FrozenClock()
    return await found_firm(DatabaseStore(database, clock), clock)


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


class PostgresScenes:
    """Furnished databases on one server."""

    def __init__(self, server: str) -> None:
        self._server, self._names = server, f"scene_{uuid.uuid4().hex[:12]}"
        self.facts: dict[Furnish, Any] = {}

    async def copy(self, furnish: Furnish) -> PostgresDatabase:
        """A database of one's own, so furnished."""
        name = f"test_{uuid.uuid4().hex[:12]}"
        await self._make(name, f"TEMPLATE {await self._source(furnish)}")
        return PostgresDatabase(address_of(self._server, name))

    async def drop(self, database: PostgresDatabase) -> None:
        """Close a database and take it away."""
        await database.close()
        await self._drop(database.url.partition("?")[0].rpartition("/")[2])

    async def clear(self) -> None:
        """Take away what copies are made of."""
        for furnish in self.facts:
            await self._drop(self._name(furnish))

    async def _source(self, furnish: Furnish) -> str:
        name = self._name(furnish)
        if furnish not in self.facts:
            await self._make(name, "" if furnish is empty else f"TEMPLATE {await self._source(empty)}")
            if furnish is empty:
                await migrated(address_of(self._server, name))
            self.facts[furnish] = await _furnished(address_of(self._server, name), furnish)
        return name

    def _name(self, furnish: Furnish) -> str:
        return f"{self._names}_{furnish.__name__}"

    async def _make(self, name: str, like: str) -> None:
        await on_server(self._server, f"CREATE DATABASE {name} {like}")

    async def _drop(self, name: str) -> None:
        await on_server(self._server, f"DROP DATABASE {name} WITH (FORCE)")


async def migrated(url: str) -> None:
    """Bring a database to the newest tables."""
    database = open_database(url)
    await upgrade(database)
    await database.close()


async def _furnished(url: str, furnish: Furnish) -> Any:
    database = open_database(url)
    facts = await furnish(database)
    await database.close()
    return facts


async def on_server(server: str, statement: str) -> None:
    """Carry out one statement outside any transaction."""
    database = PostgresDatabase(server)
    async with database._engine.execution_options(isolation_level="AUTOCOMMIT").connect() as connection:
        await connection.execute(text(statement))
    await database.close()


def address_of(server: str, name: str) -> str:
    """The address of another database on the same server."""
    head, _slash, query = server.partition("?")
    return f"{head.rsplit('/', 1)[0]}/{name}?{query}"
