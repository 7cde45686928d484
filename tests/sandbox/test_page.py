"""The page does in a real browser what a person does in Slack: write, command, fill in, switch, look later."""

import re
from collections.abc import AsyncIterator
from typing import Any

import pytest
import pytest_asyncio
from slack_bolt.adapter.socket_mode.async_handler import AsyncSocketModeHandler
from slack_sdk.web.async_client import AsyncWebClient

from sandbox.client import Workspace
from sandbox.server import Sandbox, create
from tests.chromium import browser, expect, in_chromium
from tests.sandbox.conftest import ANNA, CARLA
from tests.sandbox.plain_bolt_app import make_app

WIDE = {"width": 1280, "height": 800}
NARROW = {"width": 420, "height": 850}

pytestmark = [*in_chromium, pytest.mark.asyncio(loop_scope="module")]


@pytest_asyncio.fixture(loop_scope="module", scope="module")
async def chromium() -> AsyncIterator[Any]:
    """One browser for all tests of this file; each has a context of its own in it."""
    async with browser() as chromium:
        yield chromium


@pytest_asyncio.fixture(loop_scope="module")
async def tally(manifest: dict[str, Any]) -> AsyncIterator[Sandbox]:
    """A workspace in which the plain Bolt app is running."""
    sandbox = create(manifest)
    await sandbox.start()
    line = sandbox.start_line
    handler = AsyncSocketModeHandler(make_app(line["api_url"], line["bot_token"], ""), line["app_token"])
    await handler.connect_async()
    async with Workspace.connect(line["control"], as_user=ANNA) as anna:
        await anna.wait_until_connected()
    yield sandbox
    await handler.close_async()
    await sandbox.stop()


class Complaints(list[str]):
    """What the browser's console and uncaught errors said."""

    def listen(self, page: Any) -> None:
        page.on("pageerror", lambda error: self.append(str(error)))
        page.on("console", lambda message: self.append(message.text) if message.type == "error" else None)


@pytest_asyncio.fixture(loop_scope="module")
async def page(tally: Sandbox, chromium: Any, request: pytest.FixtureRequest) -> AsyncIterator[Any]:
    """Anna's browser, in #sales; `indirect` gives another window size. Any error in the console fails the test."""
    context = await chromium.new_context(viewport=getattr(request, "param", WIDE), reduced_motion="reduce")
    page, complaints = await context.new_page(), Complaints()
    complaints.listen(page)
    await go(page, tally, "sales")
    yield page
    await context.close()
    assert not complaints


async def go(page: Any, sandbox: Sandbox, place: str, person: str = ANNA) -> None:
    channels = sandbox.world.home_team().channels.values()
    where = next((channel.id for channel in channels if channel.name == place), place)
    await page.goto(f"{sandbox.start_line['page']}#/{person}/{where}")
    await page.locator("body[data-ready=yes]").wait_for()


def box(page: Any) -> Any:
    return page.locator("[data-composer=channel]")


def last_message(page: Any) -> Any:
    return page.locator(".main-pane .message").last


async def test_the_bare_address_opens_the_workspace_as_somebody(page: Any, tally: Sandbox) -> None:
    await page.evaluate("localStorage.clear()")
    await page.goto(tally.start_line["page"])
    await expect(page.locator(".act-as-name")).to_have_text("Anna")
    await expect(page).to_have_title("Larkspur & Vane")
    await expect(page).to_have_url(re.compile(f"#/{ANNA}/C"))


async def test_what_is_sent_appears_with_its_mentions_emphasis_and_no_markup(page: Any) -> None:
    await box(page).press_sequentially("Ask @be")
    await box(page).press("Enter")
    await box(page).press_sequentially("about *Acme* <b>now</b> :tada:")
    await box(page).press("Enter")
    await expect(last_message(page)).to_contain_text("Ask @Ben about Acme <b>now</b> 🎉")
    await expect(last_message(page).locator("b")).to_have_text("Acme")
    await expect(last_message(page).locator("button.mention")).to_have_text("@Ben")
    await expect(box(page)).to_have_value("")


async def test_what_changes_while_it_is_being_pressed_is_pressed_all_the_same(page: Any, tally: Sandbox) -> None:
    def door(words: str) -> list[Any]:
        button = {"type": "button", "action_id": "open_door", "text": {"type": "plain_text", "text": "Open"}}
        text = {"type": "mrkdwn", "text": words}
        return [{"type": "actions", "elements": [button]}, {"type": "section", "text": text}]

    client = AsyncWebClient(tally.start_line["bot_token"], base_url=tally.start_line["api_url"])
    places = {channel.name: channel.id for channel in tally.world.home_team().channels.values()}
    said = await client.chat_postMessage(channel=places["sales"], text="a door", blocks=door("A door"))
    card = page.locator(f'.message[data-ts="{said["ts"]}"]')
    await card.get_by_role("button", name="Open").hover()
    await page.mouse.down()
    await client.chat_update(channel=places["sales"], ts=said["ts"], text="a door", blocks=door("A red door"))
    await client.chat_postMessage(channel=places["general"], text="told")
    await page.locator(".sidebar .unread", has_text="general").wait_for()  # the stream is past the change
    await expect(card).not_to_contain_text("red door")
    await page.mouse.up()
    await expect(card).to_contain_text("The door is open, @Anna")


async def test_what_is_typed_while_a_command_is_being_answered_is_not_lost(page: Any) -> None:
    typed = "and then this"

    async def answer_late(route: Any) -> None:
        await box(page).fill(typed)
        await box(page).press("Enter")
        await route.continue_()

    await page.route(re.compile("_control/slash"), answer_late)
    await box(page).fill("/count 1")
    await box(page).press("Enter")
    await expect(last_message(page)).to_contain_text(typed)
    await expect(box(page)).to_have_value("")


async def test_what_the_workspace_refuses_stands_in_the_box_again(page: Any) -> None:
    await box(page).fill("/nothing of the kind")
    await box(page).press("Enter")
    await expect(page.locator(".toast")).to_contain_text("not a valid command")
    await expect(box(page)).to_have_value("/nothing of the kind")


async def test_a_slash_offers_the_commands_and_the_answer_is_for_ones_own_eyes(page: Any) -> None:
    await box(page).press_sequentially("/co")
    offered = page.get_by_role("option", name="/count")
    await expect(offered).to_contain_text("Count something")
    await expect(offered).to_contain_text("[what]")
    await box(page).press("Tab")
    await expect(box(page)).to_have_value("/count ")
    await box(page).press_sequentially("a b c")
    await box(page).press("Enter")
    await expect(page.locator(".message.ephemeral")).to_contain_text("Only visible to you")
    await expect(page.locator(".message.ephemeral")).to_contain_text("Counting a b c")
    await expect(page.locator(".message", has_text="3 words")).to_be_visible()


async def test_a_modal_shows_errors_under_their_field_and_closes_when_all_is_well(page: Any) -> None:
    await box(page).fill("/ask zero")
    await box(page).press("Enter")
    modal = page.get_by_role("dialog", name="Count")
    field = modal.get_by_label("Words")
    await expect(field).to_be_focused()
    await modal.get_by_role("button", name="Count").click()
    await expect(modal.locator("[data-block-id=words] .field-error")).to_have_text("Zero cannot be counted.")
    await field.fill("")
    await modal.get_by_role("button", name="Count").click()
    await expect(modal.locator("[data-block-id=words] .field-error")).to_contain_text("required")
    await field.fill("four words it is")
    await modal.get_by_label("Fruit").click()
    await page.keyboard.type("cher")
    await page.get_by_role("option", name="cherry").click()
    await modal.get_by_role("button", name="Shout").click()
    louder = page.get_by_role("dialog", name="COUNT")
    await expect(louder.get_by_label("Words")).to_have_value("four words it is")
    await louder.get_by_role("button", name="Count").click()
    await expect(louder).to_have_count(0)
    await expect(page.locator("[data-app] .count")).to_have_text("1")
    await page.locator("[data-app]").click()
    await expect(last_message(page)).to_contain_text("4 words and cherry")


async def test_escape_closes_a_modal_and_the_app_hears_of_it(page: Any) -> None:
    await page.get_by_role("button", name="Shortcuts of the app").click()
    await page.get_by_role("menuitem", name="New count").click()
    await page.get_by_role("dialog", name="Count").wait_for()
    await page.keyboard.press("Escape")
    await expect(page.get_by_role("dialog")).to_have_count(0)
    await page.locator("[data-app]", has_text="1").click()
    await expect(last_message(page)).to_contain_text("Nothing counted")


async def test_a_reload_closes_a_modal_and_drops_what_only_one_saw(page: Any) -> None:
    await box(page).fill("/count a b")
    await box(page).press("Enter")
    await page.locator(".message.ephemeral").wait_for()
    await box(page).fill("/ask zero")
    await box(page).press("Enter")
    await page.get_by_role("dialog", name="Count").wait_for()
    await page.reload()
    await page.locator("body[data-ready=yes]").wait_for()
    await expect(last_message(page)).to_be_visible()
    await expect(page.get_by_role("dialog")).to_have_count(0)
    await expect(page.locator(".message.ephemeral")).to_have_count(0)


async def test_notices_do_not_pile_up(page: Any) -> None:
    for command in ("/w", "/x", "/x", "/y", "/z"):
        await box(page).fill(command)
        await box(page).press("Enter")
        await expect(page.locator(".toast").last).to_contain_text(f"{command} is not")
        await expect(box(page)).to_have_value(command)
    await expect(page.locator(".toast")).to_have_text(
        [f"{command} is not a valid command." for command in ("/x", "/y", "/z")]
    )


async def test_a_deleted_message_with_replies_keeps_its_thread(page: Any, tally: Sandbox) -> None:
    async with Workspace.connect(tally.start_line["control"], as_user=ANNA) as anna:
        said = await anna.say("#sales", "a question")
        await anna.say("#sales", "an answer", thread_ts=said["ts"])
        await anna.delete("#sales", said["ts"])
    await expect(page.locator(f'.message[data-ts="{said["ts"]}"]')).to_contain_text("This message was deleted.")
    await page.locator(f'[data-thread="{said["ts"]}"]').click()
    await expect(page.locator("#thread-pane")).to_contain_text("an answer")


async def test_home_is_drawn_and_its_button_reaches_the_app(page: Any) -> None:
    await page.locator("[data-app]").click()
    await expect(page.locator("[data-home]")).to_contain_text("Tally's home")
    await page.locator("[data-action-id=wave]").click()
    await page.locator("[data-app] .count").wait_for()
    await page.get_by_role("tab", name="Messages").click()
    await expect(last_message(page)).to_contain_text("👋 from Home")


async def test_a_thread_is_answered_beside_the_conversation_and_its_button_changes_the_message(page: Any) -> None:
    await box(page).fill("knock knock")
    await box(page).press("Enter")
    await page.get_by_role("button", name="1 reply").click()
    thread = page.locator("#thread-pane")
    await thread.get_by_role("button", name="Open").click()
    await expect(thread).to_contain_text("The door is open, @Anna")
    await thread.locator("[data-composer=thread]").fill("Thank you")
    await thread.locator("[data-composer=thread]").press("Enter")
    await expect(thread.locator(".message").last).to_contain_text("Thank you")
    await expect(page.get_by_role("button", name="2 replies")).to_be_visible()


async def test_what_changes_while_the_channel_is_being_fetched_is_not_lost(page: Any, tally: Sandbox) -> None:
    line, places = tally.start_line, {c.name: c.id for c in tally.world.home_team().channels.values()}
    client = AsyncWebClient(line["bot_token"], base_url=line["api_url"])
    said = await client.chat_postMessage(channel=places["general"], text="counting")

    async def answer_late(route: Any) -> None:
        fetched = await route.fetch()
        await client.chat_update(channel=places["general"], ts=said["ts"], text="counted")
        await client.chat_postMessage(channel=places["sales"], text="told")
        await page.locator(".sidebar .unread", has_text="sales").wait_for()  # the stream is past the change
        await route.fulfill(response=fetched)

    await page.route(re.compile(f"messages.*channel={places['general']}"), answer_late)
    await go(page, tally, "general")
    await expect(last_message(page)).to_contain_text("counted")


async def test_acting_as_somebody_else_shows_their_hour_and_their_channels(page: Any, tally: Sandbox) -> None:
    await go(page, tally, "partners")
    await page.locator(".act-as").click()
    await page.locator(f"[data-act-as={CARLA}]").click()
    await expect(page.locator(".act-as")).to_contain_text("New York")
    await expect(page.locator("[data-name=partners]")).to_have_count(0)
    await expect(page).to_have_url(re.compile(CARLA))
    await page.reload()
    await expect(page.locator(".act-as-name")).to_have_text("Carla")


async def test_the_clock_moves_on_and_says_how_far_ahead_it_is(page: Any, tally: Sandbox) -> None:
    await page.get_by_role("button", name="+1 week").click()
    await expect(page.locator(".clock-ahead")).to_have_text("7 d ahead")
    assert round(tally.world.clock.offset / 86400) == 7
    await page.get_by_role("button", name="Tomorrow 9:00").click()
    await expect(page.locator(".clock-face")).to_contain_text("09:00")


async def test_typing_a_few_letters_jumps_to_a_channel(page: Any) -> None:
    await page.keyboard.press("Control+k")
    await page.keyboard.type("deliv")
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("heading", name="delivery", level=1)).to_be_visible()


@pytest.mark.parametrize("page", [NARROW], indirect=True)
async def test_a_narrow_window_keeps_the_channels_in_a_drawer(page: Any) -> None:
    await expect(page.locator("#sidebar")).to_be_hidden()
    await page.get_by_role("button", name="Show channels").click()
    await page.locator("[data-name=general]").click()
    await expect(page.get_by_role("heading", name="general", level=1)).to_be_visible()
    await expect(page.locator("#sidebar")).to_be_hidden()
    assert await page.evaluate("document.documentElement.scrollWidth") <= NARROW["width"]
