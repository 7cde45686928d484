"""What two people enter at the same moment is entered once."""

import asyncio
from dataclasses import replace
from datetime import date

import pytest

from domain.core.refusals import AlreadyDone, RuleBroken
from domain.sales.accounts import NewContact
from domain.sales.leads import Lead, NewLead
from tests.firm import FirmDesks
from usecases.core.absences import AbsenceEntry

pytestmark = pytest.mark.both


async def test_a_company_that_two_say_is_new_is_one(firm: FirmDesks) -> None:
    alike = await firm.captured("Acme Holdings")
    new = NewLead(company="Acme Ltd", source="web", is_new_company=True, declined=(alike.account.id,))
    made = await asyncio.gather(firm.leads.capture(firm.seller, new), firm.leads.capture(firm.other_seller, new))
    accounts = {lead.account.id for lead in made if isinstance(lead, Lead)}
    assert len(accounts) == 1
    assert alike.account.id not in accounts


async def test_who_declined_an_account_of_the_same_name_makes_another(firm: FirmDesks) -> None:
    first = await firm.captured("Acme Ltd")
    new = NewLead(company="Acme Ltd", source="web", is_new_company=True, declined=(first.account.id,))
    made = await firm.leads.capture(firm.seller, new)
    assert isinstance(made, Lead)
    assert made.account.id != first.account.id


async def test_a_contact_is_one(firm: FirmDesks) -> None:
    lead = await firm.captured()
    jo = NewContact(name="Jo Bradley", email="jo@acme.example")
    twice = [firm.accounts.add_contact(who, lead.account.id, jo) for who in (firm.seller, firm.other_seller)]
    outcomes = await asyncio.gather(*twice, return_exceptions=True)
    assert sum(isinstance(one, AlreadyDone) for one in outcomes) == 1
    page = await firm.accounts.show(firm.seller, lead.account.id)
    assert [contact.name for contact in page.contacts] == ["Jo Bradley"]


async def test_an_absence_is_one(firm: FirmDesks) -> None:
    entry = AbsenceEntry(first_on=date(2026, 3, 9), last_on=date(2026, 3, 13))
    of_somebody = replace(entry, member=firm.seller.slack_id)
    twice = [firm.absences.add(firm.seller, entry), firm.absences.add(await firm.with_manager(), of_somebody)]
    outcomes = await asyncio.gather(*twice, return_exceptions=True)
    assert sum(isinstance(one, RuleBroken) for one in outcomes) == 1
    assert len(await firm.absences.own(firm.seller)) == 1
