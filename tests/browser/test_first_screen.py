"""The demo's first screen: where one begins, and what one may try there."""

import contextlib
import re
import sqlite3
from typing import Any

from tests.browser.stories import Demo
from tests.chromium import expect, in_chromium

pytestmark = in_chromium


async def test_the_bare_address_begins_as_a_salesperson_in_leads_with_three_things_to_try(
    demo: Demo, chromium: Any
) -> None:
    page = await chromium.new_page(viewport={"width": 1280, "height": 800}, reduced_motion="reduce")
    await page.goto(demo.url)
    guide = page.get_by_label("Things to try")
    await expect(page.locator(".act-as-name")).to_have_text("Ben")
    await expect(page).to_have_url(re.compile(f"#/{demo.people['ben.hughes']}/{demo.channels['leads']}"))
    await expect(guide.get_by_role("listitem")).to_have_count(3)

    # Capture: the command stands in the box, once however often it is asked for.
    for _again in range(2):
        await guide.get_by_role("button", name="Fill in").click()
    await expect(page.get_by_label("Message #leads")).to_have_value(
        "/rain-lead Acme Ltd, referral, wants a cost review"
    )
    await page.keyboard.press("Enter")
    await expect(page.locator("article.message", has_text="Acme Ltd").first).to_be_visible()

    # Act as somebody else, in the same channel.
    await guide.get_by_role("button", name="Be Carla").click()
    await expect(page.locator(".act-as-name")).to_have_text("Carla")
    await expect(guide).to_be_visible()

    # Move the clock: it is tomorrow morning where Carla is.
    await guide.get_by_role("button", name="Skip ahead").click()
    await expect(page.locator(".clock-face")).to_have_text(re.compile(r"3 Mar.*0?9:00"))

    # Closed, the tips stay away.
    await guide.get_by_role("button", name="Close the tips").click()
    await page.reload()
    await expect(page.get_by_label("Message #leads")).to_be_visible()
    await expect(guide).to_have_count(0)


async def test_nobody_in_the_demo_is_greeted_with_a_set_up_that_is_done(demo: Demo) -> None:
    with contextlib.closing(sqlite3.connect(f"file:{demo.data / 'rainmaker.db'}?mode=ro", uri=True)) as database:
        kinds = {kind for (kind,) in database.execute("SELECT kind FROM outbox")}
    assert "LeadCaptured" in kinds
    assert "Welcome" not in kinds
