"""Putting leads right in Slack: the three dots, merging, undoing, and what becomes of the message a lead came from."""

from typing import Any

import pytest

from sandbox.client import Refused, Workspace
from tests.running import BEN, CARLA, FARAH, LEADS, SALES, Running, buttons_of, words_of
from views import ids

Json = dict[str, Any]


async def card_of(running: Running, code: str, saying: str = "") -> Json:
    """The live card of a lead in #leads, once it says something."""
    return await running.as_(BEN).wait_for(lambda m: code in words_of(m) and saying in words_of(m), channel=LEADS)


async def captured(running: Running, line: str = "Acme Ltd, referral, wants a cost review") -> Json:
    """A lead of Farah's, and its card."""
    await running.as_(FARAH).slash("/rain-lead", line)
    return await card_of(running, line.partition(",")[0])


async def from_message(running: Running, text: str = "Acme called, they want a review") -> tuple[Json, Json]:
    """A message in #sales that the bot follows, and the card of the lead captured from it."""
    ben = running.as_(BEN)
    await ben.post("invite", channel=SALES, users=[(await ben.state())["app"]["bot_user_id"]])
    message = await ben.say(SALES, text)
    await ben.shortcut(ids.CAPTURE_LEAD_FROM_MESSAGE, message)
    await ben.submit(await ben.wait_for_modal("Capture a lead"), {"company": "Acme Ltd", "channel": "web"})
    return message, await card_of(running, "Acme Ltd")


async def private_answer(person: Workspace, channel: str, saying: str) -> Json:
    """Something the bot said to somebody alone."""
    return await person.wait_for(lambda m: bool(m.get("ephemeral")) and saying in words_of(m), channel=channel)


async def choose_lead(person: Workspace, modal: Json, words: str) -> Json:
    """Choose in a menu that asks the bot for leads; returns the values to submit."""
    offered = await person.suggest(modal, ids.OFFER_LEADS, words)
    return {"lead": next(option for option in offered if words in option["text"]["text"])}


async def test_a_disqualification_is_undone_where_it_was_done(running: Running) -> None:
    ben = running.as_(BEN)
    await ben.click(await captured(running), "Disqualify")
    await ben.submit(await ben.wait_for_modal("Disqualify a lead"), {"reason": "spam"})
    await card_of(running, "L-1", "Not a real enquiry")
    answer = await private_answer(ben, LEADS, "Disqualified L-1.")
    await ben.click(answer, "Undo")
    await private_answer(ben, LEADS, "Undone: Disqualified L-1.")
    back = await ben.wait_for(lambda m: "L-1" in words_of(m) and "Claim" in buttons_of(m), channel=LEADS)
    assert "Not a real enquiry" not in words_of(back)
    await ben.click(answer, "Undo")
    await private_answer(ben, LEADS, "Ben Hughes has undone this already.")


async def test_a_lead_is_edited_from_the_three_dots_and_undone_on_its_page(running: Running) -> None:
    ben, card = running.as_(BEN), await captured(running)
    await ben.choose(card, ids.PRESS_MORE, "Edit…")
    modal = await ben.wait_for_modal("Edit L-1")
    entered = {"said": "wants two reviews", "channel": "web", "email": "tom@acme.example"}
    with pytest.raises(Refused, match="Capture a new lead"):
        await ben.submit(modal, entered | {"company": "Nobody knows them"})
    await ben.submit(modal, entered | {"company": "ACME"})
    card = await card_of(running, "L-1", "wants two reviews")
    assert "tom@acme.example" in words_of(card)
    await ben.choose(card, ids.PRESS_MORE, "Open")
    page = await ben.wait_for_modal("Edited L-1.")
    await ben.click(page, "Undo")
    assert "Undone: Edited L-1." in words_of(await ben.wait_for_modal("Undone"))
    await ben.close(await ben.modal() or {})
    assert "Undo" not in buttons_of(await ben.wait_for_modal("wants a cost review"))
    await card_of(running, "L-1", "wants a cost review")


async def test_two_leads_are_merged_and_the_other_leads_to_the_one_that_stays(running: Running) -> None:
    ben = running.as_(BEN)
    stays, goes = await captured(running), await captured(running, "Zenith, web, also wants one")
    await ben.click(goes, "Log a touch")
    await ben.submit(await ben.wait_for_modal("Log a touch"), {"kind": "call", "key_points": "It is the same company"})
    await ben.choose(stays, ids.PRESS_MORE, "Merge with another…")
    modal = await ben.wait_for_modal("Which lead is the same?")
    await ben.submit(modal, await choose_lead(ben, modal, "Zenith"))
    asked = await ben.wait_for_modal("1 touch moves along")
    assert "L-2 is closed" in words_of(asked)
    await ben.submit(asked)
    gone = await card_of(running, "L-2", "Merged into *L-1*")
    assert buttons_of(gone) == ["Open L-1"]
    await ben.click(gone, "Open L-1")
    assert "It is the same company" in words_of(await ben.wait_for_modal("Merged L-2 into L-1."))
    assert "L-1 · Acme Ltd" in words_of(await ben.slash("/rain-lead", "L-2"))
    answer = await private_answer(ben, LEADS, "Merged L-2 into L-1.")
    await ben.click(answer, "Undo")
    back = await ben.wait_for(lambda m: "L-2" in words_of(m) and "Claim" in buttons_of(m), channel=LEADS)
    assert "It is the same company" not in words_of(back)


async def test_an_undo_by_somebody_else_is_refused_with_who_may(running: Running) -> None:
    ben, carla = running.as_(BEN), running.as_(CARLA)
    await ben.click(await captured(running), "Disqualify")
    await ben.submit(await ben.wait_for_modal("Disqualify a lead"), {"reason": "spam"})
    await private_answer(ben, LEADS, "Disqualified L-1.")
    await card_of(running, "L-1", "Disqualified by")
    closed = await carla.wait_for("Disqualified by", channel=LEADS)
    await carla.choose(closed, ids.PRESS_MORE, "Open")
    assert "Undo" not in buttons_of(await carla.wait_for_modal("Disqualified by"))


async def test_an_edited_and_then_deleted_message_is_noted_on_the_card(running: Running) -> None:
    message, _card = await from_message(running)
    ben = running.as_(BEN)
    await ben.react(SALES, message["ts"], "eyes")
    await ben.edit(SALES, message["ts"], "Acme called, they want two reviews")
    card = await card_of(running, "L-1", "The message was edited since")
    assert "they want a review" in words_of(card)
    await ben.delete(SALES, message["ts"])
    await card_of(running, "L-1", "The message was deleted since")
    before = len((await running.rain.desks.leads.find(await running.actor(BEN), 1)).lead.said)
    for delivery in await ben.deliveries():
        if delivery["payload"].get("event", {}).get("subtype") == "message_changed":
            await ben.redeliver(delivery["n"])
    page = await running.rain.desks.leads.find(await running.actor(BEN), 1)
    assert (page.lead.origin_fate, len(page.lead.said)) == ("deleted", before)


async def test_a_deleted_message_that_has_replies_is_noted_as_deleted(running: Running) -> None:
    message, _card = await from_message(running)
    ben = running.as_(BEN)
    await ben.say(SALES, "I call them", thread_ts=message["ts"])
    await ben.delete(SALES, message["ts"])
    await card_of(running, "L-1", "The message was deleted since")


async def test_a_message_is_unlinked_and_another_linked(running: Running) -> None:
    _message, card = await from_message(running)
    ben = running.as_(BEN)
    await ben.choose(card, ids.PRESS_MORE, "Unlink the message")
    await private_answer(ben, LEADS, "Unlinked the message from L-1.")
    card = await ben.wait_for(lambda m: "L-1" in words_of(m) and "Original message" not in words_of(m), channel=LEADS)
    assert "Unlink the message" not in words_of(card)
    better = await ben.say(SALES, "Acme again")
    await ben.shortcut(ids.LINK_MESSAGE, better)
    modal = await ben.wait_for_modal("Which lead came from this message?")
    await ben.submit(modal, await choose_lead(ben, modal, "Acme"))
    await card_of(running, "L-1", "Original message")
    answer = await private_answer(ben, SALES, "Linked a message to L-1.")
    await ben.click(answer, "Undo")
    await ben.wait_for(lambda m: "L-1" in words_of(m) and "Original message" not in words_of(m), channel=LEADS)


async def test_who_may_not_edit_is_told_who_may(running: Running) -> None:
    card, farah = await captured(running), running.as_(FARAH)
    await farah.post("join", channel=LEADS)
    await farah.choose(card, ids.PRESS_MORE, "Edit…")
    await private_answer(farah, LEADS, "Only sales or management may edit a lead.")
    assert await farah.modal() is None


async def test_a_word_to_the_bot_is_answered_and_a_word_to_others_is_not(running: Running) -> None:
    farah = running.as_(FARAH)
    await farah.say(await farah.dm_channel(), "hello?")
    await farah.wait_for("Hi! I work with commands")
    await from_message(running, "Nothing for the bot here")
    await running.delivered()
    assert len([m for m in await farah.dm() if "Hi! I work with commands" in words_of(m)]) == 1
