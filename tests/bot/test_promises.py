"""Promises in Slack: noted from a message or on the deal's page, reminded of, kept, settled, and taken back."""

from typing import Any

import pytest

from sandbox.client import Refused
from tests.bot.test_deals import a_deal, card_with
from tests.bot.test_touches import chosen, whispered
from tests.running import ANNA, BEN, CARLA, FARAH, LEADS, SALES, Running, buttons_of, words_of
from views import ids

Json = dict[str, Any]
SAID = "We send <!channel> the draft & the plan by May"


async def a_promise(running: Running, **values: Any) -> Json:
    """The message that Carla wrote and Ben noted as a promise for his deal."""
    ben = running.as_(BEN)
    await ben.post("invite", channel=SALES, users=[(await ben.state())["app"]["bot_user_id"]])
    message = await running.as_(CARLA).say(SALES, SAID)
    await ben.shortcut(ids.PROMISE_MESSAGE, message)
    modal = await ben.wait_for_modal("Note as a promise")
    await ben.submit(modal, values | await chosen(ben, modal, "acme"))
    return message


async def page_of(running: Running, card: Json, user: str = BEN) -> Json:
    """The deal's page, opened from its card."""
    person = running.as_(user)
    await person.choose(card, ids.PRESS_MORE_OF_DEAL, "Open")
    return await person.wait_for_modal("Add a promise")


async def test_a_message_is_noted_shown_kept_and_taken_back(running: Running) -> None:
    await a_deal(running)
    message = await a_promise(running, due_on="2026-03-10")
    ben = running.as_(BEN)
    await whispered(ben, SALES, "Noted a promise for D-1.")
    page = await page_of(running, await card_with(running, "1 promise open"))
    words = words_of(page)
    assert "We send @channel the draft &amp; the plan by May" in words
    assert "due Mar 10, 2026" in words or "due 10 Mar 2026" in words
    assert message["ts"].replace(".", "") in words
    assert f"<@{CARLA}>" in words
    await ben.click(page, "Kept")
    page = await ben.wait_for_modal("Noted a promise for D-1 as kept.")
    assert "Kept" not in buttons_of(page)
    await ben.wait_for(lambda m: "D-1" in words_of(m) and "promise open" not in words_of(m), channel=LEADS)
    await ben.click(page, "Undo")
    await ben.close(await ben.wait_for_modal("Undone: Noted a promise for D-1 as kept."))
    assert "Kept" in buttons_of(await ben.wait_for_modal("Add a promise"))
    await card_with(running, "1 promise open")


async def test_the_same_message_twice_shows_the_promise(running: Running) -> None:
    await a_deal(running)
    message = await a_promise(running)
    carla = running.as_(CARLA)
    await carla.shortcut(ids.PROMISE_MESSAGE, message)
    modal = await carla.wait_for_modal("Note as a promise")
    told = "D-1 has this message as a promise already .open., noted by Ben Hughes: “We send @channel the draft"
    with pytest.raises(Refused, match=told):
        await carla.submit(modal, await chosen(carla, modal, "D-1"))


async def test_a_promise_of_elsewhere_is_added_on_the_page_and_settled(running: Running) -> None:
    ben, page = running.as_(BEN), await page_of(running, await a_deal(running))
    await ben.click(page, "Add a promise")
    modal = await ben.wait_for_modal("What was promised?")
    with pytest.raises(Refused, match="That day has passed"):
        await ben.submit(modal, {"said": "Two days on site", "due_on": "2026-03-02"})
    await ben.submit(modal, {"said": "Two days on site", "due_on": None, "keeper": ANNA})
    page = await ben.wait_for_modal("Two days on site")
    assert f"<@{ANNA}> keeps it" in words_of(page)
    await ben.click(page, "Settled…")
    modal = await ben.wait_for_modal("What did you agree on")
    await ben.submit(modal, {"how": "One day will do"})
    page = await ben.wait_for_modal("One day will do")
    assert "settled with the client" in words_of(page)
    assert "Settled…" not in buttons_of(page)


async def test_whoever_keeps_it_is_reminded_and_says_that_it_was_kept(running: Running) -> None:
    await a_deal(running)
    await a_promise(running, due_on="2026-03-04", keeper=FARAH)
    farah = running.as_(FARAH)
    given = words_of(await farah.wait_for("noted you as who keeps a promise to *D-1 · Acme Ltd*"))
    assert "We send @channel the draft" in given
    await farah.move_clock(advance=24 * 3600)
    due = await farah.wait_for("a promise is to be kept")
    assert "We send @channel the draft &amp; the plan by May" in words_of(due)
    assert "You get this because you keep this promise about D-1." in words_of(due)
    await farah.click(due, "Kept")
    done = await farah.wait_for(":white_check_mark:")
    assert f"kept, <@{FARAH}>" in words_of(done)
    assert buttons_of(done) == []


async def test_a_reminder_is_settled_where_it_stands(running: Running) -> None:
    await a_deal(running)
    await a_promise(running, due_on="2026-03-04")
    ben = running.as_(BEN)
    await ben.move_clock(advance=24 * 3600)
    due = await ben.wait_for("a promise is to be kept")
    assert "because you own D-1" in words_of(due)
    await ben.click(due, "Settled…")
    await ben.submit(await ben.wait_for_modal("What did you agree on"), {"how": "In June"})
    assert "In June" in words_of(await ben.wait_for(":handshake:"))


async def test_who_may_not_is_told_who_may(running: Running) -> None:
    await a_deal(running)
    await a_promise(running)
    farah = running.as_(FARAH)
    card = await card_with(running, "1 promise open")
    await farah.choose(card, ids.PRESS_MORE_OF_DEAL, "Open")
    page = await farah.wait_for_modal("We send")
    assert {"Kept", "Settled…", "Add a promise"} & set(buttons_of(page)) == set()


async def test_a_long_message_is_cut_and_the_modal_says_so(running: Running) -> None:
    card = await a_deal(running)
    await running.delivered()
    ben = running.as_(BEN)
    await ben.shortcut(ids.PROMISE_MESSAGE, await ben.say(LEADS, "long " * 700, thread_ts=card["ts"]))
    modal = await ben.wait_for_modal("Note as a promise")
    assert "only its beginning" in words_of(modal)
    assert "D-1 Acme Ltd" in words_of(modal)
