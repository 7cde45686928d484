"""response_urls: five answers within half an hour, in private unless said otherwise."""

from typing import Any

import aiohttp
import pytest
from slack_sdk.web.async_client import AsyncWebClient

from sandbox.client import Workspace
from tests.sandbox.conftest import BEN
from tests.sandbox.socket_app import SocketApp

Json = dict[str, Any]

BUTTONS = [
    {
        "type": "actions",
        "block_id": "buttons",
        "elements": [
            {"type": "button", "action_id": "go", "value": "7", "text": {"type": "plain_text", "text": "Go"}},
            {
                "type": "overflow",
                "action_id": "more",
                "options": [{"text": {"type": "plain_text", "text": "Later"}, "value": "later"}],
            },
        ],
    }
]


async def pressed(app: SocketApp, anna: Workspace, message: Json) -> Json:
    await anna.click(message, "Go")
    return await app.next("block_actions")


async def answered(session: aiohttp.ClientSession, url: str, **body: Any) -> tuple[int, Json]:
    async with session.post(url, json=body) as response:
        return response.status, await response.json()


async def test_a_press_tells_everything_about_itself(app: SocketApp, anna: Workspace, client: AsyncWebClient) -> None:
    posted = await client.chat_postMessage(channel="#sales", text="card", blocks=BUTTONS)
    payload = await pressed(app, anna, await anna.wait_for("card", channel="#sales"))
    (action,) = payload["actions"]
    facts = (action["action_id"], action["block_id"], action["value"], action["type"], action["text"]["text"])
    assert facts == ("go", "buttons", "7", "button", "Go")
    assert payload["container"] == {
        "type": "message",
        "message_ts": posted["ts"],
        "channel_id": posted["channel"],
        "is_ephemeral": False,
    }
    assert payload["message"]["text"] == "card"
    assert payload["channel"]["name"] == "sales"
    assert payload["state"] == {"values": {}}
    await anna.choose(await anna.wait_for("card", channel="#sales"), "more", "Later")
    chosen = (await app.next("block_actions"))["actions"][0]["selected_option"]
    assert chosen["value"] == "later"


async def test_five_answers_are_the_most(
    app: SocketApp, anna: Workspace, client: AsyncWebClient, session: aiohttp.ClientSession
) -> None:
    await client.chat_postMessage(channel="#sales", text="card", blocks=BUTTONS)
    url = (await pressed(app, anna, await anna.wait_for("card", channel="#sales")))["response_url"]
    statuses = [(await answered(session, url, text=f"answer {n}"))[0] for n in range(6)]
    assert statuses == [200] * 5 + [404]
    shown = [message for message in await anna.messages("#sales") if message["text"].startswith("answer")]
    assert [message["ephemeral"] for message in shown] == [True] * 5
    assert "answer" not in str(await anna.as_(BEN).messages("#sales"))


async def test_half_an_hour_is_the_longest(app: SocketApp, anna: Workspace, session: aiohttp.ClientSession) -> None:
    await anna.slash("/count", "x")
    url = (await app.next("slash_commands"))["response_url"]
    await anna.move_clock(advance=30 * 60 + 1)
    assert await answered(session, url, text="late") == (404, {"ok": False, "error": "expired_url"})


@pytest.mark.parametrize("ephemeral", [True, False])
async def test_the_original_is_replaced_and_deleted(
    app: SocketApp, anna: Workspace, client: AsyncWebClient, session: aiohttp.ClientSession, ephemeral: bool
) -> None:
    if ephemeral:
        await client.chat_postEphemeral(channel="#sales", user=anna.user, text="card", blocks=BUTTONS)
    else:
        await client.chat_postMessage(channel="#sales", text="card", blocks=BUTTONS)
    card = await anna.wait_for("card", channel="#sales")
    payload = await pressed(app, anna, card)
    assert payload["container"]["is_ephemeral"] is ephemeral
    assert ("message" in payload) is not ephemeral
    await answered(session, payload["response_url"], text="done", replace_original=True)
    done = await anna.wait_for("done", channel="#sales")
    assert (done["ts"], done.get("ephemeral", False), "blocks" in done) == (card["ts"], ephemeral, False)
    await answered(session, payload["response_url"], delete_original=True)
    assert card["ts"] not in [message["ts"] for message in await anna.messages("#sales")]


async def test_an_answer_for_everybody_reaches_a_channel_the_app_is_not_in(
    app: SocketApp, anna: Workspace, session: aiohttp.ClientSession
) -> None:
    await anna.slash("/count", "x", channel="#random")
    url = (await app.next("slash_commands"))["response_url"]
    assert (await answered(session, url, text="hello all", response_type="in_channel"))[0] == 200
    assert "hello all" in str(await anna.as_(BEN).messages("#random"))


async def test_invalid_answers_are_refused(app: SocketApp, anna: Workspace, session: aiohttp.ClientSession) -> None:
    await anna.slash("/count", "x")
    url = (await app.next("slash_commands"))["response_url"]
    assert (await answered(session, url))[1]["error"] == "no_text"
    assert (await answered(session, url, blocks=[{"type": "header"}]))[1]["error"] == "invalid_blocks"
    assert (await answered(session, url + "x", text="x"))[1]["error"] == "invalid_response_url"
