"""Adding what a prospect says now to the lead there is, in place of a second one."""

import pytest

from domain.core.refusals import NotAllowed, RuleBroken
from domain.sales.accounts import NewContact
from domain.sales.leads import LeadAddedTo, NewLead, PossibleDuplicates
from tests.firm import FirmDesks

NEW = NewLead(company="ACME", source="web", said="and a market study", contact=NewContact(email="jo@acme.example"))


async def test_what_is_open_at_an_account_is_said_with_the_doubt(firm: FirmDesks) -> None:
    lead = await firm.captured()
    await firm.captured("Zenith")
    doubt = await firm.leads.capture(firm.seller, NEW)
    assert isinstance(doubt, PossibleDuplicates)
    assert [found.id for found in doubt.open_leads] == [lead.id]
    found = doubt.lead_of(doubt.matches[0])
    assert found is not None
    assert found.code == "L-1"


async def test_a_lead_takes_what_is_said_now_and_whoever_has_it_is_told(firm: FirmDesks) -> None:
    lead = await firm.captured()
    await firm.leads.claim(firm.other_seller, lead.id)
    await firm.told()
    step = await firm.lead_edits.add_to(firm.consultant, lead.id, NEW)
    assert step.lead.said == "wants a cost review\nand a market study"
    assert step.lead.contact is not None
    assert step.lead.contact.email == "jo@acme.example"
    assert step.lead.last_touch_at is None, "their word is no answer of ours"
    assert (await firm.leads.team(firm.seller)).total == 1
    told = [row for row in await firm.told() if isinstance(row.message, LeadAddedTo)]
    assert [row.destination.member_id for row in told] == [firm.other_seller.member_id]
    assert step.operation is not None
    await firm.operations.undo(firm.consultant, step.operation.id)
    assert (await firm.leads.show(firm.seller, lead.id)).lead.said == "wants a cost review"


async def test_what_does_not_fit_or_may_not_be_said_changes_nothing(firm: FirmDesks) -> None:
    lead = await firm.captured(said="x" * 2995)
    with pytest.raises(RuleBroken, match="can't take more text"):
        await firm.lead_edits.add_to(firm.seller, lead.id, NEW)
    with pytest.raises(NotAllowed):
        await firm.lead_edits.add_to(firm.guest, lead.id, NEW)
