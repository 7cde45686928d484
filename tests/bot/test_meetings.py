"""A meeting in Slack: dated ahead on a deal's page, put into the calendar, reminded of, and logged when it is over."""

from typing import Any

import pytest

from sandbox.client import Refused
from tests.bot.test_deals import a_deal, card_with
from tests.running import BEN, CARLA, PATIENCE, TUESDAY_MORNING, Running, words_of
from views import ids

Json = dict[str, Any]
TOMORROW = int(TUESDAY_MORNING.timestamp()) + 28 * 3600  # Wednesday 14:00
ASKED = {"about": "Scope & <!channel>", "at": TOMORROW, "minutes": "60", "place": "https://meet.example/1"}


async def planned(running: Running) -> Json:
    """The page of a deal with a meeting."""
    ben = running.as_(BEN)
    card = await a_deal(running)
    await ben.choose(card, ids.PRESS_MORE_OF_DEAL, "Open")
    await ben.click(await ben.wait_for_modal("Plan a meeting"), "Plan a meeting")
    modal = await ben.wait_for_modal("When does it begin?")
    with pytest.raises(Refused) as refused:
        await ben.submit(modal, ASKED | {"at": TOMORROW - 48 * 3600})
    assert "still ahead" in str(refused.value.detail["errors"])
    await ben.submit(modal, ASKED)
    return await page(running)


async def page(running: Running, who: str = BEN) -> Json:
    """The deal's page."""
    person = running.as_(who)
    await running.as_(BEN).wait_for(lambda m: "D-1 · Acme Ltd" in words_of(m), channel="#leads")
    await person.choose(await card_with(running), ids.PRESS_MORE_OF_DEAL, "Open")
    return await person.wait_for_modal("D-1 · Acme Ltd")


async def test_it_is_dated_reminded_of_and_logged(running: Running) -> None:
    ben = running.as_(BEN)
    shown = await planned(running)
    assert "Scope &amp; &lt;!channel&gt;" in words_of(shown)
    message = await ben.wait_for(lambda m: bool(m.get("files")), timeout=PATIENCE)
    assert [file["name"] for file in message["files"]] == ["D-1-2026-03-04.ics"]
    await card_with(running, "Meeting <!date")
    await ben.move_clock(to=TOMORROW - 3600)
    ahead = await ben.wait_for("Meeting with *Acme Ltd*")
    assert "You get this because you planned this meeting." in words_of(ahead)
    await ben.click(ahead, "I know")
    await ben.wait_for(lambda m: m["ts"] == ahead["ts"] and "Done" in words_of(m))
    await ben.move_clock(to=TOMORROW + 3600)
    over = await ben.wait_for("How was the meeting with")
    await ben.click(over, "Log it")
    await ben.submit(await ben.wait_for_modal("Key points"), {"kind": "meeting", "key_points": "They want it by May"})
    await ben.wait_for(lambda m: m["ts"] == over["ts"] and "Done" in words_of(m))
    assert "They want it by May" in words_of(await page(running))


async def test_it_is_changed_and_called_off_from_the_page(running: Running) -> None:
    ben, carla = running.as_(BEN), running.as_(CARLA)
    shown = await planned(running)
    await ben.choose(shown, ids.PRESS_MORE_OF_MEETING, "Change…")
    await ben.submit(await ben.wait_for_modal("When does it begin?"), ASKED | {"about": "Price"})
    shown, other = await page(running), await page(running, CARLA)
    assert "Price" in words_of(shown)
    await ben.choose(shown, ids.PRESS_MORE_OF_MEETING, "It does not take place")
    await ben.wait_for(lambda m: "D-1" in words_of(m) and "Meeting <!date" not in words_of(m), channel="#leads")
    await ben.wait_for(lambda m: [f["title"] for f in m.get("files") or []] == ["D-1: Price is called off"])
    await carla.choose(other, ids.PRESS_MORE_OF_MEETING, "It does not take place")
    assert "logged or called off already" in words_of(await carla.wait_for_modal("Not possible"))
