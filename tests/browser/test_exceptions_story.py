"""A lead that falls late, in a real browser: its holder is warned, management hands it on, and two records of it become one."""

from typing import Any

from tests.browser.stories import Album, Demo, choose, go, open_messages, say, typed
from tests.chromium import expect, in_chromium

pytestmark = in_chromium


async def test_a_late_lead_is_noticed_handed_on_and_merged(demo: Demo, chromium: Any) -> None:
    album = Album()
    page = await chromium.new_page(viewport={"width": 1280, "height": 800}, reduced_motion="reduce")
    problems: list[str] = []
    page.on("pageerror", lambda error: problems.append(str(error)))
    dialog = page.get_by_role("dialog")

    # Two colleagues note the same enquiry, a minute apart; nobody claims it.
    await go(page, demo, "ben.hughes", "sales")
    await typed(page, "/rain-lead Northgate Rail, referral, A partner says their depots run out of parts")
    await go(page, demo, "carla.romano", "sales")
    await say(page, "Jo of NGR Depots asks who plans spare parts: jo.lind@ngr.example")
    message = page.locator("article.message", has_text="who plans spare parts")
    await message.hover()
    await message.get_by_label("More actions").click()
    await page.get_by_role("menuitem", name="Capture lead").click()
    await page.locator('dialog [data-block-id="company"] input').fill("NGR Depots")
    await page.locator('dialog [data-block-id="contact_name"] input').fill("Jo Lind")
    await choose(page, "channel", "Industry conference")
    await dialog.get_by_role("button", name="Capture", exact=True).click()
    await expect(dialog).to_have_count(0)

    # In the afternoon Ben is warned that nobody has been in touch.
    await open_messages(page, demo, "ben.hughes")
    await demo.move_clock("ben.hughes", "2027-03-02 16:15")
    warning = page.locator("article.message", has_text="L-5 · Northgate Rail must have a first answer by")
    await expect(warning).to_contain_text("nobody has been in touch")
    await expect(warning).to_contain_text("because you captured L-5")
    await expect(warning.get_by_role("button", name="Claim")).to_be_visible()

    # The next morning management reads what needs attention, and gives the lead to Ben.
    await open_messages(page, demo, "anna.keller")
    await demo.move_clock("ben.hughes", "2027-03-03 10:30")
    digest = page.locator("article.message", has_text="leads need attention").last
    await expect(digest).to_contain_text("L-5 · Northgate Rail")
    await expect(digest).to_contain_text("First answer was due")
    await digest.evaluate("message => message.scrollIntoView()")
    await album.take(page, "exceptions")
    of_lead = digest.locator("xpath=.//*[contains(., 'L-5 · Northgate Rail')]/following::button[.='Assign…'][1]").last
    await of_lead.click()
    await expect(dialog).to_contain_text("L-5 · Northgate Rail")
    await dialog.locator('[data-block-id="owner"] .select-button').click()
    await page.get_by_role("option", name="Ben", exact=False).first.click()
    await dialog.locator('[data-block-id="note"] textarea').fill("They asked for somebody who knows rail.")
    await dialog.get_by_role("button", name="Give").click()
    await expect(dialog).to_have_count(0)
    await open_messages(page, demo, "ben.hughes")
    given = page.locator("article.message", has_text="gave you L-5 · Northgate Rail")
    await expect(given).to_contain_text("They asked for somebody who knows rail.")

    # Ben calls them, learns that both leads are one, and merges them.
    await given.get_by_role("button", name="Log a touch").click()
    await dialog.locator('[data-block-id="key_points"] textarea').fill("Three depots, one planner; an offer by Friday.")
    await dialog.get_by_role("button", name="Save").click()
    await expect(dialog).to_have_count(0)
    await go(page, demo, "ben.hughes", "leads")
    card = page.locator("article.message", has_text="L-5 · Northgate Rail")
    await expect(card).to_contain_text("Last touch")
    await card.locator(".overflow").click()
    await page.get_by_role("menuitem", name="Merge with another…").click()
    await dialog.locator('[data-block-id="lead"] .select-button').click()
    await page.get_by_role("option", name="L-6 NGR Depots").click()
    await dialog.get_by_role("button", name="Next").click()
    await expect(dialog).to_contain_text("L-6 · NGR Depots goes into L-5 · Northgate Rail")
    await expect(dialog).to_contain_text("Contact: Jo Lind")
    await dialog.get_by_role("button", name="Merge", exact=True).click()
    other = page.locator("article.message", has_text="L-6 · NGR Depots")
    await expect(other).to_contain_text("Merged into L-5")
    await other.get_by_role("button", name="Open L-5").click()
    await expect(dialog).to_contain_text("Merged L-6 into L-5.")
    await expect(dialog).to_contain_text("Three depots, one planner")
    await page.keyboard.press("Escape")

    # They were two after all.
    answer = page.locator("article.message", has_text="Merged L-6 into L-5.")
    await answer.get_by_role("button", name="Undo").click()
    await expect(page.get_by_text("Undone: Merged L-6 into L-5.")).to_be_visible()
    await expect(other).not_to_contain_text("Merged into L-5")
    await expect(other.get_by_role("button", name="Claim")).to_be_visible()
    assert problems == []
