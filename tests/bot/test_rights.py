"""Only what one may press: on shared cards a form is refused before it opens, and a refusal at the end keeps what was typed."""

from typing import Any

import pytest

from domain.core.people import Role, RoleGrant
from sandbox.client import Refused
from tests.bot.test_deals import a_deal, card_with
from tests.running import ANNA, BEN, CARLA, DEEPA, FARAH, LEADS, Running, buttons_of, words_of
from views import ids

Json = dict[str, Any]


async def captured(running: Running, line: str = "Acme Ltd, referral, wants a cost review") -> Json:
    """A lead of Ben's, on its card in #leads."""
    await running.as_(BEN).slash("/rain-lead", line)
    return await running.as_(BEN).wait_for(lambda m: "L-1" in words_of(m) and buttons_of(m) != [], channel=LEADS)


async def test_a_shared_card_refuses_before_any_form_opens(running: Running) -> None:
    card, farah = await captured(running), running.as_(FARAH)
    for press in ("Log a touch", "Screen", "Next date", "Disqualify"):
        await farah.click(card, press)
        refusal = await farah.wait_for(
            lambda m: bool(m.get("ephemeral")) and "Only sales" in words_of(m), channel=LEADS
        )
        assert "Ben Hughes" in words_of(refusal)
        assert await farah.modal() is None, press
    await farah.choose(card, ids.PRESS_MORE, "Edit…")
    await farah.wait_for("Only sales or management may edit a lead", channel=LEADS)


async def test_a_command_that_opens_a_form_refuses_in_its_place(running: Running) -> None:
    answer = await running.as_(FARAH).slash("/rain-touch")
    assert "Only sales, delivery or management may write down what a deal is about." in words_of(answer)


async def test_who_reads_alone_is_shown_what_they_may_press(running: Running) -> None:
    await captured(running)
    seen = {person: buttons_of(await running.as_(person).slash("/rain-lead", "L-1") or {}) for person in (BEN, FARAH)}
    assert seen[BEN] == ["Claim", "Log a touch", "Screen", "Next date", "Make it a deal", "Disqualify"]
    assert seen[FARAH] == ["Hand to sales"]


async def test_a_refusal_at_the_end_keeps_the_form_as_it_was_filled_in(running: Running) -> None:
    card, ben, carla = await captured(running), running.as_(BEN), running.as_(CARLA)
    await ben.click(card, "Log a touch")
    modal = await ben.wait_for_modal("Log a touch")
    await carla.click(card, "Disqualify")
    await carla.submit(await carla.wait_for_modal("Disqualify a lead"), {"reason": "spam"})
    with pytest.raises(Refused, match="L-1 has been disqualified by Carla Romano"):
        await ben.submit(modal, {"kind": "call", "key_points": "An hour of notes"})
    assert (await ben.wait_for_modal("Log a touch"))["id"] == modal["id"]


async def test_a_deal_offers_delivery_its_evidence_and_what_comes_next_only_in_its_own_stages(running: Running) -> None:
    await a_deal(running)
    admin = await running.actor(ANNA)
    grants = (await running.rain.desks.people.settings(admin)).grants
    await running.rain.desks.people.set_roles(admin, (*grants, RoleGrant(role=Role.DELIVERY, grantee=DEEPA)), {})
    answer = await running.as_(DEEPA).slash("/rain-deal", "D-1")
    assert answer
    assert buttons_of(answer) == ["Log a touch", "Needs brief", "Attach a file"]
    await running.as_(DEEPA).click(await card_with(running), "Plan")
    await running.as_(DEEPA).wait_for("may say what comes next with a deal", channel=LEADS)
