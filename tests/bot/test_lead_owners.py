"""Who owns a lead, in Slack: what each reader is offered, and handing a lead to those who sell."""

from typing import Any

from tests.running import BEN, FARAH, LEADS, Running, buttons_of, words_of

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
