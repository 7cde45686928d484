"""response_urls: five answers within half an hour, in private unless said otherwise.

Slack's page is docs.slack.dev/interactivity/handling-user-interaction#message_responses.
"""

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
    statuses = [(await answered(session, url, text=f"answer {n}", replace_original=False))[0] for n in range(6)]
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


@pytest.mark.parametrize("kind", ["in_channel", "ephemeral", None])
async def test_an_answer_to_a_press_takes_the_originals_place_unless_it_says_otherwise(
    app: SocketApp, anna: Workspace, client: AsyncWebClient, session: aiohttp.ClientSession, kind: str | None
) -> None:
    # "Be sure to set replace_original to false or you'll overwrite the message" (#publishing_in_thread); so does an answer in
    # private: github.com/howdyai/botkit/issues/444. What is replaced keeps being seen by whom it was seen by
    # (#updating_message_response, github.com/stoiveyp/Slack.NetStandard/pull/56).
    await client.chat_postMessage(channel="#sales", text="card", blocks=BUTTONS)
    card = await anna.wait_for("card", channel="#sales")
    url = (await pressed(app, anna, card))["response_url"]
    await answered(session, url, text="done", **({"response_type": kind} if kind else {}))
    seen_by_ben = {message["ts"]: message["text"] for message in await anna.as_(BEN).messages("#sales")}
    assert seen_by_ben[card["ts"]] == "done"
    assert len(await anna.messages("#sales")) == len(seen_by_ben)


async def test_flags_of_an_answer_may_be_words(
    app: SocketApp, anna: Workspace, client: AsyncWebClient, session: aiohttp.ClientSession
) -> None:
    # All of the page's examples write them as words: "replace_original": "false", "delete_original": "true".
    await client.chat_postMessage(channel="#sales", text="card", blocks=BUTTONS)
    url = (await pressed(app, anna, await anna.wait_for("card", channel="#sales")))["response_url"]
    await answered(session, url, text="beside", replace_original="false", delete_original="false")
    assert [message["text"] for message in await anna.messages("#sales")][-2:] == ["card", "beside"]
    await answered(session, url, text="instead", replace_original="true")
    await answered(session, url, delete_original="true")
    assert "instead" not in str(await anna.messages("#sales"))


async def test_an_answer_may_delete_the_original_and_say_something_new(
    app: SocketApp, anna: Workspace, client: AsyncWebClient, session: aiohttp.ClientSession
) -> None:
    # "The source message will be deleted, and your new message published" (#deleting_message_response).
    await client.chat_postMessage(channel="#sales", text="card", blocks=BUTTONS)
    card = await anna.wait_for("card", channel="#sales")
    url = (await pressed(app, anna, card))["response_url"]
    refused = await answered(session, url, blocks=[{"type": "header"}], delete_original=True)
    assert refused[1]["error"] == "invalid_blocks"
    assert (await anna.messages("#sales"))[-1]["ts"] == card["ts"]
    await answered(session, url, text="gone, and this", delete_original=True)
    new = await anna.wait_for("gone, and this", channel="#sales")
    assert new["ephemeral"]
    assert card["ts"] not in [message["ts"] for message in await anna.messages("#sales")]


@pytest.mark.parametrize("flag", [{}, {"replace_original": True}, {"delete_original": True}])
async def test_an_answer_to_a_command_is_always_a_new_message(
    app: SocketApp, anna: Workspace, session: aiohttp.ClientSession, flag: Json
) -> None:
    # github.com/slackapi/bolt-python/issues/1268 and github.com/slackapi/bolt-js/issues/2287; delete_original "is not
    # supported for use with slash commands" (#deleting_message_response).
    await anna.slash("/count", "x", channel="#sales")
    url = (await app.next("slash_commands"))["response_url"]
    await answered(session, url, text="thinking")
    await answered(session, url, text="done", **flag)
    assert [message["text"] for message in await anna.messages("#sales")][-2:] == ["thinking", "done"]


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
