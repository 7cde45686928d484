"""How tall messages are: where two buttons do, one is read at a glance."""

from typing import Any

from slack_sdk.web.async_client import AsyncWebClient

from bot.manifest import manifest
from domain.core.reminders import reminding
from domain.sales.accounts import AccountRefreshDue
from domain.sales.deals import DealStageOver
from domain.sales.leads import LeadAssigned, LeadGiven
from sandbox.server import create
from tests.chromium import in_chromium
from tests.firm import PLAYBOOK
from tests.running import BEN, SALES
from tests.views.facts import SAMPLES
from tests.views.samples import FACTS
from views.messages import compose

MOST = 150
"""Pixels, with everything around a message but the sender's line, which messages that follow one another share."""
ASK_MORE = {DealStageOver, AccountRefreshDue}
"""What they ask cannot be answered without reading what a gate misses, or what a record says."""
AT_A_GLANCE = sorted(cls.__name__ for cls in {*reminding().values(), LeadAssigned, LeadGiven} - ASK_MORE)

pytestmark = in_chromium


async def test_where_two_buttons_do_a_message_is_short(chromium: Any) -> None:
    sandbox = create(manifest())
    await sandbox.start()
    page = await chromium.new_page(viewport={"width": 1280, "height": 800})
    client = AsyncWebClient(sandbox.start_line["bot_token"], base_url=sandbox.start_line["api_url"])
    await client.conversations_join(channel=SALES)
    await client.chat_postMessage(channel=SALES, text="Below this, no message says again who sent it.")
    await page.goto(f"{sandbox.start_line['page']}#/{BEN}/{SALES}")
    await page.locator(".message").last.wait_for()
    heights = {}
    for kind in AT_A_GLANCE:
        said = await client.chat_postMessage(channel=SALES, **compose(kind, FACTS[kind](SAMPLES[0]), PLAYBOOK))
        await page.goto(f"{sandbox.start_line['page']}#/{BEN}/{SALES}")
        message = page.locator(f'.message[data-ts="{said["ts"]}"]')
        heights[kind] = (await message.bounding_box())["height"]
    await sandbox.stop()
    assert {kind: height for kind, height in heights.items() if height > MOST} == {}
