"""Touches from anywhere in Slack: typed in one line, asked for, or made from a message."""

from typing import Any

import pytest

from sandbox.client import Refused, Workspace
from tests.bot.test_deals import a_deal, card_with
from tests.running import BEN, FARAH, LEADS, SALES, Running, words_of
from views import ids

Json = dict[str, Any]
EXAMPLE = "/rain-touch D-7 call, agreed on the scope"


async def chosen(person: Workspace, modal: Json, words: str) -> Json:
    """A record chosen in the menu of a modal that asks for one, as the value to submit."""
    [menu] = [block["element"]["action_id"] for block in modal["blocks"] if block.get("block_id") == "deal"]
    [option] = await person.suggest(modal, menu, words)
    return {"deal": option}


async def whispered(person: Workspace, channel: str, saying: str) -> Json:
    """What the bot said to somebody alone."""
    return await person.wait_for(lambda m: bool(m.get("ephemeral")) and saying in words_of(m), channel=channel)


async def test_a_line_logs_a_touch(running: Running) -> None:
    await a_deal(running)
    ben = running.as_(BEN)
    answer = words_of(await ben.slash("/rain-touch", "D-1 call, agreed with <!channel> on the scope"))
    assert "Logged with *D-1 · Acme Ltd*, as a call." in answer
    assert "agreed with @channel on the scope" in answer
    await card_with(running, ":white_check_mark: A call or meeting is logged")
    assert "as a message." in words_of(await ben.slash("/rain", "touch d1 call them on Monday"))
    page = await running.rain.desks.deals.find(await running.actor(BEN), 1)
    assert [touch.key_points for touch in page.touches] == ["call them on Monday", "agreed with @channel on the scope"]


async def test_a_line_logs_a_touch_with_a_lead(running: Running) -> None:
    await running.as_(FARAH).slash("/rain-lead", "Acme Ltd, referral, wants a cost review")
    answer = words_of(await running.as_(BEN).slash("/rain-touch", "L-1 call, they want three offers"))
    assert "Logged with *L-1 · Acme Ltd*, as a call." in answer
    assert "Next date" in answer
    [touch] = (await running.rain.desks.leads.find(await running.actor(BEN), 1)).touches
    assert (touch.kind.value, touch.key_points) == ("call", "they want three offers")


async def test_a_message_becomes_a_touch_with_a_lead_and_on_its_card_with_that_one(running: Running) -> None:
    ben = running.as_(BEN)
    await running.as_(FARAH).slash("/rain-lead", "Acme Ltd, referral, wants a cost review")
    card = await ben.wait_for("L-1 · Acme Ltd", channel=LEADS)
    await running.delivered()
    message = await ben.say(LEADS, "They want three offers", thread_ts=card["ts"])
    await ben.shortcut(ids.TOUCH_MESSAGE, message)
    modal = await ben.wait_for_modal("L-1 Acme Ltd")
    assert len(await ben.suggest(modal, ids.OFFER_RECORDS, "L-1")) == 1
    await ben.submit(modal)
    await whispered(ben, LEADS, "Logged with *L-1 · Acme Ltd*, as a message.")


async def test_what_cannot_be_read_is_answered_with_an_example(running: Running) -> None:
    await a_deal(running)
    ben, farah = running.as_(BEN), running.as_(FARAH)
    assert EXAMPLE in words_of(await ben.slash("/rain-touch", "agreed on the scope"))
    assert EXAMPLE in words_of(await ben.slash("/rain-touch", "D-1 call,"))
    assert "I cannot find D-99 in this workspace. Look deals up" in words_of(await ben.slash("/rain-touch", "D-99 hi"))
    assert "may write down what a deal is about" in words_of(await farah.slash("/rain-touch", "D-1 hi"))
    assert "under 3000 characters" in words_of(await ben.slash("/rain-touch", "D-1 " + "x" * 3001))


async def test_the_command_alone_asks_for_everything(running: Running) -> None:
    await a_deal(running)
    ben = running.as_(BEN)
    await ben.slash("/rain-touch", channel=SALES)
    modal = await ben.wait_for_modal("Which deal or lead?")
    entered = {"kind": "meeting", "key_points": "Met at the fair", "day": "2026-03-10"}
    with pytest.raises(Refused, match="deal"):
        await ben.submit(modal, entered)
    await ben.submit(modal, entered | await chosen(ben, modal, "acme"))
    assert "Next step" in words_of(await whispered(ben, SALES, "as a meeting."))
    await card_with(running, "Get in touch again")


async def test_a_message_becomes_a_touch_with_its_link(running: Running) -> None:
    await a_deal(running)
    ben = running.as_(BEN)
    await ben.post("invite", channel=SALES, users=[(await ben.state())["app"]["bot_user_id"]])
    message = await ben.say(SALES, "Tom of Acme & Sons says <https://acme.example|yes>")
    await ben.shortcut(ids.TOUCH_MESSAGE, message)
    modal = await ben.wait_for_modal("Log a touch")
    assert "Tom of Acme & Sons says yes" in words_of(modal)
    assert "only its beginning" not in words_of(modal)
    await ben.submit(modal, await chosen(ben, modal, "D-1"))
    await whispered(ben, SALES, "as a message.")
    [touch] = (await running.rain.desks.deals.find(await running.actor(BEN), 1)).touches
    assert touch.key_points == "Tom of Acme & Sons says yes"
    assert touch.permalink
    assert message["ts"].replace(".", "") in touch.permalink
    await ben.click(await whispered(ben, SALES, "as a message."), "Open")
    assert touch.permalink in words_of(await ben.wait_for_modal("Original message"))


async def test_a_long_message_is_cut_and_the_modal_says_so(running: Running) -> None:
    ben = running.as_(BEN)
    await ben.shortcut(ids.TOUCH_MESSAGE, await ben.say(SALES, "long " * 700))
    assert "only its beginning" in words_of(await ben.wait_for_modal("Log a touch"))


async def test_in_the_thread_of_a_card_its_deal_is_chosen_already(running: Running) -> None:
    card = await a_deal(running)
    await running.delivered()  # the card is known as one once its delivery was noted
    ben = running.as_(BEN)
    answer = await ben.say(LEADS, "They called back", thread_ts=card["ts"])
    await ben.shortcut(ids.TOUCH_MESSAGE, answer)
    modal = await ben.wait_for_modal("D-1 Acme Ltd")
    await ben.submit(modal)
    await whispered(ben, LEADS, "They called back")
    await ben.shortcut(ids.TOUCH_MESSAGE, card)
    await ben.wait_for_modal("D-1 Acme Ltd")


async def test_who_may_not_is_told_who_may(running: Running) -> None:
    await a_deal(running)
    farah = running.as_(FARAH)
    answer = words_of(await farah.slash("/rain-touch"))
    assert "Only sales, delivery or management may write down what a deal is about." in answer
    assert await farah.modal() is None
