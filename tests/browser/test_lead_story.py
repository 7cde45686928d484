"""One lead in a real browser, as a person would take it: from a colleague's message to a snoozed reminder.

`make screenshots` runs this with RAINMAKER_SCREENSHOTS set and so renews `docs/images/`.
"""

import asyncio
import contextlib
import os
import re
import sqlite3
import sys
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from sandbox.client import Workspace

playwright = pytest.importorskip("playwright.async_api")
expect = playwright.expect

CHROMIUM = Path("/usr/bin/chromium")
FLAGS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
TUESDAY_MORNING = datetime(2027, 3, 2, 10, 12, tzinfo=UTC)
IMAGES = Path(__file__).parent.parent.parent / "docs" / "images"

pytestmark = [pytest.mark.browser, pytest.mark.skipif(not CHROMIUM.exists(), reason="needs Chromium")]


class Demo:
    """A running demo: its page, its people by handle and its channels by name, and the folder of its data."""

    def __init__(self, page_url: str, state: dict[str, Any], data: Path) -> None:
        self.url, self.data = page_url, data
        self.people = {user["name"]: user["id"] for user in state["users"]}
        self.channels = {channel["name"]: channel["id"] for channel in state["channels"] if channel.get("name")}

    def at(self, person: str, channel: str) -> str:
        """The address of a channel, seen by somebody."""
        return f"{self.url}#/{self.people[person]}/{self.channels[channel]}"

    async def move_clock(self, person: str, to: str) -> None:
        """Let it be a moment such as `2027-06-03 10:00`, in UTC."""
        moment = datetime.fromisoformat(to).replace(tzinfo=UTC).timestamp()
        async with Workspace.connect(f"{self.url}_control/", as_user=self.people[person]) as somebody:
            await somebody.move_clock(to=moment)

    async def planned(self, kind: str) -> None:
        """Wait until a reminder of this kind is on record, which nobody sees before it is due."""
        database = sqlite3.connect(f"file:{self.data / 'rainmaker.db'}?mode=ro", uri=True)
        with contextlib.closing(database):
            while not database.execute("SELECT 1 FROM reminders WHERE kind = ?", [kind]).fetchone():  # noqa: ASYNC110 (it tells nobody)
                await asyncio.sleep(0.05)


@pytest.fixture
async def demo(tmp_path: Path) -> AsyncIterator[Demo]:
    """`rainmaker demo` in a process of its own, on a free port, on a Tuesday morning."""
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "bot", "demo", "--port", "0", "--data", str(tmp_path / "demo")),
        stdout=asyncio.subprocess.PIPE,
        cwd=Path(__file__).parent.parent.parent,
    )
    try:
        yield await _meet(process, tmp_path / "demo")
    finally:
        process.terminate()
        await process.wait()


async def _meet(process: asyncio.subprocess.Process, data: Path) -> Demo:
    assert process.stdout is not None
    told = b""
    while not (found := re.search(rb"Open (http://\S+)", told)):
        line = await asyncio.wait_for(process.stdout.readline(), 30)
        assert line, "the demo ended before it was running"
        told += line
    url = found[1].decode()
    async with aiohttp.ClientSession() as session:
        answer = await session.get(f"{url}_control/state")
        state = await answer.json()
        demo = Demo(url, state, data)
        async with Workspace.connect(f"{url}_control/", as_user=state["me"], session=session) as anna:
            await anna.move_clock(to=TUESDAY_MORNING.timestamp())
    return demo


@pytest.fixture
async def chromium() -> AsyncIterator[Any]:
    """A browser."""
    async with playwright.async_playwright() as driver:
        browser = await driver.chromium.launch(executable_path=str(CHROMIUM), args=FLAGS)
        yield browser
        await browser.close()


class Album:
    """Keeps a screenshot under docs/images/ where asked to, light and dark, wide and narrow."""

    def __init__(self) -> None:
        self.is_kept = bool(os.environ.get("RAINMAKER_SCREENSHOTS"))

    async def take(self, page: Any, name: str, *, dark: bool = False, narrow: bool = False) -> None:
        """One picture of the page as it stands."""
        if not self.is_kept:
            return
        before = page.viewport_size
        await page.emulate_media(color_scheme="dark" if dark else "light", reduced_motion="reduce")
        await page.set_viewport_size({"width": 420, "height": 850} if narrow else {"width": 1280, "height": 800})
        await page.mouse.move(2, 2)
        await page.wait_for_timeout(300)
        await page.screenshot(path=IMAGES / f"{name}.png")
        await page.set_viewport_size(before)
        await page.emulate_media(color_scheme="light", reduced_motion="reduce")


async def say(page: Any, words: str) -> None:
    """Send a message or a command to the channel that is open; no modal may be in front of it, which would take the keys."""
    await expect(page.get_by_role("dialog")).to_have_count(0)
    await page.get_by_label("Message #").fill(words)
    await page.keyboard.press("Enter")


async def choose(page: Any, block: str, option: str) -> None:
    """Choose an option of a menu in the modal."""
    await page.locator(f'dialog [data-block-id="{block}"] .select-button').click()
    await page.get_by_role("option", name=option).click()


async def test_a_lead_goes_from_a_message_to_a_snoozed_reminder(demo: Demo, chromium: Any) -> None:
    album = Album()
    page = await chromium.new_page(viewport={"width": 1280, "height": 800}, reduced_motion="reduce")
    problems: list[str] = []
    page.on("pageerror", lambda error: problems.append(str(error)))

    # A colleague says something in #sales; Ben makes a lead of it.
    await page.goto(demo.at("carla.romano", "sales"))
    await say(page, "Ingrid from Fjordlin Ferries called: their crew rota is a mess. ingrid@fjordlin.example")
    await page.goto(demo.at("ben.hughes", "sales"))
    message = page.locator("article.message", has_text="crew rota is a mess")
    await message.hover()
    await message.get_by_label("More actions").click()
    await album.take(page, "shortcut-menu")
    await page.get_by_role("menuitem", name="Capture lead").click()

    # The modal knows what the message said, and then that the company may be known.
    await expect(page.get_by_role("dialog")).to_contain_text("Capture a lead")
    await expect(page.locator('dialog [data-block-id="email"] input')).to_have_value("ingrid@fjordlin.example")
    await page.locator('dialog [data-block-id="company"] input').fill("Fjordlin Ferries")
    await choose(page, "channel", "Partner referral")
    await album.take(page, "capture-modal")
    await page.get_by_role("dialog").get_by_role("button", name="Capture", exact=True).click()
    await expect(page.get_by_role("dialog")).to_contain_text("We may know this company already")
    await expect(page.locator('dialog [data-block-id="company"] input')).to_have_value("Fjordlin Ferries")
    await album.take(page, "duplicate-warning")
    await album.take(page, "duplicate-warning-dark", dark=True)
    await page.get_by_role("dialog").get_by_text("Fjordline Ferries").click()
    await page.get_by_role("dialog").get_by_role("button", name="Capture", exact=True).click()
    await expect(page.get_by_role("dialog")).to_have_count(0)
    await expect(page.get_by_text("Captured L-5 · Fjordline Ferries")).to_be_visible()
    await album.take(page, "captured")

    # The card stands in #leads; claiming edits it in place.
    await page.goto(demo.at("ben.hughes", "leads"))
    card = page.locator("article.message", has_text="L-5 · Fjordline Ferries")
    await expect(card).to_contain_text("nobody yet")
    await album.take(page, "card-unclaimed")
    await card.get_by_role("button", name="Claim").click()
    await expect(card).to_contain_text("@Ben")
    await expect(card.get_by_role("button", name="Claim")).to_have_count(0)
    await album.take(page, "card-light")
    await album.take(page, "card-dark", dark=True)
    await album.take(page, "card-narrow", narrow=True)

    # Tomorrow at nine it reminds him, and he puts it off.
    await page.get_by_role("button", name="Tomorrow 9:00").click()
    await page.get_by_text("Rainmaker", exact=True).first.click()
    await page.get_by_role("tab", name="Messages").click()
    reminder = page.locator("article.message", has_text="L-5 · Fjordline Ferries waits for its first answer")
    await expect(reminder).to_contain_text("because you own L-5")
    await album.take(page, "reminder")
    await album.take(page, "reminder-dark", dark=True)
    await reminder.locator(".select-button").click()
    await page.get_by_role("option", name="Tomorrow").click()
    await expect(reminder).to_contain_text("Comes back")
    await expect(reminder.get_by_role("button", name="Done")).to_have_count(0)
    await album.take(page, "reminder-snoozed")

    # Home shows what waits.
    await page.get_by_role("tab", name="Home").click()
    await expect(page.locator("[data-home]")).to_contain_text("What waits for you")
    await album.take(page, "home")
    await album.take(page, "home-dark", dark=True)
    await album.take(page, "home-narrow", narrow=True)
    assert problems == []
