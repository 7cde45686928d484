"""A file imported in a real browser: asked for on the Home tab, looked at, imported, and taken back."""

from pathlib import Path
from typing import Any

from tests.browser.stories import Album, Demo, choose
from tests.chromium import expect, in_chromium

pytestmark = in_chromium


PEOPLE = "\n".join(
    (
        "id,account,name,email,position",
        "P1,Fjordline Ferries,Ingrid Moe,ingrid@fjordline.example,Crew planning",
        "P2,Halden Paper,Ole Lund,ole@halden.example,Mill manager",
        "P3,Halden Paper,Berit Dahl,berit@halden,Finance",
        "P4,,Somebody,,",
    )
)


async def test_a_file_goes_in_and_comes_out_again(demo: Demo, chromium: Any, tmp_path: Path) -> None:
    album = Album()
    file = tmp_path / "people.csv"
    file.write_text(PEOPLE)
    page = await chromium.new_page(viewport={"width": 1280, "height": 800}, reduced_motion="reduce")
    problems: list[str] = []
    page.on("pageerror", lambda error: problems.append(str(error)))

    # Anna, who is admin, finds it on her Home tab.
    await page.goto(demo.at("anna.keller", "sales"))
    await page.get_by_text("Rainmaker", exact=True).first.click()
    await page.get_by_role("tab", name="Home").click()
    await page.get_by_role("button", name="Import…").click()
    await expect(page.get_by_role("dialog")).to_contain_text("Nothing is saved yet")
    await choose(page, "kind", "Contacts")
    await page.locator('dialog [data-block-id="file"] input[type="file"]').set_input_files(file)
    await expect(page.locator('dialog [data-block-id="file"]')).to_contain_text("people.csv")
    await page.locator('dialog [data-block-id="key"] input').fill("id")
    await page.get_by_role("dialog").get_by_role("button", name="Look at it").click()
    await expect(page.get_by_role("dialog")).to_have_count(0)

    # What would come of it, and what came of it.
    await page.get_by_role("tab", name="Messages").click()
    card = page.locator("article.message", has_text="people.csv").first
    await expect(card).to_contain_text("3 new, 1 rejected")
    await expect(card).to_contain_text("This is not an e-mail address")
    await album.take(page, "import")
    await card.get_by_role("button", name="Import 3 rows").click()
    await expect(card).to_contain_text("Done: 3 new, 1 rejected")
    await expect(page.get_by_text("Rejected rows of people.csv").first).to_be_visible()
    await card.get_by_role("button", name="Undo").click()
    await expect(card).to_contain_text("Undone by")
    assert problems == []
