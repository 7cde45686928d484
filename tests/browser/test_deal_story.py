"""A deal in a real browser: each gate is shut until its evidence is there, from the lead to the proposal, and the pipeline adds up."""

from pathlib import Path
from typing import Any

from tests.browser.stories import SCREENED, Album, Demo, choose, go, open_messages, say, typed
from tests.chromium import expect, in_chromium

pytestmark = in_chromium


BRIEF = {
    "needs": "One view of spare parts over three depots.",
    "pains": "Trains stand still for want of a part.",
    "goals": "A fifth less in stock, and no train waiting, within a year.",
}


async def test_a_deal_moves_on_evidence_alone(demo: Demo, chromium: Any, tmp_path: Path) -> None:
    album = Album()
    page = await chromium.new_page(viewport={"width": 1280, "height": 800}, reduced_motion="reduce")
    problems: list[str] = []
    page.on("pageerror", lambda error: problems.append(str(error)))
    dialog = page.get_by_role("dialog")

    # A lead that nobody owns or has screened is no deal yet.
    await go(page, demo, "ben.hughes", "sales")
    await typed(page, "/rain-lead Northgate Rail, referral, Their depots run out of parts")
    await go(page, demo, "ben.hughes", "leads")
    lead = page.locator("article.message", has_text="L-5 · Northgate Rail")
    await lead.get_by_role("button", name="Make it a deal").click()
    await expect(dialog).to_contain_text("Somebody has claimed the lead")
    await page.keyboard.press("Escape")
    await lead.get_by_role("button", name="Claim").click()
    await expect(lead).to_contain_text("@Ben")
    await lead.get_by_role("button", name="Screen").click()
    for criterion, answer in SCREENED.items():
        await choose(page, f"screening_{criterion}", answer)
    await dialog.get_by_role("button", name="Save").click()
    await expect(lead).to_contain_text("100 %")
    await lead.get_by_role("button", name="Make it a deal").click()
    await dialog.locator('[data-block-id="title"] input').fill("Spare parts over three depots")
    await dialog.locator('[data-block-id="amount"] input').fill("85,000.00")
    await choose(page, "client_type", "New client")
    await dialog.get_by_role("button", name="Make a deal").click()
    await expect(dialog).to_contain_text("D-1 · Northgate Rail")
    await page.keyboard.press("Escape")

    # The card says what its gate asks for; pressing on too early names it, each with the button that makes it.
    card = page.locator("article.message", has_text="D-1 · Northgate Rail")
    await expect(card).to_contain_text("First talk")
    await card.get_by_role("button", name="On to Needs analysis").click()
    await expect(dialog).to_contain_text("A call or meeting is logged")
    await album.take(page, "deal-gate")
    await dialog.get_by_role("button", name="Log a touch").click()
    await dialog.last.locator('[data-block-id="key_points"] textarea').fill("Three depots, one planner.")
    await dialog.last.get_by_role("button", name="Save").click()
    await expect(dialog).to_have_count(0)
    await card.get_by_role("button", name="Needs brief").click()
    for question, answer in BRIEF.items():
        await dialog.locator(f'[data-block-id="{question}"] textarea').fill(answer)
    await dialog.get_by_role("button", name="Save").click()
    await expect(card).to_contain_text("Needs brief 1, complete")
    await card.scroll_into_view_if_needed()
    await album.take(page, "deal-card")
    await card.get_by_role("button", name="On to Needs analysis").click()
    await expect(card).to_contain_text("20 % likely")

    # The next gate asks for a sketch of the solution.
    await card.get_by_role("button", name="On to Proposal").click()
    await expect(dialog).to_contain_text("A preliminary solution is attached")
    await page.keyboard.press("Escape")
    sketch = tmp_path / "sketch.txt"
    sketch.write_text("Two pages")
    await card.get_by_role("button", name="Attach a file").click()
    await dialog.locator('[data-block-id="file"] input[type="file"]').set_input_files(sketch)
    await expect(dialog.locator('[data-block-id="file"]')).to_contain_text("sketch.txt")
    await dialog.get_by_role("button", name="Attach", exact=True).click()
    await expect(card).to_contain_text("1 document")
    await card.get_by_role("button", name="On to Proposal").click()
    await expect(card).to_contain_text("30 % likely")
    await expect(card).to_contain_text("#deal-1-northgate-rail")

    # Everything written and said about it, and where it stands among the others.
    await card.locator(".overflow").click()
    await page.get_by_role("menuitem", name="Open").click()
    await expect(dialog).to_contain_text("Trains stand still for want of a part.")
    await a_meeting(page, demo)
    await another_deal(page, demo)
    await say(page, "/rain-pipeline")
    await expect(page.get_by_text("On their way").last).to_be_visible()
    await page.get_by_text("Worth by stage").last.scroll_into_view_if_needed()
    await album.take(page, "pipeline")

    # From here on it has a channel of its own, with the card pinned and a topic that says how it stands.
    await card.get_by_text("deal-1-northgate-rail").click()
    await expect(page.get_by_label("Message #deal-1-northgate-rail")).to_be_visible()
    await expect(page.locator(".pane-topic")).to_contain_text("Proposal · Ben Hughes · 85,000.00 EUR")
    await expect(page.get_by_label("1 pinned")).to_be_visible()
    await expect(page.locator("article.message", has_text="Needed for Internal review")).to_be_visible()
    assert problems == []


async def a_meeting(page: Any, demo: Demo) -> None:
    """A meeting is planned on the deal's page; its file and what is asked afterwards come in the messages of who planned it."""
    dialog = page.get_by_role("dialog")
    await dialog.get_by_role("button", name="Plan a meeting").click()
    await dialog.last.locator('[data-block-id="about"] input').fill("What the sketch would cost")
    await dialog.last.locator('[data-block-id="at"] input').fill("2027-03-03T14:00")
    await dialog.last.locator('[data-block-id="place"] input').fill("Northgate House, room 4")
    await dialog.last.get_by_role("button", name="Save").click()
    await expect(dialog).to_have_count(0)
    card = page.locator("article.message", has_text="D-1 · Northgate Rail")
    await expect(card).to_contain_text("Meeting: What the sketch would cost")
    await demo.move_clock("ben.hughes", "2027-03-03 15:00")
    await open_messages(page, demo, "ben.hughes")
    await expect(page.get_by_text("How was the meeting with")).to_be_visible()
    await (
        page.locator("article.message", has_text="How was the meeting with")
        .get_by_role("button", name="Log it")
        .click()
    )
    await dialog.locator('[data-block-id="key_points"] textarea').fill("Fine, if depots can be added later.")
    await dialog.get_by_role("button", name="Save").click()
    await expect(page.get_by_text("Done.").last).to_be_visible()


async def another_deal(page: Any, demo: Demo) -> None:
    """A deal at its first stage, beside the one that has come far."""
    await go(page, demo, "ben.hughes", "sales")
    await typed(page, "/rain-lead Westport Lines, referral, Their crews wait for ships")
    await go(page, demo, "ben.hughes", "leads")
    lead = page.locator("article.message", has_text="L-6 · Westport Lines")
    await lead.get_by_role("button", name="Claim").click()
    await expect(lead).to_contain_text("@Ben")
    await lead.get_by_role("button", name="Screen").click()
    for criterion, answer in SCREENED.items():
        await choose(page, f"screening_{criterion}", answer)
    dialog = page.get_by_role("dialog")
    await dialog.get_by_role("button", name="Save").click()
    await lead.get_by_role("button", name="Make it a deal").click()
    await dialog.locator('[data-block-id="title"] input').fill("Crews and ships on one plan")
    await dialog.locator('[data-block-id="amount"] input').fill("140,000.00")
    await dialog.get_by_role("button", name="Make a deal").click()
    await expect(dialog).to_contain_text("D-2 · Westport Lines")
    await page.keyboard.press("Escape")
