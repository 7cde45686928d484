"""Leads, from capture to the end, on both databases."""

from datetime import UTC, date, datetime

import pytest

from domain.core.refusals import AlreadyDone, FormRefused, NotAllowed, NotFound, RuleBroken
from domain.sales.accounts import NewContact
from domain.sales.leads import Lead, LeadStatus, NewLead, NewTouch, PossibleDuplicates, TouchKind
from tests.firm import FirmDesks


async def test_a_captured_lead_has_a_code_a_next_date_and_no_owner(firm: FirmDesks) -> None:
    lead = await firm.captured("Acme Ltd")
    assert (lead.code, lead.owner, lead.status) == ("L-1", None, LeadStatus.OPEN)
    assert lead.next_at == datetime(2026, 3, 4, 9, 30, tzinfo=UTC)  # eight working hours from Tuesday 10:00


async def test_the_same_request_again_gives_the_same_lead_and_changes_nothing(firm: FirmDesks) -> None:
    actor = firm.seller.within("slash /rain-lead", "trigger.1")
    first = await firm.captured("Acme Ltd", by=actor)
    again = await firm.captured("Acme Ltd", by=actor)
    assert again == first
    assert (await firm.leads.team(firm.seller)).total == 1


async def test_a_misspelt_company_is_recognised_before_anything_is_saved(firm: FirmDesks) -> None:
    await firm.captured("Betasoloin")
    result = await firm.leads.capture(firm.seller, NewLead(company="Betasolion Inc.", source="web"))
    assert isinstance(result, PossibleDuplicates)
    assert [match.account.name for match in result.matches] == ["Betasoloin"]
    assert (await firm.leads.team(firm.seller)).total == 1


async def test_names_are_kept_as_people_see_them_and_those_of_nothing_are_none(firm: FirmDesks) -> None:
    unseen = NewContact(name="\u2060\u3164", email="jo@acme.example")
    new = NewLead(company="*Ac\u200bme*\n_Ltd_", source="web", industry="\u200b", contact=unseen)
    lead = await firm.leads.capture(firm.seller, new)
    assert isinstance(lead, Lead)
    assert (lead.account.name, lead.account.industry, lead.contact and lead.contact.name) == ("Acme Ltd", None, None)
    with pytest.raises(RuleBroken, match="Which company"):
        await firm.leads.capture(firm.seller, NewLead(company="\u200b\u3164", source="web"))


async def test_an_existing_account_can_be_used_instead(firm: FirmDesks) -> None:
    known = (await firm.captured("Acme Ltd")).account
    lead = await firm.leads.capture(firm.seller, NewLead(company="Acme", source="web", account_id=known.id))
    assert not isinstance(lead, PossibleDuplicates)
    assert lead.account == known


async def test_a_known_phone_number_gives_a_company_away_whatever_its_name(firm: FirmDesks) -> None:
    await firm.captured("Acme Ltd", contact=NewContact(phone="020 7946 0123"))
    doubt = NewLead(company="Zenith", source="web", contact=NewContact(phone="+44 20 7946 0123"))
    assert isinstance(await firm.leads.capture(firm.seller, doubt), PossibleDuplicates)


async def test_two_people_of_one_name_stay_two_and_nobody_is_kept_twice(firm: FirmDesks) -> None:
    account = (await firm.captured("Acme Ltd", contact=NewContact(name="Ann Lee", email="ann@acme.example"))).account
    for contact in (
        NewContact(name="Ann Lee", email="ann.lee@acme.example"),
        NewContact(name="ann lee", phone="+44 20 7946 0123"),
        NewContact(phone="+44 20 7946 0999"),
        NewContact(phone="+44 20 7946 0999"),
    ):
        await firm.captured("Acme Ltd", account_id=account.id, contact=contact)
    kept = await firm.store.read(firm.workspace_id, lambda work: work.accounts.contacts_of(account.id))
    assert [(person.name, person.email, person.phone) for person in kept] == [
        ("ann lee", "ann@acme.example", "+442079460123"),
        ("Ann Lee", "ann.lee@acme.example", None),
        (None, None, "+442079460999"),
    ]


async def test_every_wrong_field_is_named_at_once(firm: FirmDesks) -> None:
    new = NewLead(company="Acme", source="web", contact=NewContact(email="nobody", phone="12"))
    with pytest.raises(FormRefused) as refused:
        await firm.leads.capture(firm.seller, new)
    assert set(refused.value.errors) == {"email", "phone"}


@pytest.mark.parametrize(
    ("new", "field"),
    [
        (NewLead(company="  ", source="web"), "company"),
        (NewLead(company="x" * 201, source="web"), "company"),
        (NewLead(company="Acme", source="pigeon"), "channel"),
        (NewLead(company="Acme", source="web", said="x" * 3001), "said"),
        (NewLead(company="Acme", source="web", answers={"need": "perhaps"}), "need"),
    ],
)
async def test_what_no_lead_may_be_is_refused_at_its_field(firm: FirmDesks, new: NewLead, field: str) -> None:
    with pytest.raises(RuleBroken) as refused:
        await firm.leads.capture(firm.seller, new)
    assert refused.value.field == field


async def test_only_one_of_two_claims_wins_and_the_other_is_told_who_did(firm: FirmDesks) -> None:
    lead = await firm.captured()
    step = await firm.leads.claim(firm.seller, lead.id)
    assert step.lead.owner == firm.seller.person
    with pytest.raises(AlreadyDone, match="Sam Seller"):
        await firm.leads.claim(firm.other_seller, lead.id)


async def test_who_may_not_claim_is_told_who_may(firm: FirmDesks) -> None:
    lead = await firm.captured()
    with pytest.raises(NotAllowed, match="Only sales or management may claim a lead") as refused:
        await firm.leads.claim(firm.consultant, lead.id)
    assert refused.value.people == ["Sam Seller", "Sue Seller"]


async def test_a_guest_sees_no_leads(firm: FirmDesks) -> None:
    with pytest.raises(NotAllowed):
        await firm.leads.team(firm.guest)


async def test_a_touch_moves_the_next_date_and_ends_the_reminder(firm: FirmDesks) -> None:
    lead = await firm.captured()
    await firm.leads.claim(firm.seller, lead.id)
    step = await firm.leads.log_touch(firm.seller, lead.id, NewTouch(kind=TouchKind.CALL, key_points="wants an offer"))
    assert step.due_at == datetime(2026, 3, 4, 9, 0, tzinfo=UTC)  # one working day: it has not been screened
    page = await firm.leads.show(firm.seller, lead.id)
    assert [touch.key_points for touch in page.touches] == ["wants an offer"]


async def test_the_next_date_can_be_set_but_not_to_the_past(firm: FirmDesks) -> None:
    lead = await firm.captured()
    step = await firm.leads.plan_next(firm.seller, lead.id, date(2026, 3, 20))
    assert step.due_at == datetime(2026, 3, 20, 9, 0, tzinfo=UTC)
    with pytest.raises(RuleBroken) as refused:
        await firm.leads.plan_next(firm.seller, lead.id, date(2026, 3, 3))
    assert refused.value.field == "day"


async def test_screening_brings_hot_leads_to_the_top(firm: FirmDesks) -> None:
    await firm.captured("Quiet Company")
    hot = await firm.captured("Burning Company")
    answers = {"need": "clear", "budget": "set", "decider": "yes", "timing": "quarter", "fit": "core"}
    step = await firm.leads.rescreen(firm.seller, hot.id, answers)
    assert (step.lead.score, step.lead.band) == (100, "hot")
    assert [lead.account.name for lead in (await firm.leads.team(firm.seller)).leads] == [
        "Burning Company",
        "Quiet Company",
    ]


async def test_a_disqualified_lead_is_over(firm: FirmDesks) -> None:
    lead = await firm.captured()
    step = await firm.leads.disqualify(firm.seller, lead.id, "no_budget", "asked twice")
    assert (step.lead.status, step.lead.next_at) == (LeadStatus.DISQUALIFIED, None)
    with pytest.raises(AlreadyDone, match="disqualified by Sam Seller"):
        await firm.leads.claim(firm.seller, lead.id)
    assert (await firm.leads.team(firm.seller)).total == 0


async def test_a_lead_that_does_not_exist_is_not_found(firm: FirmDesks) -> None:
    with pytest.raises(NotFound):
        await firm.leads.show(firm.seller, 4711)
