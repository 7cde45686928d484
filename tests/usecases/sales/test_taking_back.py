"""Undoing a capture: the lead and the account made with it are gone, unless somebody has to do with them."""

import pytest

from domain.core.messages import CardWithdrawn
from domain.core.refusals import NotFound, RuleBroken
from domain.sales.accounts import NewContact
from domain.sales.leads import LeadCaptured, NewTouch, TouchKind
from tests.firm import FirmDesks


async def test_a_capture_is_undone_with_its_account_contact_and_card(firm: FirmDesks) -> None:
    lead = await firm.captured(contact=NewContact(email="jo@acme.example"))
    await firm.told()
    await firm.store.write(
        firm.workspace_id, lambda work: work.cards.register("lead", lead.id, "C1", "1.1", LeadCaptured.__name__)
    )
    assert await firm.lead_edits.take_back(firm.seller, lead.id) == "L-1 Acme Ltd"
    with pytest.raises(NotFound):
        await firm.leads.show(firm.seller, lead.id)
    assert (await firm.accounts.search(firm.seller, "Acme")).found == ()
    [withdrawn] = [row.message for row in await firm.told() if isinstance(row.message, CardWithdrawn)]
    assert (withdrawn.channel, withdrawn.ts, withdrawn.what) == ("C1", "1.1", "L-1 Acme Ltd")


async def test_an_account_that_was_known_before_stays(firm: FirmDesks) -> None:
    first = await firm.captured()
    firm.clock.advance(minutes=1)
    second = await firm.captured(account_id=first.account.id, is_new_company=False)
    await firm.lead_edits.take_back(firm.seller, second.id)
    assert (await firm.leads.show(firm.seller, first.id)).lead.account.name == "Acme Ltd"


async def test_an_account_that_a_second_lead_has_stays(firm: FirmDesks) -> None:
    first = await firm.captured()
    second = await firm.captured(account_id=first.account.id, is_new_company=False)
    await firm.lead_edits.take_back(firm.seller, first.id)
    assert (await firm.leads.show(firm.seller, second.id)).lead.account.name == "Acme Ltd"


async def test_after_ten_minutes_a_capture_stays(firm: FirmDesks) -> None:
    lead = await firm.captured()
    firm.clock.advance(minutes=10, seconds=1)
    with pytest.raises(RuleBroken, match="Disqualify it instead"):
        await firm.lead_edits.take_back(firm.seller, lead.id)
    assert "mistake" in firm.playbook.sales.disqualification


async def test_what_others_have_to_do_with_stays(firm: FirmDesks) -> None:
    theirs, claimed, touched = [await firm.captured(f"Company {n}") for n in range(3)]
    with pytest.raises(RuleBroken):
        await firm.lead_edits.take_back(firm.other_seller, theirs.id)
    await firm.leads.claim(firm.other_seller, claimed.id)
    await firm.leads.log_touch(firm.seller, touched.id, NewTouch(kind=TouchKind.CALL, key_points="hello"))
    for lead in (claimed, touched):
        with pytest.raises(RuleBroken):
            await firm.lead_edits.take_back(firm.seller, lead.id)
