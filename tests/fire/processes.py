"""A workspace and bots as processes of their own, which a test can kill without a word, as a power cut would."""

import asyncio
import contextlib
import json
import multiprocessing
import socket
import sys
import time
from collections import Counter
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from multiprocessing.connection import Connection
from multiprocessing.context import ForkServerProcess
from pathlib import Path
from typing import Any

import aiohttp
from sqlalchemy import func, or_, select, text

from bot.manifest import manifest
from sandbox.client import Workspace
from sandbox.firm import read_firm, stable_id
from sandbox.http_mode import FORM, signature
from storage.engine.database import Database
from storage.schema import outbox
from storage.unit_of_work import Store
from tests.fire.bot_process import live
from tests.firm import WHOLE, FrozenClock, dangling_in
from tests.running import ANNA, BEN, CARLA, DEEPA, FARAH, FIRM, PATIENCE, TUESDAY_MORNING
from usecases.core.maintenance import UpkeepDesk

ROOT = Path(__file__).parent.parent.parent
CAPTURERS = (BEN, CARLA, DEEPA, FARAH)
DESKS = tuple(f"desk-{number}" for number in range(24))
"""Channels people capture from: deliveries to so many are under way at once."""
DESK_IDS = tuple(stable_id("C0", FIRM, name) for name in DESKS)
START_SECONDS = 60
"""Until a bot serves, or has ended, however busy the machine is."""
LONGEST_CALL = 12
"""Seconds after which a living bot has let go of a message: the longest call of Slack's and a little more."""
LEASE_AND_MORE = 70
"""Seconds after which what a dead process had claimed is free again."""
FORKS = multiprocessing.get_context("forkserver")
FORKS.set_forkserver_preload(["tests.fire.bot_process"])
OPEN_MESSAGES = "outbox WHERE closed_at IS NULL"

Json = dict[str, Any]


def free_port() -> int:
    """A port nobody listens to."""
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        return int(listening.getsockname()[1])


@dataclass
class BotProcess:
    """One bot. `line` is how it says that it runs, and what it ends with when it is cut."""

    process: ForkServerProcess
    line: Connection
    port: int

    @classmethod
    def start(cls, mode: str, settings: dict[str, str], port: int) -> "BotProcess":
        """Let one live; `mode` is `http` or `socket`."""
        ours, theirs = FORKS.Pipe()
        process = FORKS.Process(
            target=live, args=(theirs, mode, {**settings, "RAINMAKER_PORT": str(port)}), daemon=True
        )
        process.start()
        theirs.close()
        return cls(process, ours, port)

    async def running(self) -> None:
        """Return once it serves."""
        assert await asyncio.to_thread(self.line.poll, START_SECONDS), "the bot does not start"
        assert self.line.recv() == "running"

    async def kill(self) -> None:
        """End it at once: it gets no chance to finish anything."""
        self.process.kill()
        await asyncio.to_thread(self.process.join)

    async def stop(self) -> None:
        """End it as a deployment would."""
        self.line.close()
        await asyncio.to_thread(self.process.join, START_SECONDS)
        if self.process.is_alive():
            await self.kill()
            raise AssertionError("the bot does not end")


@dataclass
class Office:
    """A workspace in a process of its own, with a channel for each desk, and the settings of bots that belong to it."""

    told: dict[str, str]
    session: aiohttp.ClientSession
    database: Database
    public_port: int
    bots: list[BotProcess] = field(default_factory=list)

    def as_(self, user: str) -> Workspace:
        """The workspace as this person sees it."""
        return Workspace(self.session, self.told["control"], user)

    def settings(self) -> dict[str, str]:
        """What a bot of this workspace is told, but its port."""
        return {
            "SLACK_BOT_TOKEN": self.told["bot_token"],
            "SLACK_APP_TOKEN": self.told["app_token"],
            "SLACK_SIGNING_SECRET": self.told["signing_secret"],
            "SLACK_API_URL": self.told["api_url"],
            "RAINMAKER_DATABASE_URL": self.database.url,
            "RAINMAKER_CLOCK_URL": f"{self.told['control']}clock",
            "RAINMAKER_FIRST_ADMIN": ANNA,
        }

    def start_bot(self, mode: str = "http", port: int | None = None) -> BotProcess:
        """Start a bot of this workspace; on the public port unless another is given."""
        self.bots.append(BotProcess.start(mode, self.settings(), port or self.public_port))
        return self.bots[-1]

    async def post(self, body: bytes) -> tuple[int, bytes]:
        """Send a request to the bots' public address, signed as Slack signs.

        Raises aiohttp.ClientError or OSError when nobody answers.
        """
        timestamp = str(int(time.time()))
        headers = {
            "Content-Type": FORM,
            "X-Slack-Request-Timestamp": timestamp,
            "X-Slack-Signature": signature(self.told["signing_secret"], timestamp, body),
            "Connection": "close",
        }
        url = f"http://127.0.0.1:{self.public_port}/slack/events"
        async with self.session.post(url, data=body, headers=headers) as answer:
            return answer.status, await answer.read()

    async def rows(self, question: str) -> Sequence[Any]:
        """What the database holds."""
        return await self.database.read(lambda connection: connection.execute(text(question)).all())

    async def count(self, question: str) -> int:
        """What the database answers with a number."""
        [(number,)] = await self.rows(f"SELECT count(*) FROM {question}")
        return int(number)

    async def until(self, question: str, count: int, within: float = PATIENCE) -> None:
        """Return once the database counts so many, or more."""
        async with asyncio.timeout(within):
            while True:
                if await self.count(question) >= count:
                    return
                await asyncio.sleep(0.02)

    async def until_none(self, question: str, within: float = PATIENCE) -> None:
        """Return once the database counts none any more."""
        async with asyncio.timeout(within):
            while True:
                if not await self.count(question):
                    return
                await asyncio.sleep(0.02)

    async def delivered(self) -> None:
        """Let the clock run until nothing is left to be told; what a bot has in hand or may take up now is waited for.

        Unless it is a dead bot that has it: then nothing happens for longer than a living one takes.
        """
        at_hand, since = "", time.monotonic()
        async with asyncio.timeout(6 * PATIENCE):
            while await self.count(OPEN_MESSAGES):
                now = datetime.fromtimestamp((await self.as_(ANNA).get("clock"))["now"], UTC)
                if (busy_with := str(await self._at_hand(now))) != at_hand:
                    at_hand, since = busy_with, time.monotonic()
                if at_hand == "[]" or time.monotonic() - since > LONGEST_CALL:
                    await self.as_(ANNA).move_clock(advance=LEASE_AND_MORE)
                await asyncio.sleep(0.5)

    async def _at_hand(self, now: datetime) -> Sequence[Any]:
        """The messages that are the first of their lane and claimed, or due to be, with how often they were."""
        first = select(func.min(outbox.c.id)).where(outbox.c.closed_at.is_(None)).group_by(outbox.c.lane)
        is_at_hand = or_(outbox.c.lease_until > now, outbox.c.due_at <= now)
        asked = select(outbox.c.id, outbox.c.attempts).where(outbox.c.id.in_(first), is_at_hand).order_by(outbox.c.id)
        return await self.database.read(lambda connection: connection.execute(asked).all())

    async def reminded(self, seconds: float) -> None:
        """Move the clock and return once everything that has fallen due meanwhile was told."""
        now = await self.as_(ANNA).move_clock(advance=seconds)
        upkeep = UpkeepDesk(Store(self.database, FrozenClock(datetime.fromtimestamp(now, UTC))), WHOLE)
        async with asyncio.timeout(PATIENCE):
            while True:
                if not (await upkeep.backlog()).late_reminders:
                    break
                await asyncio.sleep(0.1)
        await self.delivered()

    async def said(self) -> Counter[str]:
        """How often each message stands in the workspace, by the key that it carries."""
        found: Counter[str] = Counter()
        for user in (ANNA, *CAPTURERS):
            found.update(keys_of(await self._everything_in(await self.as_(user).dm_channel(), user)))
        for channel in DESK_IDS:
            found.update(keys_of(await self._everything_in(channel, ANNA)))
        return found

    async def _everything_in(self, channel: str, user: str) -> list[Json]:
        found: list[Json] = []
        while True:
            before = found[0]["ts"] if found else ""
            page = await self.as_(user).get("messages", channel=channel, limit="500", before=before)
            found = [*page["messages"], *found]
            if not page["has_more"]:
                return found


def keys_of(messages: Sequence[Json]) -> list[str]:
    """The outbox keys that messages carry."""
    carried = [(message.get("metadata") or {}).get("event_payload") or {} for message in messages]
    return [payload["once"] for payload in carried if "once" in payload]


async def check_messages(office: Office) -> None:
    """Everything in the outbox was sent, and stands in the workspace once."""
    messages = await office.rows("SELECT once, sent_ts, trouble FROM outbox WHERE kind <> 'CardChanged'")
    assert [row for row in messages if row.sent_ts is None] == []
    said, meant = await office.said(), Counter(row.once for row in messages)
    doubled, lost = said - meant, meant - said
    assert not doubled, f"said too often: {doubled}"
    assert not lost, f"not said at all: {lost}"
    assert sum(once.startswith("lead.captured:") for once in said) == await office.count("leads")


async def check_chain(office: Office) -> None:
    """The audit log's chain covers every event, and `rainmaker audit verify` finds nothing wrong."""
    await office.as_(ANNA).move_clock(advance=300)
    await _sealed(office)
    verified = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "bot", "audit", "verify"),
        cwd=ROOT,
        env={"RAINMAKER_DATABASE_URL": office.database.url},
        stdout=asyncio.subprocess.PIPE,
    )
    told, _errors = await verified.communicate()
    assert f"{await office.count('audit_events')} sealed events, untouched" in told.decode()
    assert verified.returncode == 0, told.decode()


async def _sealed(office: Office) -> None:
    """Return once every event is under a seal."""
    async with asyncio.timeout(30):
        while await office.count("audit_events WHERE id > (SELECT coalesce(max(last_event_id), 0) FROM audit_seals)"):
            await office.as_(ANNA).move_clock(advance=60)
            await asyncio.sleep(0.2)


@contextlib.asynccontextmanager
async def open_office(folder: Path, database: Database, mode: str = "http") -> AsyncIterator[Office]:
    """The workspace on Tuesday 3 March 2026, 10:00 UTC; whatever bots are still alive in the end are ended.

    Nothing that happened has left anything that leads nowhere.
    """
    port = free_port()
    url = f"http://127.0.0.1:{port}"
    firm = read_firm()
    everybody = [user["name"] for user in firm["users"]]
    firm["channels"] += [{"name": name, "app": True, "members": everybody} for name in DESKS]
    (folder / "firm.json").write_text(json.dumps(firm), encoding="utf-8")
    (folder / "manifest.json").write_text(json.dumps(manifest(url if mode == "http" else None)), encoding="utf-8")
    events = ("--events-url", f"{url}/slack/events") if mode == "http" else ()
    workspace = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "sandbox", "--port", "0", *events),
        *("--manifest", str(folder / "manifest.json"), "--firm", str(folder / "firm.json")),
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.DEVNULL,
        cwd=ROOT,
    )
    assert workspace.stdout is not None
    told = json.loads(await workspace.stdout.readline())
    async with aiohttp.ClientSession() as session:
        office = Office(told, session, database, port)
        await office.as_(ANNA).move_clock(to=TUESDAY_MORNING.timestamp())
        try:
            yield office
            assert await dangling_in(database) == []
        finally:
            try:
                await asyncio.gather(*(bot.stop() for bot in office.bots))
            finally:
                workspace.terminate()
                await workspace.wait()
