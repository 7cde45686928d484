"""Running bots for the tests of `bot/`: each test has its own workspace and database."""

from collections.abc import AsyncIterator
from typing import Any

import aiohttp
import pytest

from storage.database import SqliteDatabase
from tests.running import Running, close, found


@pytest.fixture
async def session() -> AsyncIterator[aiohttp.ClientSession]:
    """The people's browsers, so to speak."""
    async with aiohttp.ClientSession() as session:
        yield session


@pytest.fixture
async def running(session: aiohttp.ClientSession, sqlite_database: SqliteDatabase) -> AsyncIterator[Running]:
    """The bot over HTTP on SQLite."""
    running = await found(session, sqlite_database.url)
    yield running
    await close(running)


@pytest.fixture
async def running_on_either(session: aiohttp.ClientSession, database: Any) -> AsyncIterator[Running]:
    """The bot over HTTP, once on each database."""
    running = await found(session, database.url)
    yield running
    await close(running)


@pytest.fixture
async def running_over_socket(
    session: aiohttp.ClientSession, sqlite_database: SqliteDatabase
) -> AsyncIterator[Running]:
    """The bot over Socket Mode on SQLite."""
    running = await found(session, sqlite_database.url, over_http=False)
    yield running
    await close(running)
