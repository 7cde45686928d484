"""One lead in a real browser, as a person would take it: from a colleague's message to a snoozed reminder.

`make screenshots` runs the stories with RAINMAKER_SCREENSHOTS set, which takes the pictures in `docs/images/` again.
"""

from typing import Any

from tests.browser.stories import Album, Demo, choose, say
from tests.chromium import expect, in_chromium

pytestmark = in_chromium


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
    await page.get_by_role("menuitem", name="Capture lead").click()

    # The modal knows what the message said, and then that the company may be known.
    await expect(page.get_by_role("dialog")).to_contain_text("Capture a lead")
    await expect(page.locator('dialog [data-block-id="email"] input')).to_have_value("ingrid@fjordlin.example")
    await page.locator('dialog [data-block-id="company"] input').fill("Fjordlin Ferries")
    await choose(page, "channel", "Partner referral")
    await page.get_by_role("dialog").get_by_role("button", name="Capture", exact=True).click()
    await expect(page.get_by_role("dialog")).to_contain_text("We may know this company already")
    await expect(page.locator('dialog [data-block-id="company"] input')).to_have_value("Fjordlin Ferries")
    await album.take(page, "duplicate-warning")
    await page.get_by_role("dialog").get_by_text("New lead for A-1 Fjordline Ferries").click()
    await page.get_by_role("dialog").get_by_role("button", name="Capture", exact=True).click()
    await expect(page.get_by_role("dialog")).to_have_count(0)
    await expect(page.get_by_text("Captured L-5 · Fjordline Ferries")).to_be_visible()

    # The card stands in #leads; claiming edits it in place.
    await page.goto(demo.at("ben.hughes", "leads"))
    card = page.locator("article.message", has_text="L-5 · Fjordline Ferries")
    await expect(card).to_contain_text("No owner")
    await card.get_by_role("button", name="Claim").click()
    await expect(card).to_contain_text("@Ben")
    await expect(card.get_by_role("button", name="Claim")).to_have_count(0)
    await album.take(page, "lead-card")

    # Tomorrow at nine it reminds him, and he puts it off.
    await page.get_by_role("button", name="Tomorrow 9:00").click()
    await page.get_by_text("Rainmaker", exact=True).first.click()
    await page.get_by_role("tab", name="Messages").click()
    reminder = page.locator("article.message", has_text="L-5 · Fjordline Ferries must have a first answer by")
    await expect(reminder).to_contain_text("because you own L-5")
    await album.take(page, "reminder")
    await reminder.locator(".select-button").click()
    await page.get_by_role("option", name="Tomorrow").click()
    await expect(reminder).to_contain_text("Comes back")
    await expect(reminder.get_by_role("button", name="Done")).to_have_count(0)

    # Home shows what waits.
    await page.get_by_role("tab", name="Home").click()
    await expect(page.locator("[data-home]")).to_contain_text("What waits for you")
    await album.take(page, "home-dark", dark=True)
    assert problems == []
