"""The workspace's clock: moved by hand, followed by apps, and obeyed by scheduled messages."""

import asyncio
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from slack_sdk.web.async_client import AsyncWebClient

from sandbox.client import Workspace
from sandbox.clock import Clock, spoken_moment
from sandbox.server import Sandbox
from tests.sandbox.conftest import Start
from tests.sandbox.test_web_api import refusal

WEDNESDAY_NOON = datetime(2026, 1, 14, 12, 0, tzinfo=ZoneInfo("Europe/Berlin")).timestamp()


@pytest.mark.parametrize(
    ("words", "moment"),
    [
        ("tomorrow 09:00", "2026-01-15 09:00"),
        ("today 17:30", "2026-01-14 17:30"),
        ("18:00", "2026-01-14 18:00"),
        ("11:00", "2026-01-15 11:00"),
        ("friday 08:15", "2026-01-16 08:15"),
        ("wednesday 11:00", "2026-01-21 11:00"),
        ("2026-03-30 09:00", "2026-03-30 09:00"),
    ],
)
def test_moments_are_read_in_the_persons_zone(words: str, moment: str) -> None:
    found = spoken_moment(words, WEDNESDAY_NOON, "Europe/Berlin")
    assert datetime.fromtimestamp(found, ZoneInfo("Europe/Berlin")).strftime("%Y-%m-%d %H:%M") == moment


async def test_an_app_can_follow_the_clock(anna: Workspace) -> None:
    version = (await anna.get("clock"))["version"]
    following = asyncio.create_task(anna.get("clock", after=str(version), wait="5"))
    await asyncio.sleep(0)
    await anna.move_clock(to="2027-05-03 09:00")
    moved = await following
    assert moved["version"] > version
    assert datetime.fromtimestamp(moved["now"], UTC).date().isoformat() == "2027-05-03"
    assert (await anna.get("clock", after="0", wait="5"))["version"] == moved["version"]


async def test_messages_carry_the_workspaces_time(anna: Workspace) -> None:
    now = await anna.move_clock(advance=86_400)
    assert abs(float((await anna.say("#sales", "tomorrow"))["ts"]) - now) < 5


async def test_timestamps_differ_even_while_the_clock_stands_still(start: Start, clock: Clock) -> None:
    sandbox = await start(clock=clock)
    async with Workspace.connect(sandbox.start_line["control"], as_user=sandbox.start_line["installer"]) as anna:
        said = [(await anna.say("#sales", str(number)))["ts"] for number in range(3)]
    assert said == sorted(set(said))


async def test_a_scheduled_message_comes_when_the_clock_does(
    client: AsyncWebClient, anna: Workspace, sandbox: Sandbox
) -> None:
    due = int(sandbox.world.clock.now()) + 3_600
    await client.chat_scheduleMessage(channel="#sales", text="later", post_at=due)
    await client.chat_scheduleMessage(channel="#sales", text="sooner", post_at=due - 1_800)
    listed = (await client.chat_scheduledMessages_list())["scheduled_messages"]
    assert [one["text"] for one in listed] == ["sooner", "later"]
    await anna.move_clock(advance=1_801)
    await anna.wait_for("sooner", channel="#sales")
    assert "later" not in str(await anna.messages("#sales"))
    await anna.move_clock(advance=1_801)
    await anna.wait_for("later", channel="#sales")
    assert (await client.chat_scheduledMessages_list())["scheduled_messages"] == []


async def test_a_scheduled_message_can_be_taken_back_until_a_minute_before(
    client: AsyncWebClient, anna: Workspace, sandbox: Sandbox
) -> None:
    now = int(sandbox.world.clock.now())
    one = await client.chat_scheduleMessage(channel="#sales", text="x", post_at=now + 600)
    ids = {"channel": one["channel"], "scheduled_message_id": one["scheduled_message_id"]}
    await anna.move_clock(advance=560)
    assert await refusal(client.chat_deleteScheduledMessage(**ids)) == "invalid_scheduled_message_id"
    await anna.move_clock(advance=-500)
    assert (await client.chat_deleteScheduledMessage(**ids))["ok"]


async def test_messages_are_scheduled_within_slacks_limits(client: AsyncWebClient, sandbox: Sandbox) -> None:
    now = int(sandbox.world.clock.now())
    past = client.chat_scheduleMessage(channel="#sales", text="x", post_at=now - 1)
    assert await refusal(past) == "time_in_past"
    far = client.chat_scheduleMessage(channel="#sales", text="x", post_at=now + 121 * 86_400)
    assert await refusal(far) == "time_too_far"
    for _ in range(30):
        await client.chat_scheduleMessage(channel="#sales", text="x", post_at=now + 1_000)
    many = client.chat_scheduleMessage(channel="#sales", text="x", post_at=now + 1_000)
    assert await refusal(many) == "restricted_too_many"
