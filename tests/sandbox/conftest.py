"""Running workspaces for the sandbox's own tests: in-process, on a random port, without waiting for retries."""

import json
import socket
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path
from typing import Any

import aiohttp
import pytest
from slack_sdk.web.async_client import AsyncWebClient

from sandbox.client import Workspace
from sandbox.clock import Clock
from sandbox.firm import stable_id
from sandbox.server import Sandbox, create
from tests.sandbox.socket_app import SocketApp

Start = Callable[..., Awaitable[Sandbox]]

ANNA, BEN, CARLA, DEEPA = (
    stable_id("U0", "larkspur-vane", name) for name in ("anna.keller", "ben.hughes", "carla.romano", "deepa.nair")
)
INES, JONAS, KATE = (stable_id("U0", "larkspur-vane", name) for name in ("ines.gomez", "jonas.weber", "kate.moss-lee"))


def free_socket() -> socket.socket:
    """A listening place whose port can be told to others before anybody serves on it."""
    listening = socket.socket()
    listening.bind(("127.0.0.1", 0))
    return listening


@pytest.fixture
def manifest() -> dict[str, Any]:
    manifest: dict[str, Any] = json.loads((Path(__file__).parent / "manifest.json").read_text())
    return manifest


@pytest.fixture
async def start(manifest: dict[str, Any]) -> AsyncIterator[Start]:
    """Starts workspaces and stops them after the test."""
    running: list[Sandbox] = []

    async def start_one(**options: Any) -> Sandbox:
        sandbox = create(options.pop("manifest", manifest), **options)
        await sandbox.start()
        running.append(sandbox)
        return sandbox

    yield start_one
    for sandbox in running:
        await sandbox.stop()


@pytest.fixture
async def sandbox(start: Start) -> Sandbox:
    return await start()


@pytest.fixture
async def session() -> AsyncIterator[aiohttp.ClientSession]:
    async with aiohttp.ClientSession() as session:
        yield session


@pytest.fixture
async def client(sandbox: Sandbox, session: aiohttp.ClientSession) -> AsyncWebClient:
    """The app's own client."""
    return AsyncWebClient(
        token=sandbox.start_line["bot_token"], base_url=sandbox.start_line["api_url"], session=session
    )


@pytest.fixture
async def anna(sandbox: Sandbox, session: aiohttp.ClientSession) -> AsyncIterator[Workspace]:
    """The managing partner at her desk."""
    async with Workspace.connect(sandbox.start_line["control"], as_user=ANNA, session=session) as workspace:
        yield workspace


@pytest.fixture
def clock() -> Clock:
    """A clock that only moves when told to."""
    return Clock(lambda: 1_750_000_000.0)


@pytest.fixture
async def app(sandbox: Sandbox, session: aiohttp.ClientSession) -> AsyncIterator[SocketApp]:
    """An app that acks everything and does nothing, until a test says otherwise."""
    app = SocketApp(sandbox, session)
    await app.connect()
    yield app
    await app.close()
