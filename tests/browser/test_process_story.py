"""The process in a real browser: somebody looks a stage up, and says that a step of it is slow."""

from typing import Any

from tests.browser.test_exceptions_story import go, open_messages
from tests.browser.test_lead_story import Album, Demo, chromium, demo, expect, pytestmark

__all__ = ["chromium", "demo", "pytestmark"]


async def test_a_stage_is_looked_up_with_its_chart(demo: Demo, chromium: Any) -> None:
    album = Album()
    page = await chromium.new_page(viewport={"width": 1280, "height": 800}, reduced_motion="reduce")
    problems: list[str] = []
    page.on("pageerror", lambda error: problems.append(str(error)))
    dialog = page.get_by_role("dialog")

    # Ben wants to know how a quote is made.
    await go(page, demo, "ben.hughes", "sales")
    await page.get_by_label("Message #").fill("/rain-process")
    await page.keyboard.press("Enter")
    listed = page.locator("article.message", has_text="How we work")
    await expect(listed).to_contain_text("7. Quote")
    await album.take(page, "process-list")
    await listed.locator(".select-button").first.click()
    await page.get_by_role("option", name="Quote", exact=True).click()
    await expect(dialog).to_contain_text("Set the price")
    await album.take(page, "process-stage")
    await album.take(page, "process-stage-dark", dark=True)
    await dialog.get_by_role("button", name="Show the chart").click()
    await expect(dialog).to_contain_text("The chart comes in your messages with me.")
    await page.keyboard.press("Escape")
    await open_messages(page, demo, "ben.hughes")
    chart = page.locator("article.message", has_text="How we work: Quote")
    await expect(chart).to_be_visible()
    await album.take(page, "process-lit")
    assert problems == []
