"""A plain Bolt app runs unmodified in the workspace, over Socket Mode and over HTTP."""

from collections.abc import AsyncIterator

import pytest
from aiohttp import web
from slack_bolt.adapter.socket_mode.async_handler import AsyncSocketModeHandler

from sandbox.client import Refused, Workspace
from tests.sandbox.conftest import ANNA, BEN, Start, free_socket
from tests.sandbox.plain_bolt_app import make_app


async def over_socket(start: Start) -> AsyncIterator[str]:
    sandbox = await start()
    line = sandbox.start_line
    handler = AsyncSocketModeHandler(make_app(line["api_url"], line["bot_token"], ""), line["app_token"])
    await handler.connect_async()
    yield line["control"]
    await handler.close_async()


async def over_http(start: Start) -> AsyncIterator[str]:
    """The app needs the workspace's address and the workspace the app's, so the app's port is taken first."""
    listening = free_socket()
    port = listening.getsockname()[1]
    line = (await start(events_url=f"http://127.0.0.1:{port}/slack/events")).start_line
    app = make_app(line["api_url"], line["bot_token"], line["signing_secret"])
    runner = web.AppRunner(app.server(port=port).web_app)
    await runner.setup()
    await web.SockSite(runner, listening).start()
    yield line["control"]
    await runner.cleanup()


@pytest.fixture(params=[over_socket, over_http])
async def tally(request: pytest.FixtureRequest, start: Start) -> AsyncIterator[Workspace]:
    """Anna, in a workspace where the app is running."""
    running = request.param(start)
    control = await anext(running)
    async with Workspace.connect(control, as_user=ANNA) as anna:
        await anna.wait_until_connected()
        yield anna
    await anext(running, None)


async def test_the_home_tab_is_shown_and_its_button_works(tally: Workspace) -> None:
    await tally.open_home()
    home = await tally.wait_for_home("Tally's home")
    await tally.click(home, "Wave")
    assert (await tally.wait_for("from Home"))["text"] == ":wave: from Home"


async def test_a_modal_opened_by_a_shortcut_keeps_typed_words_through_an_update_and_submits(tally: Workspace) -> None:
    await tally.shortcut("new_count")
    view = await tally.wait_for_modal("one two")
    fruits = await tally.suggest(view, "fruit", "err")
    assert [fruit["value"] for fruit in fruits] == ["cherry", "elderberry"]
    typed = {"words": {"typed": {"type": "plain_text_input", "value": "a b c"}}}
    block = {"block_id": "more", "action_id": "shout"}
    await tally.post("action", container={"type": "view", "view_id": view["id"]}, state=typed, **block)
    louder = await tally.wait_for_modal("COUNT")
    assert louder["state"]["values"]["words"]["typed"]["value"] == "a b c"
    await tally.submit(louder, {"fruit": fruits[0]})
    assert await tally.modal() is None
    await tally.wait_for("3 words and cherry")


async def test_errors_of_a_submission_stay_under_their_field(tally: Workspace) -> None:
    await tally.slash("/ask", "zero")
    view = await tally.wait_for_modal()
    assert view["private_metadata"] == "zero"
    with pytest.raises(Refused) as refusal:
        await tally.submit(view)
    assert refusal.value.detail["errors"] == {"words": "Zero cannot be counted."}
    assert await tally.modal() is not None


async def test_a_closed_modal_tells_the_app(tally: Workspace) -> None:
    await tally.shortcut("new_count")
    await tally.close(await tally.wait_for_modal())
    await tally.wait_for("Nothing counted")


async def test_a_command_is_answered_to_one_and_then_to_all(tally: Workspace) -> None:
    response = await tally.slash("/count", "one two three", channel="#sales")
    assert response is not None
    assert response["text"] == "Counting one two three"
    await tally.wait_for("3 words", channel="#sales")
    seen_by_ben = [message["text"] for message in await tally.as_(BEN).messages("#sales")]
    assert "3 words" in seen_by_ben
    assert "Counting one two three" not in seen_by_ben


async def test_a_message_shortcut_answers_in_private(tally: Workspace) -> None:
    message = await tally.say("#sales", "one two three four")
    await tally.shortcut("count_message", message)
    assert (await tally.wait_for("4 words", channel="#sales"))["ephemeral"]


async def test_a_message_is_answered_in_its_thread_with_a_button_that_replaces_it(tally: Workspace) -> None:
    knock = await tally.say("#sales", "knock knock, anybody there?")
    answer = await tally.wait_for("Who's there?", channel="#sales", thread=knock["ts"])
    await tally.click(answer, "Open")
    opened = await tally.wait_for("The door is open", channel="#sales", thread=knock["ts"])
    assert opened["ts"] == answer["ts"]
    assert "blocks" not in opened


async def test_a_mention_is_reacted_to(tally: Workspace) -> None:
    message = await tally.say("#sales", "Hello @tally, are you there?")
    reacted = await tally.wait_for(lambda seen: bool(seen.get("reactions")), channel="#sales")
    assert (reacted["ts"], reacted["reactions"][0]["name"]) == (message["ts"], "eyes")


@pytest.mark.parametrize("tally", [over_socket], indirect=True)
async def test_the_app_reconnects_when_asked_to(tally: Workspace) -> None:
    await tally.faults(disconnect="refresh_requested")
    await tally.wait_until_connected()
    assert len(await tally.calls("apps.connections.open")) == 2
    response = await tally.slash("/count", "still here")
    assert response is not None
    assert response["text"] == "Counting still here"
