"""An account in a real browser, as a person would look after it: found, edited, merged with its duplicate, and the merge taken back."""

from typing import Any

from tests.browser.stories import Album, Demo, choose, say
from tests.chromium import expect, in_chromium

pytestmark = in_chromium


async def test_an_account_is_found_edited_merged_and_the_merge_taken_back(demo: Demo, chromium: Any) -> None:
    album = Album()
    page = await chromium.new_page(viewport={"width": 1280, "height": 800}, reduced_motion="reduce")
    problems: list[str] = []
    page.on("pageerror", lambda error: problems.append(str(error)))
    dialog = page.get_by_role("dialog")

    # Somebody in a hurry makes a second record of Fjordline Ferries; Ben looks for the company.
    await page.goto(demo.at("ben.hughes", "sales"))
    await say(page, "/rain-lead Fjordlin Ferries, web, Asked again about crew planning, they are in a hurry now")
    await dialog.get_by_text("New company: Fjordlin Ferries").click()
    await dialog.get_by_role("button", name="More", exact=True).click()
    for field, words in (("contact_name", "Ingrid Solheim"), ("phone", "+47 99 88 77 66"), ("industry", "Shipping")):
        await page.locator(f'dialog [data-block-id="{field}"] input').fill(words)
    await dialog.get_by_role("button", name="Capture", exact=True).click()
    await expect(page.get_by_text("Captured L-5 · Fjordlin Ferries")).to_be_visible()
    await say(page, "/rain-account fjord")
    found = page.locator("article.message", has_text="A-5 · Fjordlin Ferries")
    await expect(found).to_contain_text("A-1 · Fjordline Ferries")
    await found.get_by_role("button", name="Open").first.click()
    await expect(dialog).to_contain_text("A-1 · Fjordline Ferries")

    # He says what kind of account it is, and what happened.
    await dialog.get_by_role("button", name="Edit", exact=True).first.click()
    await choose(page, "tier", "Key account")
    await page.locator('dialog [data-block-id="country"] input').fill("Norway")
    await page.locator('dialog [data-block-id="entry"] textarea').fill("Their COO spoke at our spring breakfast.")
    await dialog.get_by_role("button", name="Save").click()
    await expect(dialog).to_contain_text("Edited A-1 Fjordline Ferries.")
    await expect(dialog).to_contain_text("Their COO spoke at our spring breakfast.")

    # The other record is the same company.
    await dialog.get_by_role("button", name="Merge…").click()
    await dialog.locator('[data-block-id="other"] .select-button').click()
    await expect(page.get_by_role("option", name="A-5 Fjordlin Ferries")).to_be_visible()
    await page.get_by_role("option", name="A-5 Fjordlin Ferries").click()
    await dialog.get_by_role("button", name="Continue").click()
    await expect(dialog).to_contain_text("Moves to A-1")
    await dialog.get_by_role("button", name="Keep A-5 instead").click()
    await expect(dialog).to_contain_text("Moves to A-5")
    await dialog.get_by_role("button", name="Keep A-1 instead").click()
    await expect(dialog).to_contain_text("Moves to A-1")
    await album.take(page, "merge-confirm")
    await dialog.get_by_role("button", name="Merge", exact=True).click()
    await expect(dialog).to_contain_text("Merged A-5 Fjordlin Ferries into A-1 Fjordline Ferries.")
    await expect(dialog).to_contain_text("L-5")

    # He takes it back.
    await dialog.get_by_role("button", name="Undo").click()
    await expect(dialog).to_contain_text("Undone: Merged A-5 Fjordlin Ferries into A-1 Fjordline Ferries.")
    await expect(dialog).not_to_contain_text("L-5")
    await page.keyboard.press("Escape")

    # Three months later he is asked whether all is still right, and says so with one click.
    await page.get_by_text("Rainmaker", exact=True).first.click()
    await page.get_by_role("tab", name="Messages").click()
    await demo.move_clock("ben.hughes", "2027-06-03 10:00")
    await expect(page.locator("article.message", has_text="L-5 · Fjordlin Ferries").last).to_be_visible()
    await demo.planned("account.refresh")
    await demo.move_clock("ben.hughes", "2027-06-04 08:30")
    question = page.locator("article.message", has_text="Is what we know of A-1 · Fjordline Ferries still right?")
    await expect(question).to_contain_text("because you own A-1, and nobody has confirmed it for 90 days")
    await question.get_by_role("button", name="Still right").click()
    await expect(page.get_by_text("Confirmed by")).to_be_visible()
    assert problems == []
