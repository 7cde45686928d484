"""Running bots for the tests of `bot/`: each test has its own workspace and database, but those that share the one `bot` of their file."""

from collections.abc import AsyncIterator
from typing import Any

import aiohttp
import pytest
import pytest_asyncio

from domain.sales.leads import Lead, NewLead
from storage.engine.sqlite import SqliteDatabase
from storage.unit_of_work import Store
from tests.firm import FirmDesks, FrozenClock, found_firm
from tests.running import BEN, SECRET, Running, arrived, close, larkspur
from tests.scenes import Furnish, SqliteScenes


@pytest.fixture
def scene(request: pytest.FixtureRequest, scene: Furnish) -> Furnish:
    """A test with a running bot begins with the workspace it has come to."""
    return larkspur if "session" in request.fixturenames else scene


@pytest.fixture
async def session() -> AsyncIterator[aiohttp.ClientSession]:
    """The people's browsers, so to speak."""
    async with aiohttp.ClientSession() as session:
        yield session


@pytest.fixture
async def running(session: aiohttp.ClientSession, sqlite_database: SqliteDatabase) -> AsyncIterator[Running]:
    """The bot over HTTP on SQLite."""
    running = await arrived(session, sqlite_database.url)
    yield running
    await close(running)


@pytest.fixture
async def running_on_either(session: aiohttp.ClientSession, database: Any) -> AsyncIterator[Running]:
    """The bot over HTTP, once on each database."""
    running = await arrived(session, database.url)
    yield running
    await close(running)


@pytest.fixture
async def running_over_socket(
    session: aiohttp.ClientSession, sqlite_database: SqliteDatabase
) -> AsyncIterator[Running]:
    """The bot over Socket Mode on SQLite."""
    running = await arrived(session, sqlite_database.url, over_http=False)
    yield running
    await close(running)


@pytest_asyncio.fixture(loop_scope="module", scope="module")
async def bot(sqlite_scenes: SqliteScenes, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Running]:
    """One bot on SQLite for all tests of a file: whatever it has been through, it goes on."""
    database = await sqlite_scenes.copy(larkspur, tmp_path_factory.mktemp("bot") / "rainmaker.db")
    await database.close()
    async with aiohttp.ClientSession() as session:
        running = await arrived(session, database.url)
        yield running
        await close(running)


@pytest_asyncio.fixture(loop_scope="module", scope="module")
async def lead(bot: Running) -> Lead:
    """A lead in the bot's workspace."""
    new = NewLead(company=SECRET, source="web", said="top secret", is_new_company=True)
    made = await bot.rain.desks.leads.capture(await bot.actor(BEN), new)
    assert isinstance(made, Lead)
    await bot.delivered()
    return made


@pytest_asyncio.fixture(loop_scope="module", scope="module")
async def others(bot: Running) -> FirmDesks:
    """Another firm in the same database."""
    return await found_firm(Store(bot.rain.database, bot.rain.clock), FrozenClock(), "T0OTHER")


@pytest_asyncio.fixture(loop_scope="module")
async def settings_back(bot: Running) -> AsyncIterator[None]:
    """For tests that may change the roles or the leads' channel: they are as before afterwards."""
    yield
    await bot.furnish()
