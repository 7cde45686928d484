"""The process in a real browser: somebody looks a stage up, and somebody says that a step is slow and hears the answer."""

import re
from typing import Any

from tests.browser.stories import Demo, choose, go, open_messages, say
from tests.chromium import expect, in_chromium

pytestmark = in_chromium


async def test_a_stage_is_looked_up_and_a_step_of_it_is_spoken_of(demo: Demo, chromium: Any) -> None:
    page = await chromium.new_page(viewport={"width": 1280, "height": 800}, reduced_motion="reduce")
    problems: list[str] = []
    page.on("pageerror", lambda error: problems.append(str(error)))
    dialog = page.get_by_role("dialog")

    # Ben wants to know how a quote is made.
    await go(page, demo, "ben.hughes", "sales")
    await say(page, "/rain-process")
    listed = page.locator("article.message", has_text="How we work")
    await expect(listed).to_contain_text("7. Quote")
    await listed.locator(".select-button").first.click()
    await page.get_by_role("option", name="Quote", exact=True).click()
    await expect(dialog).to_contain_text("Set the price")
    await dialog.get_by_role("button", name="Show the chart").click()
    await expect(dialog).to_contain_text("The chart comes in your messages with me.")
    await page.keyboard.press("Escape")
    await open_messages(page, demo, "ben.hughes")
    chart = page.locator("article.message", has_text="How we work: Quote")
    await expect(chart).to_be_visible()

    # A consultant finds a step of it too slow, and says so.
    await go(page, demo, "deepa.nair", "general")
    await say(page, "/rain-process first talk")
    await dialog.get_by_role("button", name="A step is wrong or slow…").click()
    await choose(page, "step", "Write the needs brief")
    await dialog.get_by_text("It is slow", exact=True).click()
    words = "The brief asks the same three questions twice. Half an hour each time, and nobody reads the second answer."
    await dialog.locator('[data-block-id="said"] textarea').fill(words)
    await dialog.get_by_role("button", name="Send").click()
    await expect(dialog).to_contain_text("F-1 has gone to sales")

    async def answer_late(route: Any) -> None:
        """Whoever closes two modals does not wait for the answer to the first."""
        fetched = await route.fetch()
        await expect(dialog).to_have_count(0)
        await route.fulfill(response=fetched)

    await page.route(re.compile("/close$"), answer_late)
    await page.keyboard.press("Escape")
    await expect(dialog).to_contain_text("Write the needs brief")
    await page.keyboard.press("Escape")
    await expect(dialog).to_have_count(0)

    # Ben, who is one of those who answer for the step, answers; Deepa hears it.
    await open_messages(page, demo, "ben.hughes")
    card = page.locator("article.message", has_text="says that a step is slow")
    await expect(card).to_contain_text("because sales answers for the step")
    await card.get_by_role("button", name="Answer…").click()
    await dialog.locator('[data-block-id="answer"] textarea').fill("You are right. We ask them once from Monday on.")
    await dialog.get_by_role("button", name="Send").click()
    await expect(card).to_contain_text("answered")
    await expect(card.get_by_role("button", name="Answer…")).to_have_count(0)
    await open_messages(page, demo, "deepa.nair")
    heard = page.locator("article.message", has_text="has answered what you said of Write the needs brief (F-1)")
    await expect(heard).to_contain_text("We ask them once from Monday on.")
    assert problems == []
