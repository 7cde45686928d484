"""The control API as the page uses it: who sees what, live, and what people may do."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import aiohttp
import pytest
from slack_sdk.web.async_client import AsyncWebClient

from sandbox.client import Refused, Workspace
from sandbox.composer import composed, escaped_command_text
from sandbox.server import Sandbox
from tests.sandbox.conftest import ANNA, BEN, CARLA, DEEPA, INES, JONAS, KATE
from tests.sandbox.socket_app import SocketApp

Json = dict[str, Any]


@asynccontextmanager
async def stream_of(sandbox: Sandbox, session: aiohttp.ClientSession, user: str) -> AsyncIterator[Any]:
    """Answers a function that waits for the next event of a type."""
    async with session.get(f"{sandbox.start_line['control']}stream", params={"as": user}) as response:
        await response.content.readuntil(b"\n\n")

        async def next_event(kind: str) -> Json:
            async with asyncio.timeout(5):
                while True:
                    line = (await response.content.readuntil(b"\n\n")).decode()
                    event: Json = json.loads(line.removeprefix("data: "))
                    if event["type"] == kind:
                        return event

        yield next_event


async def test_the_state_shows_the_workspace_with_one_persons_eyes(anna: Workspace) -> None:
    state = await anna.state()
    assert state["me"] == ANNA
    channels = {channel["name"]: channel for channel in state["channels"]}
    assert channels["partners"]["kind"] == "private"
    assert channels["office-move"]["is_archived"]
    assert channels["northwind-rail"]["is_ext_shared"]
    assert not channels["leads"]["unread"]
    users = {user["id"]: user for user in state["users"]}
    assert users[ANNA]["avatar"] == {"color": "#7b4fa3", "initials": "AK", "emoji": "🦊"}
    assert users[INES]["is_restricted"]
    assert users[KATE]["is_external"]
    assert state["app"]["name"] == "Tally"
    assert [command["command"] for command in state["commands"]] == ["/count", "/ask"]
    assert [shortcut["callback_id"] for shortcut in state["shortcuts"]["message"]] == ["count_message"]
    ben_sees = {channel["name"] for channel in (await anna.as_(BEN).state())["channels"]}
    assert "partners" not in ben_sees
    ines_sees = {channel["name"] for channel in (await anna.as_(INES).state())["channels"]}
    assert ines_sees == {"delivery"}


async def test_unread_messages_and_mentions_are_counted_until_read(anna: Workspace) -> None:
    ben = anna.as_(BEN)
    await anna.say("#sales", "hello @ben.hughes")
    last = await anna.say("#sales", "and all of @sales-team")
    await anna.say("#sales", "nobody in particular")

    async def sales() -> tuple[int, int]:
        found = next(channel for channel in (await ben.state())["channels"] if channel["name"] == "sales")
        return found["unread"], found["mentions"]

    assert await sales() == (3, 2)
    await ben.post("read", channel="#sales", ts=last["ts"])
    assert await sales() == (1, 0)


async def test_the_stream_shows_what_one_person_sees(
    sandbox: Sandbox, session: aiohttp.ClientSession, anna: Workspace, client: AsyncWebClient
) -> None:
    async with stream_of(sandbox, session, ANNA) as seen_by_anna, stream_of(sandbox, session, BEN) as seen_by_ben:
        said = await anna.say("#partners", "for partners")
        assert (await seen_by_anna("message"))["message"]["text"] == "for partners"
        await anna.react("#partners", said["ts"], "tada")
        assert (await seen_by_anna("reaction"))["reactions"][0]["count"] == 1
        await anna.edit("#partners", said["ts"], "for all partners")
        assert (await seen_by_anna("message_changed"))["message"]["edited"]["user"] == ANNA
        await anna.delete("#partners", said["ts"])
        assert (await seen_by_anna("message_deleted"))["ts"] == said["ts"]
        await client.chat_postEphemeral(channel="#sales", user=ANNA, text="only Anna")
        assert (await seen_by_anna("ephemeral"))["message"]["ephemeral"]
        await client.chat_postMessage(channel="#sales", text="for both")
        assert (await seen_by_ben("message"))["message"]["text"] == "for both"
        await client.views_publish(user_id=ANNA, view={"type": "home", "blocks": [{"type": "divider"}]})
        assert (await seen_by_anna("home"))["view"]["type"] == "home"
        await anna.move_clock(advance=60)
        assert (await seen_by_anna("clock"))["offset"] == pytest.approx(60, abs=1)
        await anna.faults(rate_limits=True)
        assert (await seen_by_ben("faults"))["faults"]["rate_limits"]


async def test_the_stream_tells_when_the_app_comes_and_goes(
    sandbox: Sandbox, session: aiohttp.ClientSession, anna: Workspace
) -> None:
    async with stream_of(sandbox, session, ANNA) as seen:
        app = SocketApp(sandbox, session)
        await app.connect()
        assert (await seen("app"))["app"]["connected"]
        await app.close()
        assert not (await seen("app"))["app"]["connected"]


@pytest.mark.parametrize(
    ("user", "what", "body", "error"),
    [
        (ANNA, "say", {"channel": "#leads", "text": ""}, "no_text"),
        (DEEPA, "say", {"channel": "#sales", "text": "x"}, "not_in_channel"),
        (BEN, "say", {"channel": "#partners", "text": "x"}, "channel_not_found"),
        (ANNA, "say", {"channel": "#office-move", "text": "x"}, "is_archived"),
        (INES, "say", {"channel": "#sales", "text": "x"}, "channel_not_found"),
        (JONAS, "say", {"channel": "#general", "text": "x"}, "account_inactive"),
        (ANNA, "slash", {"channel": "#sales", "command": "/nothing"}, "invalid_command"),
        (KATE, "slash", {"channel": "#northwind-rail", "command": "/count"}, "not_allowed"),
        (ANNA, "slash", {"channel": "#sales", "command": "/count", "thread_ts": "1.0"}, "not_allowed_in_threads"),
        (ANNA, "shortcut", {"callback_id": "nothing"}, "no_such_shortcut"),
        (ANNA, "user", {"user": {"name": "x", "height": 3}}, "unknown_field"),
        (ANNA, "user", {"user": {"name": "x", "tz": "Mars/Olympus"}}, "unknown_timezone"),
        (ANNA, "clock", {"to": "whenever"}, "invalid_request"),
        (ANNA, "redeliver", {"n": 99}, "no_such_delivery"),
    ],
)
async def test_people_are_refused_what_slack_refuses(
    anna: Workspace, user: str, what: str, body: Json, error: str
) -> None:
    with pytest.raises(Refused) as caught:
        await anna.as_(user).post(what, **body)
    assert caught.value.error == error


async def test_unreadable_requests_are_refused(sandbox: Sandbox, session: aiohttp.ClientSession) -> None:
    async with session.post(f"{sandbox.start_line['control']}say", data="{") as response:
        assert (response.status, (await response.json())["error"]) == (400, "invalid_json")
    async with session.post(f"{sandbox.start_line['control']}dance", json={}) as response:
        assert response.status == 404


async def test_messages_come_in_pages_and_by_thread(anna: Workspace) -> None:
    said = [await anna.say("#leads", str(number)) for number in range(4)]
    reply = await anna.say("#leads", "reply", thread_ts=said[0]["ts"])
    page = await anna.get("messages", channel="#leads", limit="2")
    assert [message["text"] for message in page["messages"]] == ["2", "3"]
    assert page["has_more"]
    earlier = await anna.get("messages", channel="#leads", limit="2", before=said[2]["ts"])
    assert [message["text"] for message in earlier["messages"]] == ["0", "1"]
    thread = await anna.messages("#leads", thread=said[0]["ts"])
    assert [message["ts"] for message in thread] == [said[0]["ts"], reply["ts"]]


async def test_a_group_conversation_is_found_again(anna: Workspace) -> None:
    first = (await anna.post("open_dm", users=[BEN, CARLA]))["channel"]
    assert first["kind"] == "mpim"
    assert (await anna.as_(BEN).post("open_dm", users=[CARLA, ANNA]))["channel"]["id"] == first["id"]


async def test_calls_are_remembered(anna: Workspace, client: AsyncWebClient) -> None:
    await client.auth_test()
    await client.users_info(user=BEN)
    (call,) = await anna.calls("users.info")
    assert (call["args"], call["response"]["user"]["id"]) == ({"user": BEN}, BEN)


def test_the_message_box_escapes_and_links(sandbox: Sandbox) -> None:
    team = sandbox.world.home_team()
    sales = next(channel.id for channel in team.channels.values() if channel.name == "sales")
    examples = {
        "a < b & c": "a &lt; b &amp; c",
        "already &amp; <@U1>": "already &amp; <@U1>",
        "hi @ben.hughes, @here": f"hi <@{BEN}>, <!here>",
        "mail@ben.hughes": "mail@ben.hughes",
        "see #sales.": f"see <#{sales}|sales>.",
        "https://x.example/a?b=1&c=2.": "<https://x.example/a?b=1&amp;c=2>.",
        "@nobody #nowhere": "@nobody #nowhere",
    }
    assert {typed: composed(team, typed) for typed in examples} == examples


def test_a_command_that_asks_for_it_is_escaped_as_a_message_is(sandbox: Sandbox) -> None:
    # should_escape: docs.slack.dev/reference/app-manifest; "all text in Slack uses the same system of escaping":
    # docs.slack.dev/messaging/formatting-message-text#escaping
    team = sandbox.world.home_team()
    sales = next(channel.id for channel in team.channels.values() if channel.name == "sales")
    examples = {
        "@ben.hughes in #sales": f"<@{BEN}|ben.hughes> in <#{sales}|sales>",
        "Smith & Sons, <5 people>": "Smith &amp; Sons, &lt;5 people&gt;",
        "https://x.example/a?b=1&c=2": "<https://x.example/a?b=1&amp;c=2>",
        "@here @nobody": "@here @nobody",
    }
    assert {typed: escaped_command_text(team, typed) for typed in examples} == examples


async def test_a_reload_drops_what_only_one_person_saw(anna: Workspace, client: AsyncWebClient) -> None:
    # "Ephemeral messages do not persist across reloads": docs.slack.dev/reference/methods/chat.postEphemeral
    for person in (ANNA, BEN):
        await client.chat_postEphemeral(channel="#sales", user=person, text="psst")
    await anna.post("load")
    assert "psst" not in str(await anna.messages("#sales"))
    assert "psst" in str(await anna.as_(BEN).messages("#sales"))
