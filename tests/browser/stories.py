"""What stories in the browser share: the running demo, what a person does in its page again and again, and pictures of it."""

import asyncio
import contextlib
import os
import sqlite3
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from sandbox.client import Workspace
from tests.chromium import expect

IMAGES = Path(__file__).parent.parent.parent / "docs" / "images"
SCREENED = {
    "need": "A named problem with a cost",
    "budget": "A budget is set",
    "decider": "Yes, directly",
    "timing": "Within three months",
    "fit": "It is what we do",
}


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


class Album:
    """Keeps screenshots under docs/images/ when RAINMAKER_SCREENSHOTS asks for them."""

    def __init__(self) -> None:
        self.is_kept = bool(os.environ.get("RAINMAKER_SCREENSHOTS"))

    async def take(self, page: Any, name: str, *, dark: bool = False) -> None:
        """One picture of the page as it stands."""
        if not self.is_kept:
            return
        await page.emulate_media(color_scheme="dark" if dark else "light", reduced_motion="reduce")
        await page.evaluate("document.querySelector('[data-guide]')?.remove()")  # the tips are no part of the story
        await page.mouse.move(2, 2)
        await page.wait_for_timeout(300)
        await page.screenshot(path=IMAGES / f"{name}.png")
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


async def typed(page: Any, command: str) -> None:
    """Give a command in the channel that is open, and see it answered."""
    await say(page, command)
    await expect(page.get_by_text("Captured L-").last).to_be_visible()


async def go(page: Any, demo: Demo, person: str, channel: str) -> None:
    """Look at a channel as somebody, in a page that has nothing left of who looked before."""
    await page.goto("about:blank")
    await page.goto(demo.at(person, channel))
    await expect(page.get_by_label(f"Message #{channel}")).to_be_visible()


async def open_messages(page: Any, demo: Demo, person: str) -> None:
    """The direct messages of somebody with Rainmaker."""
    await go(page, demo, person, "general")
    await page.get_by_text("Rainmaker", exact=True).first.click()
    await page.get_by_role("tab", name="Messages").click()
