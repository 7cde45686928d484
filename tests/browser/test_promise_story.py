"""A promise in a real browser: said in a channel, noted for its deal, reminded of on its day, and kept."""

from typing import Any

from tests.browser.stories import SCREENED, Album, Demo, choose, go, open_messages, say, typed
from tests.chromium import expect, in_chromium

pytestmark = in_chromium


async def a_deal(page: Any, demo: Demo) -> None:
    """Ben makes a deal of a lead."""
    dialog = page.get_by_role("dialog")
    await go(page, demo, "ben.hughes", "sales")
    await typed(page, "/rain-lead Northgate Rail, referral, Their depots run out of parts")
    await go(page, demo, "ben.hughes", "leads")
    lead = page.locator("article.message", has_text="L-5 · Northgate Rail")
    await lead.get_by_role("button", name="Claim").click()
    await expect(lead).to_contain_text("@Ben")
    await lead.get_by_role("button", name="Screen").click()
    for criterion, answer in SCREENED.items():
        await choose(page, f"screening_{criterion}", answer)
    await dialog.get_by_role("button", name="Save").click()
    await expect(lead).to_contain_text("100 %")
    await lead.get_by_role("button", name="Make it a deal").click()
    await dialog.locator('[data-block-id="title"] input').fill("Spare parts over three depots")
    await dialog.get_by_role("button", name="Make a deal").click()
    await expect(dialog).to_contain_text("D-1 · Northgate Rail")
    await page.keyboard.press("Escape")


async def shortcut(page: Any, said: str, name: str) -> None:
    """Take a shortcut on a message."""
    message = page.locator("article.message", has_text=said).first
    await message.hover()
    await message.get_by_label("More actions").click()
    await page.get_by_role("menuitem", name=name).click()


async def choose_deal(page: Any) -> None:
    """Choose the one deal there is."""
    await page.locator('dialog [data-block-id="deal"] .select-button').click()
    await page.get_by_role("option", name="D-1 Northgate Rail").click()


async def test_a_promise_is_noted_reminded_of_and_kept(demo: Demo, chromium: Any) -> None:
    album = Album()
    page = await chromium.new_page(viewport={"width": 1280, "height": 800}, reduced_motion="reduce")
    problems: list[str] = []
    page.on("pageerror", lambda error: problems.append(str(error)))
    dialog = page.get_by_role("dialog")
    await a_deal(page, demo)

    # What Carla says in passing is a touch, and a promise.
    await go(page, demo, "carla.romano", "leads")
    said = "Called Jo of Northgate Rail: we send a list of the slow parts by Thursday"
    await say(page, said)
    await go(page, demo, "ben.hughes", "leads")
    await shortcut(page, said, "Log a touch")
    await choose_deal(page)
    await choose(page, "kind", "Call")
    await dialog.get_by_role("button", name="Save").click()
    await expect(page.get_by_text("Logged with D-1 · Northgate Rail, as a call.")).to_be_visible()
    await shortcut(page, said, "Note as a promise")
    await choose_deal(page)
    await dialog.locator('[data-block-id="due_on"] input').fill("2027-03-04")
    await dialog.get_by_role("button", name="Save").click()
    await expect(page.get_by_text("Noted a promise for D-1.")).to_be_visible()

    # The deal's page lists it beside one that was made on site.
    await go(page, demo, "ben.hughes", "leads")
    card = page.locator("article.message:not(.ephemeral)", has_text="D-1 · Northgate Rail")
    await expect(card).to_contain_text("1 promise open")
    await card.locator(".overflow").click()
    await page.get_by_role("menuitem", name="Open").click()
    await dialog.get_by_role("button", name="Add a promise").click()
    await dialog.last.locator('[data-block-id="said"] textarea').fill("Two days at each depot, not one.")
    await dialog.last.get_by_role("button", name="Save").click()
    await expect(dialog).to_contain_text("Two days at each depot, not one.")
    await dialog.get_by_role("button", name="Settled…").last.click()
    await dialog.last.locator('[data-block-id="how"] textarea').fill("One day is enough where stock is counted.")
    await dialog.last.get_by_role("button", name="Settled").click()
    await expect(dialog).to_contain_text("One day is enough where stock is counted.")
    await dialog.get_by_role("button", name="Kept").scroll_into_view_if_needed()
    await album.take(page, "promises")
    await page.keyboard.press("Escape")

    # On its day whoever owns the deal is reminded, and says that it was kept.
    await open_messages(page, demo, "ben.hughes")
    await demo.move_clock("ben.hughes", "2027-03-04 10:00")
    due = page.locator("article.message", has_text="a promise is to be kept")
    await expect(due).to_contain_text("because you own D-1")
    await due.get_by_role("button", name="Kept").click()
    await expect(due).to_contain_text("kept, @Ben")
    await expect(due.get_by_role("button", name="Settled…")).to_have_count(0)
    assert problems == []
