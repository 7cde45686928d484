"""What is put right about leads and can be undone: edits, merges, and the message a lead came from, on both databases."""

from dataclasses import replace
from datetime import date, datetime
from typing import Any

import pytest

from domain.core.refusals import AlreadyDone, FormRefused, NotAllowed, NotFound, RuleBroken
from domain.sales.accounts import NewContact
from domain.sales.leads import (
    FirstAnswerDue,
    FollowUpDue,
    Lead,
    LeadStatus,
    LeadStep,
    NewLead,
    NewTouch,
    Origin,
    OriginFate,
    TouchKind,
)
from tests.firm import FirmDesks

MESSAGE = Origin(channel="C0SALES", ts="1772532000.000100", author="U0AUTHOR", permalink="https://x.example/p1")
TOM = NewContact(name="Tom", email="tom@acme.example", phone="+44 20 7946 0123")


async def read(firm: FirmDesks, lead: Lead) -> Lead:
    """The lead as it is now, even where another took it over."""
    return await firm.store.read(firm.workspace_id, lambda work: work.leads.get(lead.id))


def as_it_is(lead: Lead, **said: Any) -> NewLead:
    """What the edit modal says when something of it is changed."""
    contact = lead.contact or NewContact()
    facts: dict[str, Any] = {
        "company": lead.account.name,
        "source": lead.source,
        "said": lead.said,
        "contact": NewContact(name=contact.name, email=contact.email, phone=contact.phone),
    }
    return NewLead(**(facts | said))


async def undone(firm: FirmDesks, step: LeadStep, before: Lead) -> None:
    """Undo a step and find everything as it was before."""
    assert step.operation is not None
    await firm.operations.undo(firm.seller, step.operation.id)
    now = await read(firm, before)
    assert replace(now, version=before.version) == before


async def touch(firm: FirmDesks, lead: Lead, key_points: str) -> None:
    """Somebody was in touch."""
    await firm.leads.log_touch(firm.seller, lead.id, NewTouch(kind=TouchKind.CALL, key_points=key_points))


# Edits


async def test_an_edit_changes_what_it_says_and_can_be_undone(firm: FirmDesks) -> None:
    lead = await firm.captured(contact=TOM)
    edited = as_it_is(lead, source="web", said="wants two reviews", contact=replace(TOM, email="t.lee@acme.example"))
    step = await firm.lead_edits.edit(firm.seller, lead.id, edited)
    now = step.lead
    assert (now.source, now.said, now.account) == ("web", "wants two reviews", lead.account)
    assert now.contact is not None
    assert (now.contact.id, now.contact.email) == (lead.contact and lead.contact.id, "t.lee@acme.example")
    await undone(firm, step, lead)


async def test_an_edit_that_changes_nothing_leaves_nothing_to_undo(firm: FirmDesks) -> None:
    lead = await firm.captured(contact=TOM)
    step = await firm.lead_edits.edit(firm.seller, lead.id, as_it_is(lead))
    assert (step.operation, step.lead.version) == (None, lead.version)


async def test_the_log_keeps_only_what_changed(firm: FirmDesks) -> None:
    lead = await firm.captured(contact=TOM)
    await firm.lead_edits.edit(firm.seller, lead.id, as_it_is(lead, said="wants two reviews"))
    events = await firm.store.read(firm.workspace_id, lambda work: work.audit.between(0, 10**9))
    [edited] = [event for event in events if event.event == "lead.edited"]
    assert (edited.before, edited.after) == ({"said": "wants a cost review"}, {"said": "wants two reviews"})


async def test_another_companys_name_moves_the_lead_with_its_contact(firm: FirmDesks) -> None:
    other = (await firm.captured("Zenith GmbH")).account
    lead = await firm.captured("Acme Ltd", contact=TOM)
    step = await firm.lead_edits.edit(firm.seller, lead.id, as_it_is(lead, company="zenith"))
    assert step.lead.account == other
    assert step.lead.contact is not None
    assert (step.lead.contact.account_id, step.lead.contact.name) == (other.id, "Tom")
    await undone(firm, step, lead)
    kept = await firm.store.read(firm.workspace_id, lambda work: work.accounts.contacts_of(other.id))
    assert kept == []


async def test_a_company_that_is_not_there_is_refused_with_those_that_may_be_meant(firm: FirmDesks) -> None:
    await firm.captured("Betasoloin")
    lead = await firm.captured("Acme Ltd")
    with pytest.raises(RuleBroken, match=r"Is it one of these\? Betasoloin") as refused:
        await firm.lead_edits.edit(firm.seller, lead.id, as_it_is(lead, company="Betasolion"))
    assert refused.value.field == "company"
    with pytest.raises(RuleBroken, match="Capture a new lead"):
        await firm.lead_edits.edit(firm.seller, lead.id, as_it_is(lead, company="Quite Another"))


async def test_a_contact_can_be_added_and_taken_away(firm: FirmDesks) -> None:
    lead = await firm.captured()
    step = await firm.lead_edits.edit(firm.seller, lead.id, as_it_is(lead, contact=TOM))
    assert step.lead.contact is not None
    assert step.lead.contact.phone == "+442079460123"
    again = await firm.lead_edits.edit(firm.seller, lead.id, as_it_is(step.lead, contact=NewContact()))
    assert again.lead.contact is None
    await undone(firm, again, step.lead)


async def test_what_an_edit_may_not_say_is_refused_at_its_field(firm: FirmDesks) -> None:
    lead = await firm.captured()
    with pytest.raises(FormRefused) as refused:
        await firm.lead_edits.edit(firm.seller, lead.id, as_it_is(lead, contact=NewContact(email="nobody", phone="1")))
    assert set(refused.value.errors) == {"email", "phone"}
    with pytest.raises(RuleBroken) as broken:
        await firm.lead_edits.edit(firm.seller, lead.id, as_it_is(lead, source="pigeon"))
    assert broken.value.field == "channel"
    with pytest.raises(NotAllowed):
        await firm.lead_edits.edit(firm.consultant, lead.id, as_it_is(lead))
    with pytest.raises(NotFound):
        await firm.lead_edits.edit(firm.seller, 4711, as_it_is(lead))


# Merges


async def test_a_merge_moves_everything_and_closes_the_other_which_leads_there(firm: FirmDesks) -> None:
    kept = await firm.captured("Acme Ltd", said="")
    other = await firm.captured("Acme", contact=TOM, account_id=kept.account.id, origin=MESSAGE)
    await firm.leads.claim(firm.seller, other.id)
    await touch(firm, other, "hello")
    before = await read(firm, kept), await read(firm, other)
    step = await firm.lead_edits.merge(firm.seller, kept.id, other.id)
    now = step.lead
    assert (now.owner, now.said, now.origin) == (firm.seller.person, "wants a cost review", MESSAGE)
    assert now.contact is not None
    assert now.contact.name == "Tom"
    page = await firm.leads.find(firm.seller, other.number)
    assert (page.lead.id, [t.key_points for t in page.touches]) == (kept.id, ["hello"])
    gone = await read(firm, other)
    assert (gone.status, gone.merged_into_id, gone.merged_into_number) == (LeadStatus.MERGED, kept.id, kept.number)
    await undone(firm, step, before[0])
    assert replace(await read(firm, other), version=before[1].version) == before[1]
    assert [t.key_points for t in (await firm.leads.show(firm.seller, other.id)).touches] == ["hello"]


async def test_the_reminders_of_a_merged_lead_end_and_come_back_when_it_is_undone(firm: FirmDesks) -> None:
    kept, other = await firm.captured("One"), await firm.captured("Two")
    await firm.leads.plan_next(firm.seller, kept.id, date(2026, 3, 20))

    async def due_of(lead: Lead) -> list[datetime | None]:
        found = await firm.store.read(
            firm.workspace_id,
            lambda work: [work.reminders.open_for(kind, lead.id) for kind in (FollowUpDue.kind, FirstAnswerDue.kind)],
        )
        return [reminder and reminder.due_at for reminder in found]

    before = await due_of(kept), await due_of(other)
    step = await firm.lead_edits.merge(firm.seller, kept.id, other.id)
    assert await due_of(other) == [None, None]
    assert await due_of(kept) == [None, before[0][1]]  # the earlier of both dates is the limit of the first answer
    assert step.operation is not None
    await firm.operations.undo(firm.seller, step.operation.id)
    assert (await due_of(kept), await due_of(other)) == before


async def test_a_touch_of_the_other_was_the_first_answer(firm: FirmDesks) -> None:
    kept, other = await firm.captured("One"), await firm.captured("Two")
    await touch(firm, other, "hello")
    await firm.lead_edits.merge(firm.seller, kept.id, other.id)
    warning = await firm.store.read(
        firm.workspace_id, lambda work: work.reminders.open_for(FirstAnswerDue.kind, kept.id)
    )
    assert warning is None


async def test_a_contact_of_another_account_is_kept_at_the_leads_own(firm: FirmDesks) -> None:
    kept = await firm.captured("Acme Ltd")
    other = await firm.captured("Zenith", contact=replace(TOM, own_key="crm-7"))
    step = await firm.lead_edits.merge(firm.seller, kept.id, other.id)
    assert step.lead.contact is not None
    assert (step.lead.contact.account_id, step.lead.contact.name) == (kept.account.id, "Tom")
    assert (await read(firm, other)).contact == other.contact


async def test_what_was_merged_before_leads_to_the_last_one(firm: FirmDesks) -> None:
    first, second, third = [await firm.captured(name) for name in ("One", "Two", "Three")]
    await firm.lead_edits.merge(firm.seller, second.id, first.id)
    await firm.lead_edits.merge(firm.seller, third.id, second.id)
    assert (await firm.leads.find(firm.seller, first.number)).lead.id == third.id


async def test_a_button_of_a_merged_lead_works_on_the_one_that_took_it_over(firm: FirmDesks) -> None:
    kept, other = await firm.captured("One"), await firm.captured("Two")
    await firm.lead_edits.merge(firm.seller, kept.id, other.id)
    step = await firm.leads.claim(firm.seller, other.id)
    assert step.lead.id == kept.id
    assert (await firm.leads.team(firm.seller)).total == 1


async def test_work_done_since_a_merge_is_not_undone(firm: FirmDesks) -> None:
    kept, other = await firm.captured("One"), await firm.captured("Two")
    await firm.leads.plan_next(firm.seller, kept.id, date(2026, 3, 20))
    step = await firm.lead_edits.merge(firm.seller, kept.id, other.id)
    await touch(firm, kept, "since then")
    assert step.operation is not None
    undone = await firm.operations.undo(firm.seller, step.operation.id)
    now = await read(firm, kept)
    assert undone.kept > 0
    assert now.last_touch_at is not None
    assert [t.key_points for t in (await firm.leads.show(firm.seller, kept.id)).touches] == ["since then"]
    assert (await read(firm, other)).status is LeadStatus.OPEN


async def test_what_cannot_be_merged_is_refused(firm: FirmDesks) -> None:
    kept, other = await firm.captured("One"), await firm.captured("Two")
    with pytest.raises(RuleBroken, match="Pick another lead") as refused:
        await firm.lead_edits.merge(firm.seller, kept.id, kept.id)
    assert refused.value.field == "lead"
    with pytest.raises(NotAllowed):
        await firm.lead_edits.merge(firm.consultant, kept.id, other.id)
    with pytest.raises(NotFound):
        await firm.lead_edits.merge(firm.seller, kept.id, 4711)
    await firm.lead_edits.merge(firm.seller, kept.id, other.id)
    with pytest.raises(AlreadyDone, match="L-2 has been merged into L-1"):
        await firm.lead_edits.merge(firm.seller, (await firm.captured("Three")).id, other.id)
    with pytest.raises(RuleBroken, match="Pick another lead"):
        await firm.lead_edits.merge(firm.seller, other.id, kept.id)  # the other leads to the kept one


async def test_the_same_request_merges_once(firm: FirmDesks) -> None:
    kept, other = await firm.captured("One"), await firm.captured("Two")
    actor = firm.seller.within("modal", "V1:1")
    first = await firm.lead_edits.merge(actor, kept.id, other.id)
    assert await firm.lead_edits.merge(actor, kept.id, other.id) == first


async def test_leads_are_offered_by_code_and_company_those_of_the_account_first(firm: FirmDesks) -> None:
    lead = await firm.captured("Acme Ltd")
    same = await firm.captured("Acme Ltd", account_id=lead.account.id)
    other, closed = await firm.captured("Zenith"), await firm.captured("Zenith Two")
    await firm.leads.disqualify(firm.seller, closed.id, "spam")

    async def offered(words: str) -> list[int]:
        return [found.id for found in await firm.leads.search(firm.seller, words, lead.id)]

    assert await offered("") == [same.id, other.id]
    assert await offered("ZEN") == [other.id]
    assert await offered(f"l-{other.number}") == [other.id]
    assert await offered("9" * 30) == []
    assert await offered("100%") == []
    assert len(await firm.leads.search(firm.seller, "", None)) == 3


# The message a lead came from


async def test_a_message_is_unlinked_and_another_linked_and_both_can_be_undone(firm: FirmDesks) -> None:
    lead = await firm.captured(origin=MESSAGE)
    unlinked = await firm.lead_edits.unlink(firm.seller, lead.id)
    assert unlinked.lead.origin is None
    with pytest.raises(AlreadyDone, match="points to no message"):
        await firm.lead_edits.unlink(firm.seller, lead.id)
    await undone(firm, unlinked, lead)
    elsewhere = replace(MESSAGE, ts="1772532000.000200")
    linked = await firm.lead_edits.link(firm.seller, lead.id, elsewhere)
    assert linked.lead.origin == elsewhere
    with pytest.raises(AlreadyDone, match="points to this message already"):
        await firm.lead_edits.link(firm.seller, lead.id, elsewhere)
    await undone(firm, linked, lead)


async def test_a_message_that_is_edited_or_deleted_is_noted_with_every_lead_from_it(firm: FirmDesks) -> None:
    leads = [await firm.captured(name, origin=MESSAGE) for name in ("One", "Two")]
    bystander = await firm.captured("Three", origin=replace(MESSAGE, ts="1.1"))

    async def hear(fate: OriginFate, ts: str = MESSAGE.ts) -> list[OriginFate | None]:
        await firm.lead_edits.note_fate(firm.workspace_id, MESSAGE.channel, ts, fate)
        return [(await read(firm, lead)).origin_fate for lead in (*leads, bystander)]

    edited, deleted = OriginFate.EDITED, OriginFate.DELETED
    assert await hear(edited, "9.9") == [None, None, None]
    assert await hear(edited) == [edited, edited, None]
    version = (await read(firm, leads[0])).version
    assert await hear(edited) == [edited, edited, None]
    assert (await read(firm, leads[0])).version == version
    assert await hear(deleted) == [deleted, deleted, None]
    assert await hear(edited) == [deleted, deleted, None]
    events = await firm.store.read(firm.workspace_id, lambda work: work.audit.between(0, 10**9))
    noted = [event.event for event in events if event.event.startswith("lead.origin")]
    assert sorted(noted) == ["lead.origin_deleted"] * 2 + ["lead.origin_edited"] * 2


async def test_a_newly_linked_message_has_not_been_edited(firm: FirmDesks) -> None:
    lead = await firm.captured(origin=MESSAGE)
    await firm.lead_edits.note_fate(firm.workspace_id, MESSAGE.channel, MESSAGE.ts, OriginFate.DELETED)
    step = await firm.lead_edits.link(firm.seller, lead.id, replace(MESSAGE, ts="1.1"))
    assert step.lead.origin_fate is None
