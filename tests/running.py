"""The bot beside a sandbox workspace, in one event loop: the whole way from a person's click to the database and back."""

import asyncio
import json
import socket
import time
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import aiohttp

from bot.app import Rainmaker, _connect, build
from bot.door import Door
from bot.manifest import manifest
from bot.settings import Settings, read_settings
from bot.web import web_app
from domain.core.people import Actor, Role, RoleGrant
from handlers.core.people import profile_of
from sandbox.client import Workspace
from sandbox.clock import Clock
from sandbox.firm import stable_id
from sandbox.http_mode import FORM, signature
from sandbox.server import Sandbox, create
from scheduling.runner import REST_SECONDS
from storage.engine.database import Database, open_database
from storage.schema import members
from tests.firm import WHOLE, dangling_in

FIRM = "larkspur-vane"
ANNA, BEN, CARLA, DEEPA, FARAH, INES, KATE = (
    stable_id("U0", FIRM, name)
    for name in ("anna.keller", "ben.hughes", "carla.romano", "deepa.nair", "farah.aziz", "ines.gomez", "kate.moss-lee")
)
LEADS, SALES, OFFICE_MOVE = (stable_id("C0", FIRM, name) for name in ("leads", "sales", "office-move"))
TUESDAY_MORNING = datetime(2026, 3, 3, 10, 0, tzinfo=UTC)
SECRET = "Confidential Holdings"
"""The company of a lead that only the right people may read of."""
PATIENCE = 20
"""Seconds until a test that waits for something gives up."""


@dataclass(repr=False)  # asyncio takes the repr of what each fixture yields; that of the whole playbook is slow
class Running:
    """A workspace and the bot in it. Anna is admin and management, Ben and Carla sell, the others have no role."""

    sandbox: Sandbox
    session: aiohttp.ClientSession
    database_url: str
    over_http: bool = True
    listening: socket.socket = field(default_factory=socket.socket)
    overrides: dict[str, Any] = field(default_factory=dict)

    rain: Rainmaker = field(init=False)
    _door: Door | None = field(default=None, init=False)
    _disconnect: Any = field(default=None, init=False)

    @property
    def events_url(self) -> str:
        """Where the bot takes Slack's requests."""
        return f"http://127.0.0.1:{self.listening.getsockname()[1]}/slack/events"

    @property
    def team_id(self) -> str:
        """The workspace."""
        return self.sandbox.start_line["team_id"]

    def as_(self, user: str) -> Workspace:
        """The workspace as this person sees it."""
        return Workspace(self.session, self.sandbox.start_line["control"], user)

    async def start(self) -> None:
        """Build the bot on the database and connect it; again after `stop`, on what is there."""
        is_own = "rainmaker_playbook" in self.overrides
        self.rain = build(self._settings(), playbook=None if is_own else WHOLE)
        self.rain.delivery.pace = 0.0  # the sandbox does not mind being written to quickly
        await self.rain.prepare()
        await self.rain.start()
        if self.over_http:
            self._door = Door(web_app(self.rain, takes_slack=True))
            await self._door.open(sock=self.listening.dup())
        else:
            self._disconnect = await _connect(self.rain)
        await self.as_(ANNA).wait_until_connected()

    async def stop(self) -> None:
        """Take the bot down as a deployment would."""
        if self._door:
            await self._door.close()
        if self._disconnect:
            await self._disconnect()
        await self.rain.stop()

    async def restart(self) -> None:
        """A new bot on the same database."""
        await self.stop()
        await self.start()

    def _settings(self) -> Settings:
        told = self.sandbox.start_line
        given = {
            "slack_bot_token": told["bot_token"],
            "slack_app_token": told["app_token"],
            "slack_signing_secret": told["signing_secret"],
            "slack_api_url": told["api_url"],
            "rainmaker_database_url": self.database_url,
            "rainmaker_clock_url": f"{told['control']}clock",
            "rainmaker_first_admin": ANNA,
        }
        return read_settings(_env_file=None, **(given | self.overrides))

    async def furnish(self) -> None:
        """Give the people their roles and the leads their channel."""
        client = self.rain.client_of(await self.rain.desks.people.workspace(self.team_id))
        for user in (await client.users_list(limit=200))["members"]:
            await self.rain.desks.people.learn(self.team_id, profile_of(user, self.team_id))
        admin = await self.actor(ANNA)
        grants = [(Role.ADMIN, ANNA), (Role.MANAGEMENT, ANNA), (Role.SALES, BEN), (Role.SALES, CARLA)]
        await self.rain.desks.people.set_roles(admin, tuple(RoleGrant(role=r, grantee=who) for r, who in grants), {})
        await self.rain.desks.people.set_workspace(admin, LEADS, "GB")

    async def actor(self, user: str) -> Actor:
        """Who somebody is to the bot."""
        actor = await self.rain.desks.people.introduce(self.team_id, user)
        assert actor is not None
        return actor.within("test", None)

    async def delivered(self) -> None:
        """Return once nothing waits in the outbox any more."""
        async with asyncio.timeout(PATIENCE):
            while (await self.rain.desks.upkeep.backlog()).open_messages:
                self.rain.runner.nudge("deliver-outbox")
                await self.rain.delivery.finish()
                await asyncio.sleep(0.01)

    async def time_passes(self, seconds: float = 70) -> None:
        """Let it be later, and the bot know of it and have delivered what it could by then."""
        now = await self.as_(ANNA).move_clock(advance=seconds)
        while self.rain.clock.now().timestamp() < now - 1:  # noqa: ASYNC110 (the clock tells nobody but the bot)
            await asyncio.sleep(0.01)
        await asyncio.sleep(REST_SECONDS)  # the delivery rests so long between two runs
        await self.rain.delivery.finish()

    async def post(self, body: bytes, content_type: str = FORM, **headers: str) -> aiohttp.ClientResponse:
        """POST a body to the bot, signed as Slack signs unless `headers` say otherwise."""
        timestamp = headers.pop("X-Slack-Request-Timestamp", str(int(time.time())))
        signed = {
            "Content-Type": content_type,
            "X-Slack-Request-Timestamp": timestamp,
            "X-Slack-Signature": signature(self.sandbox.start_line["signing_secret"], timestamp, body),
        }
        async with self.session.post(self.events_url, data=body, headers=signed | headers) as response:
            await response.read()
            return response

    async def interact(self, payload: dict[str, Any]) -> aiohttp.ClientResponse:
        """POST an interaction as Slack encodes it."""
        return await self.post(urlencode({"payload": json.dumps(payload)}).encode())


async def larkspur(database: Database) -> None:
    """Furnish a database as a bot leaves it that has come to the workspace: everybody is known, people have their roles."""
    async with aiohttp.ClientSession() as session:
        await close(await found(session, database.url))
    no_messages_yet = members.update().values(dm_channel=None)  # the next sandbox has none of this one's channels
    await database.write(lambda connection: connection.execute(no_messages_yet).rowcount)


async def found(session: aiohttp.ClientSession, database_url: str, **more: Any) -> Running:
    """The workspace with the bot in it, and its people in their roles."""
    running = await arrived(session, database_url, **more)
    await running.furnish()
    await running.delivered()
    await running.rain.reconciliation.finish()
    return running


async def arrived(
    session: aiohttp.ClientSession,
    database_url: str,
    *,
    over_http: bool = True,
    at: datetime = TUESDAY_MORNING,
    kept: Path | None = None,
    **overrides: Any,
) -> Running:
    """The workspace with the bot in it and what is in the database; a workspace that was kept is as it was."""
    listening = socket.socket()
    listening.bind(("127.0.0.1", 0))
    url = f"http://127.0.0.1:{listening.getsockname()[1]}"
    clock = Clock()
    clock.set(at.timestamp())
    events_url = f"{url}/slack/events" if over_http else None
    sandbox = create(manifest(url if over_http else None), events_url=events_url, data=kept, clock=clock)
    await sandbox.start()
    clock.set(at.timestamp())  # what was kept has brought its own time
    running = Running(sandbox, session, database_url, over_http, listening, overrides)
    await running.start()
    await running.delivered()
    return running


async def close(running: Running) -> None:
    """End the bot and the workspace; whatever happened has left nothing that leads nowhere."""
    await running.stop()
    await check_references(running.database_url)
    running.sandbox.world.clock.reset()  # lets go of the bot's last question for the time
    await running.sandbox.stop()
    running.listening.close()


async def check_references(database_url: str) -> None:
    """Nothing in a database leads nowhere."""
    database = open_database(database_url)
    assert await dangling_in(database) == []
    await database.close()


def words_of(surface: Any) -> str:
    """Everything a message or view says, in one string."""
    return json.dumps(surface, ensure_ascii=False)


def buttons_of(surface: dict[str, Any]) -> list[str]:
    """The words on a message's or view's buttons."""
    elements = [
        element
        for block in surface.get("blocks") or []
        for element in [*(block.get("elements") or []), block.get("accessory") or {}]
    ]
    return [element["text"]["text"] for element in elements if element.get("type") == "button"]
