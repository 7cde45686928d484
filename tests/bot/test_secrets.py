"""What nobody else is to read: files, tokens at rest, and the token on its way."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path
from typing import Any

import aiohttp
import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer
from slack_sdk.web.async_client import AsyncWebClient
from sqlalchemy import select
from typer.testing import CliRunner
from yarl import URL

from bot.cli import app
from bot.cli_exports import write
from bot.settings import Settings, read_settings
from bot.token_keys import key_file, tokens_of
from domain.core.clock import SystemClock
from domain.core.refusals import RuleBroken
from handlers.slack_hosts import downloaded, is_slacks
from storage.core.tokens import Tokens
from storage.engine.database import Database, open_database
from storage.migrations import upgrade
from storage.schema import workspaces
from storage.unit_of_work import Store
from tests.firm import FrozenClock, found_firm

TEAM = "T0LONDON"
TOKEN = f"xoxb-{TEAM}"
MONKEY = pytest.MonkeyPatch


def mode_of(path: Path) -> str:
    """Who may read and write a file, as `chmod` takes it."""
    return f"{path.stat().st_mode & 0o777:o}"


def modes_in(folder: Path) -> dict[str, str]:
    """Of all files there."""
    return {path.name: mode_of(path) for path in folder.iterdir()}


async def stored(database: Database) -> str:
    """A bot's token as it stands in the database."""
    return await database.read(lambda connection: connection.execute(select(workspaces.c.bot_token)).scalar_one())


@pytest.fixture
def settings(tmp_path: Path, monkeypatch: MONKEY) -> Settings:
    """The settings of a firm with a SQLite database of its own."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("RAINMAKER_DATABASE_URL", f"sqlite:///{tmp_path}/rainmaker.db")
    return read_settings()


@pytest.fixture
async def database(settings: Settings) -> AsyncIterator[Database]:
    """That database."""
    database = open_database(settings.rainmaker_database_url)
    await upgrade(database)
    yield database
    await database.close()


async def token_read(database: Database, tokens: Tokens) -> str:
    """The token as the bot reads it with these keys."""
    return await Store(database, SystemClock(), tokens).read(TEAM, lambda work: work.workspaces.get().bot_token)


async def test_the_database_its_journal_its_key_and_exports_are_for_their_owner_alone(
    database: Database, settings: Settings, tmp_path: Path
) -> None:
    await found_firm(Store(database, FrozenClock(), tokens_of(settings)), FrozenClock(), TEAM)
    export = tmp_path / "accounts.csv"
    export.touch(mode=0o644)
    write(export, b"name")
    modes = modes_in(tmp_path)
    assert {"rainmaker.db", "rainmaker.db-wal", "rainmaker.db.key", "accounts.csv"} <= set(modes)
    assert set(modes.values()) == {"600"}


async def test_a_database_that_others_could_read_is_closed_to_them(tmp_path: Path) -> None:
    (tmp_path / "old.db").touch(mode=0o644)
    await open_database(f"sqlite:///{tmp_path}/old.db").close()
    assert mode_of(tmp_path / "old.db") == "600"


async def test_a_token_is_encrypted_and_one_that_was_stored_before_is_too(
    database: Database, settings: Settings
) -> None:
    await found_firm(Store(database, FrozenClock()), FrozenClock(), TEAM)
    assert await stored(database) == TOKEN
    tokens = tokens_of(settings)
    await Store(database, SystemClock(), tokens).write(TEAM, lambda work: work.workspaces.seal_token())
    assert TOKEN not in await stored(database)
    assert await token_read(database, tokens) == TOKEN


async def test_a_token_whose_key_is_lost_counts_as_none(database: Database, settings: Settings) -> None:
    await found_firm(Store(database, FrozenClock(), tokens_of(settings)), FrozenClock(), TEAM)
    path = key_file(settings)
    assert path is not None
    path.unlink()
    assert await token_read(database, tokens_of(settings)) == ""


async def test_a_key_is_rotated_under_a_running_bot(database: Database, settings: Settings, tmp_path: Path) -> None:
    running = tokens_of(settings)
    await found_firm(Store(database, FrozenClock(), running), FrozenClock(), TEAM)
    path = key_file(settings)
    assert path is not None
    key, sealed = path.read_text(), await stored(database)

    result = await asyncio.to_thread(CliRunner().invoke, app, ["tokens", "rotate"])
    assert result.exit_code == 0, result.output
    assert path.read_text() != key
    assert await stored(database) != sealed
    assert await token_read(database, running) == TOKEN


def test_without_a_key_rotating_says_how_to_make_one(monkeypatch: MONKEY, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("RAINMAKER_DATABASE_URL", "postgresql://nobody@localhost/nothing")
    result = CliRunner().invoke(app, ["tokens", "rotate"])
    assert result.exit_code == 2


Answer = Callable[[web.Request], Awaitable[web.StreamResponse]]


async def serving(answer: Answer) -> TestServer:
    """A server somewhere."""
    site = web.Application()
    site.router.add_get("/{path:.*}", answer)
    server = TestServer(site)
    await server.start_server()
    return server


async def test_the_token_goes_to_slacks_own_hosts_alone() -> None:
    seen: dict[str, str | None] = {}

    async def elsewhere(request: web.Request) -> web.Response:
        seen["elsewhere"] = request.headers.get("Authorization")
        return web.Response(text="content")

    other = await serving(elsewhere)

    async def slack(request: web.Request) -> web.Response:
        seen["slack"] = request.headers.get("Authorization")
        raise web.HTTPFound(str(other.make_url("/file")))

    ours = await serving(slack)
    async with aiohttp.ClientSession() as session:
        client = AsyncWebClient(token=TOKEN, base_url=str(ours.make_url("/api/")), session=session)
        async with downloaded(client, session, {"url_private_download": str(ours.make_url("/f"))}) as response:
            assert await response.text() == "content"
        assert seen == {"slack": f"Bearer {TOKEN}", "elsewhere": None}
        seen.clear()
        remote: list[dict[str, Any]] = [
            {"url_private_download": str(other.make_url("/f"))},
            {"url_private_download": str(ours.make_url("/f")), "is_external": True},
            {"file_access": "check_file_info"},
        ]
        for file in remote:
            with pytest.raises(RuleBroken, match="not kept in Slack"):
                async with downloaded(client, session, file):
                    pass
        assert seen == {}
    await ours.close()
    await other.close()


@pytest.mark.parametrize(
    ("address", "is_ours"),
    [
        ("https://files.slack.com/files-pri/T1-F1/a.csv", True),
        ("https://slack.com/a", True),
        ("http://files.slack.com/a", False),
        ("https://files.slack.com.evil.example/a", False),
        ("https://notslack.com/a", False),
        ("https://docs.google.com/a", False),
    ],
)
def test_which_hosts_are_slacks(address: str, is_ours: bool) -> None:
    assert is_slacks(URL(address), AsyncWebClient(token=TOKEN)) is is_ours
