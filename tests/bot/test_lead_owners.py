"""Who owns a lead, in Slack: what each reader is offered, and handing a lead to those who sell."""

from typing import Any

from tests.running import ANNA, BEN, CARLA, FARAH, LEADS, Running, buttons_of, words_of
from views import ids

Json = dict[str, Any]


async def captured(running: Running) -> None:
    """A lead of Farah's, who has no role, on its card in #leads."""
    await running.as_(FARAH).slash("/rain-lead", "Acme Ltd, referral, wants a cost review")
    await running.as_(BEN).wait_for(lambda m: "L-1" in words_of(m), channel=LEADS)


async def test_who_may_not_claim_is_offered_to_hand_the_lead_to_sales(running: Running) -> None:
    await captured(running)
    await running.time_passes(23 * 3600)
    farah = running.as_(FARAH)
    reminder = await farah.wait_for(lambda m: "first answer" in words_of(m) and buttons_of(m) != [])
    assert "Hand to sales" in buttons_of(reminder)
    assert {"Claim", "Done", "Log it"} & set(buttons_of(reminder)) == set()
    await farah.click(reminder, "Hand to sales")
    await farah.wait_for(lambda m: f"L-1 is <@{BEN}>'s now." in words_of(m))
    await running.as_(BEN).wait_for(lambda m: "gave you *L-1" in words_of(m))


async def test_a_card_in_a_channel_offers_everybody_to_claim(running: Running) -> None:
    await captured(running)
    card = await running.as_(FARAH).wait_for(lambda m: "L-1" in words_of(m) and buttons_of(m) != [], channel=LEADS)
    assert "Claim" in buttons_of(card)
    assert "Hand to sales" not in buttons_of(card)


async def test_a_claim_is_undone_where_it_was_pressed(running: Running) -> None:
    await captured(running)
    ben = running.as_(BEN)
    await ben.click(await ben.wait_for(lambda m: "Claim" in buttons_of(m), channel=LEADS), "Claim")
    answer = await ben.wait_for(lambda m: bool(m.get("ephemeral")) and "Claimed L-1." in words_of(m), channel=LEADS)
    await ben.click(answer, "Undo")
    await ben.wait_for(lambda m: bool(m.get("ephemeral")) and "Undone: Claimed L-1." in words_of(m), channel=LEADS)
    await ben.wait_for(lambda m: "L-1 · Acme" in words_of(m) and "Claim" in buttons_of(m), channel=LEADS)


async def test_owner_and_management_give_a_lead_away_and_release_it_from_its_page(running: Running) -> None:
    await captured(running)
    await running.as_(BEN).slash("/rain-lead", "L-1")
    await running.rain.desks.leads.claim(await running.actor(BEN), 1)
    offered = {}
    for person in (ANNA, BEN, CARLA):
        answer = await running.as_(person).slash("/rain-lead", "L-1")
        offered[person] = {"Give to…", "Release"} & set(buttons_of(answer or {}))
    assert offered == {ANNA: {"Give to…", "Release"}, BEN: {"Give to…", "Release"}, CARLA: set()}
    ben = running.as_(BEN)
    card = await ben.wait_for(lambda m: f"<@{BEN}>" in words_of(m), channel=LEADS)
    await ben.choose(card, ids.PRESS_MORE, "Open")
    await ben.click(await ben.wait_for_modal("L-1"), "Give to…")
    await ben.submit(await ben.wait_for_modal("Who takes it?"), {"owner": CARLA, "note": "She knows them"})
    page = await ben.wait_for_modal(f"<@{CARLA}>")
    assert "Release" not in buttons_of(page)
    carla = running.as_(CARLA)
    await carla.wait_for("She knows them")
    await carla.choose(card, ids.PRESS_MORE, "Open")
    await carla.click(await carla.wait_for_modal("L-1"), "Release")
    await carla.wait_for_modal("Released L-1.")
