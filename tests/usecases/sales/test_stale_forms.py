"""Two people have a form of one record open: the second puts nothing back that the first has changed."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest

from domain.core.refusals import FormRefused
from domain.sales.accounts import AccountEdit, NewContact
from domain.sales.deals import Deal, Money
from domain.sales.documents import Needs
from domain.sales.leads import Lead, NewLead
from tests.firm import SCREENED, FirmDesks
from tests.usecases.sales.test_deals import PLAN, a_deal, ready_lead

TOM = NewContact(name="Tom", email="tom@acme.example", phone="+442079460000")


def clashes(refused: pytest.ExceptionInfo[FormRefused]) -> set[str]:
    """The fields at which a form was refused."""
    return set(refused.value.errors)


async def test_of_an_account(firm: FirmDesks) -> None:
    account = (await firm.captured()).account
    shown = AccountEdit(name=account.name)
    await firm.accounts.edit(firm.seller, account.id, replace(shown, owner=firm.seller.slack_id), shown)
    stale = replace(shown, industry="Dairy")
    kept = (await firm.accounts.edit(firm.other_seller, account.id, stale, shown)).account
    assert (kept.owner_id, kept.industry) == (firm.seller.member_id, "Dairy")
    with pytest.raises(FormRefused) as refused:
        await firm.accounts.edit(firm.other_seller, account.id, replace(shown, owner=firm.other_seller.slack_id), shown)
    assert clashes(refused) == {"owner"}
    assert firm.seller.name in str(refused.value)
    assert firm.other_seller.name in str(refused.value)


async def test_of_a_contact(firm: FirmDesks) -> None:
    lead = await firm.captured(contact=TOM)
    assert lead.contact is not None
    shown = replace(TOM, phone="+44 20 7946 0000")
    await firm.accounts.edit_contact(firm.seller, lead.contact.id, replace(shown, email="t@acme.example"), shown)
    await firm.accounts.edit_contact(firm.other_seller, lead.contact.id, replace(shown, position="Head"), shown)
    kept = (await firm.leads.show(firm.seller, lead.id)).lead.contact
    assert kept is not None
    assert (kept.email, kept.position, kept.phone) == ("t@acme.example", "Head", TOM.phone)
    await firm.accounts.edit_contact(firm.seller, lead.contact.id, replace(shown, phone="+44 20 7946 0001"), shown)
    dialled = (await firm.leads.show(firm.seller, lead.id)).lead.contact
    assert dialled is not None
    assert dialled.phone == "+442079460001"
    with pytest.raises(FormRefused) as refused:
        await firm.accounts.edit_contact(firm.seller, lead.contact.id, replace(shown, email="x@acme.example"), shown)
    assert clashes(refused) == {"email"}


async def test_of_a_lead(firm: FirmDesks) -> None:
    lead = await firm.captured(contact=TOM)
    shown = NewLead(company=lead.account.name, source=lead.source, said=lead.said, contact=TOM)
    await firm.lead_edits.edit(firm.seller, lead.id, replace(shown, said="wants more"), shown)
    stale = replace(shown, contact=replace(TOM, name="Thomas"))
    kept = (await firm.lead_edits.edit(firm.other_seller, lead.id, stale, shown)).lead
    assert kept.contact is not None
    assert (kept.said, kept.contact.name) == ("wants more", "Thomas")
    theirs = replace(shown, said="wants less", contact=replace(TOM, name="Tommy"))
    with pytest.raises(FormRefused) as refused:
        await firm.lead_edits.edit(firm.seller, lead.id, theirs, shown)
    assert clashes(refused) == {"contact_name"}


async def test_of_the_screening(firm: FirmDesks) -> None:
    lead = await firm.captured()
    await firm.leads.rescreen(firm.seller, lead.id, {"need": "clear"}, {})
    step = await firm.leads.rescreen(firm.other_seller, lead.id, {"budget": "set"}, {})
    assert step.lead.answers == {"need": "clear", "budget": "set"}
    with pytest.raises(FormRefused) as refused:
        await firm.leads.rescreen(firm.other_seller, lead.id, {"need": "vague"}, {})
    assert clashes(refused) == {"screening_need"}


async def test_of_the_next_date(firm: FirmDesks) -> None:
    lead = await ready_lead(firm)
    shown = date(2026, 3, 5)
    planned = (await firm.leads.plan_next(firm.seller, lead.id, shown)).lead
    await firm.leads.plan_next(firm.seller, lead.id, date(2026, 3, 9), shown)
    with pytest.raises(FormRefused) as refused:
        await firm.leads.plan_next(firm.seller, lead.id, date(2026, 3, 10), shown)
    assert clashes(refused) == {"day"}
    now: Lead = (await firm.leads.plan_next(firm.seller, lead.id, shown, shown)).lead
    assert planned.next_at is not None
    assert now.next_at == planned.next_at + timedelta(days=4)


async def test_of_a_deals_plan(firm: FirmDesks) -> None:
    deal: Deal = await a_deal(firm)
    dearer = Money(amount=Decimal("95000.00"), currency="EUR")
    await firm.deals.plan(firm.seller, deal.id, replace(PLAN, value=dearer), PLAN)
    kept = (await firm.deals.plan(firm.seller, deal.id, replace(PLAN, expected_on=date(2026, 6, 1)), PLAN)).deal
    assert kept.value == dearer
    assert kept.progress is not None
    assert kept.progress.expected_on == date(2026, 6, 1)
    other = Money(amount=Decimal("80000.00"), currency="EUR")
    with pytest.raises(FormRefused) as refused:
        await firm.deals.plan(firm.other_seller, deal.id, replace(PLAN, value=other), PLAN)
    assert clashes(refused) == {"amount"}
    assert "95,000.00 EUR" in str(refused.value)


async def test_of_a_needs_brief(firm: FirmDesks) -> None:
    deal = await a_deal(firm)
    await firm.deals.write_brief(firm.seller, deal.id, Needs(needs="Lower costs"), Needs())
    await firm.deals.write_brief(firm.other_seller, deal.id, Needs(pains="No overview"), Needs())
    brief = (await firm.deals.show(firm.seller, deal.id)).brief
    assert brief is not None
    assert (brief.needs, brief.pains) == ("Lower costs", "No overview")


async def test_answers_that_were_shown_stay_answered(firm: FirmDesks) -> None:
    lead = await ready_lead(firm)
    step = await firm.leads.rescreen(firm.seller, lead.id, SCREENED, SCREENED)
    assert step.lead.answers == SCREENED
