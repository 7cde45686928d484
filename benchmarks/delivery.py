"""Whether everything arrives once and in order in a Slack that fails in every way: 10,000 messages to 500 channels.

The bot delivers to the sandbox, which is a process of its own: it keeps Slack's limit of one message a second and channel, and at random
it is slow, answers 429 or 500, loses calls before and answers after they were carried out. In the end the channels' histories
are read, and each message must be there, once, behind the one that was told before it.

One thing is not Slack's: the tiers, calls a minute to one method, are twenty times as wide. Real Slack lets an app read fifty histories
a minute; here hundreds of messages have an unknown outcome within a minute, and each is looked up.
"""

import asyncio
import contextlib
import json
import sys
import tempfile
import time
from collections.abc import AsyncIterator
from functools import partial
from pathlib import Path
from typing import Any

from slack_sdk.web.async_client import AsyncWebClient

from benchmarks._load import SIGNING_SECRET
from benchmarks._servers import ROOT
from benchmarks._verdict import Verdict
from bot import logs
from bot.app import Rainmaker, build
from bot.manifest import manifest
from bot.settings import read_settings
from domain.core.messages import Destination, Hint
from domain.core.people import Profile
from domain.core.workspaces import Workspace as Installation
from sandbox.client import Workspace
from sandbox.firm import stable_id
from storage.unit_of_work import Store, UnitOfWork

CHANNELS, EACH = 500, 20
"""Channels, and messages to each of them."""
FAULTS = {
    "seed": 11,
    "latency_ms": [5, 60],
    "rate_429": 0.02,
    "error_rate": 0.02,
    "lost_call_rate": 0.01,
    "lost_response_rate": 0.02,
}
"""What goes wrong, as chances of each call."""
TIER_FACTOR = 20
PATIENCE = 110
"""Seconds until a delivery that does not end is taken for lost."""
FIRM = "storm"
NAMES = [f"room-{number:03d}" for number in range(CHANNELS)]
IDS = [stable_id("C0", FIRM, name) for name in NAMES]


async def main() -> bool:
    """Measure everything; whether all bars were reached."""
    logs.configure("plain", "error")
    verdict = Verdict()
    async with contextlib.AsyncExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="rainmaker-bench-")))
        told = await stack.enter_async_context(_sandbox(folder))
        rain = await stack.enter_async_context(_bot(f"sqlite:///{folder}/rainmaker.db", told))
        person = await stack.enter_async_context(Workspace.connect(told["control"], as_user=told["installer"]))
        await _put_all(rain)
        await person.faults(rate_limits=True, tier_factor=TIER_FACTOR, **FAULTS)
        seconds = await _deliver(rain)
        await person.faults(rate_limits=False, error_rate=0, lost_call_rate=0, lost_response_rate=0, rate_429=0)
        await person.faults(latency_ms=0)
        _tell(verdict, rain, seconds, await _histories(rain))
    return verdict.is_good


@contextlib.asynccontextmanager
async def _sandbox(folder: Path) -> AsyncIterator[dict[str, str]]:
    """A workspace with the channels, in a process of its own; what it says at its start."""
    firm = {
        "team": {"name": "Storm", "domain": FIRM},
        "users": [{"name": "ada", "real_name": "Ada Admin", "is_admin": True}],
        "channels": [{"name": name, "app": True} for name in NAMES],
    }
    (folder / "firm.json").write_text(json.dumps(firm))
    (folder / "manifest.json").write_text(json.dumps(manifest()))
    arguments = ["--manifest", str(folder / "manifest.json"), "--firm", str(folder / "firm.json"), "--port", "0"]
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "sandbox", *arguments, stdout=asyncio.subprocess.PIPE, cwd=ROOT
    )
    assert process.stdout is not None
    try:
        yield json.loads(await process.stdout.readline())
    finally:
        process.terminate()
        await process.wait()


@contextlib.asynccontextmanager
async def _bot(database_url: str, told: dict[str, str]) -> AsyncIterator[Rainmaker]:
    """The bot as in production, installed in the workspace; its timetable is not kept yet."""
    settings = read_settings(
        _env_file=None,
        slack_signing_secret=SIGNING_SECRET,
        slack_api_url=told["api_url"],
        rainmaker_database_url=database_url,
    )
    rain = build(settings)
    await rain.prepare()
    installation = Installation(
        workspace_id=told["team_id"],
        name="Storm",
        bot_token=told["bot_token"],
        bot_user_id=told["bot_user_id"],
        bot_id="B0STORM",
        installed_by=told["installer"],
        installed_at=rain.clock.now(),
    )
    admin = Profile(slack_id=told["installer"], name="Ada Admin", zone="Europe/London", locale="en-GB")
    await rain.desks.people.install(installation, admin)
    yield rain
    await rain.stop()


async def _put_all(rain: Rainmaker) -> None:
    """All messages into the outbox, in turns, so that every channel's stand among those of all others."""
    [workspace_id] = await rain.desks.upkeep.workspace_ids()

    def put_turn(work: UnitOfWork, turn: int) -> None:
        for channel in IDS:
            work.outbox.put(Hint(), Destination(channel=channel), once=f"storm:{channel}:{turn:02d}")

    store = Store(rain.database, rain.clock)
    for turn in range(EACH):
        await store.write(workspace_id, partial(put_turn, turn=turn))


async def _deliver(rain: Rainmaker) -> float:
    """Keep the timetable until nothing waits any more, or until patience ends; how many seconds it took."""
    began = time.perf_counter()
    await rain.start()
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(PATIENCE):
            while (await rain.desks.upkeep.backlog()).open_messages:  # noqa: ASYNC110 (the bot tells nobody when it has done)
                await asyncio.sleep(0.25)
    return time.perf_counter() - began


async def _histories(rain: Rainmaker) -> dict[str, list[str]]:
    """The keys of the messages in each channel, oldest first."""
    [workspace_id] = await rain.desks.upkeep.workspace_ids()
    client = rain.client_of(await rain.desks.people.workspace(workspace_id))
    return {channel: await _history(client, channel) for channel in IDS}


async def _history(client: AsyncWebClient, channel: str) -> list[str]:
    page = await client.conversations_history(channel=channel, limit=1000, include_all_metadata=True)
    messages: list[dict[str, Any]] = page["messages"]
    return [message["metadata"]["event_payload"]["once"] for message in reversed(messages)]


def _tell(verdict: Verdict, rain: Rainmaker, seconds: float, histories: dict[str, list[str]]) -> None:
    """What became of the messages, and of the tries it took."""
    arrived = {once for keys in histories.values() for once in keys}
    total = sum(len(keys) for keys in histories.values())
    disordered = sum(keys != sorted(keys) for keys in histories.values())
    wanted = CHANNELS * EACH
    verdict.tell("lost", wanted - len(arrived), "messages", wanted, most=0)
    verdict.tell("doubled", total - len(arrived), "messages", wanted, most=0)
    verdict.tell("out of order", disordered, "channels", CHANNELS, most=0)
    outcomes = {
        sample.labels["outcome"]: sample.value
        for metric in rain.metrics.delivered.collect()
        for sample in metric.samples
        if sample.name.endswith("_total")
    }
    verdict.tell("looked up and found", outcomes.pop("found", 0), "messages", wanted, least=50)
    for outcome, count in sorted(outcomes.items()):
        verdict.tell(f"tries: {outcome}", count, "tries", wanted)
    verdict.tell("delivered", len(arrived) / seconds, "messages/s", CHANNELS)
    verdict.tell("all delivered within", seconds, "s", EACH, most=PATIENCE - 10)


if __name__ == "__main__":
    sys.exit(0 if asyncio.run(main()) else 1)
