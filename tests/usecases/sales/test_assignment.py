"""How leads find their owner without being claimed: in turn by rule, or given by management, on both databases."""

import asyncio
from datetime import UTC, date, datetime
from typing import Any

import pytest

from domain.core.absences import NewAbsence
from domain.core.audit import AuditEvent
from domain.core.messages import Message
from domain.core.people import Actor, Profile
from domain.core.refusals import AlreadyDone, NotAllowed, NotYet, RuleBroken
from domain.core.reminders import Reminder, ReminderState, Snooze
from domain.sales.leads import (
    FirstAnswerDue,
    FollowUpDue,
    Lead,
    LeadAssigned,
    LeadGiven,
    LeadStatus,
    LeadTaken,
    NewTouch,
    TouchKind,
)
from tests.firm import FirmDesks
from usecases.sales.lead_reminders import UNCLAIMED

HOT = {"need": "clear", "budget": "set", "decider": "yes", "timing": "quarter", "fit": "core"}
COLD = {"need": "none"}


async def hot_web_lead(firm: FirmDesks, company: str, by: Actor | None = None) -> Lead:
    """A lead that the playbook hands out in turn."""
    return await firm.captured(company, by=by or firm.consultant, source="web", answers=HOT)


async def told_of(firm: FirmDesks, kind: type[Message]) -> list[tuple[int | None, Any]]:
    """The messages of a kind that are told just now, each with whom it is for."""
    return [(row.destination.member_id, row.message) for row in await firm.told() if isinstance(row.message, kind)]


async def reminder_of(firm: FirmDesks, lead: Lead, kind: str) -> Reminder | None:
    """The open reminder of a lead."""
    return await firm.store.read(firm.workspace_id, lambda work: work.reminders.open_for(kind, lead.id))


async def events_of(firm: FirmDesks, lead: Lead) -> list[AuditEvent]:
    """What the log says of a lead."""
    events = await firm.store.read(firm.workspace_id, lambda work: work.audit.between(0, 10**9))
    return [event for event in events if event.subject == "lead" and event.subject_id == lead.id]


async def test_hot_web_leads_go_round_and_each_owner_is_told_why(firm: FirmDesks) -> None:
    leads = [await hot_web_lead(firm, f"Company {n}") for n in range(3)]
    assert [lead.owner for lead in leads] == [firm.seller.person, firm.other_seller.person, firm.seller.person]
    told = await told_of(firm, LeadAssigned)
    assert [(member, message.lead_id) for member, message in told] == [(lead.owner.id, lead.id) for lead in leads]  # type: ignore[union-attr]
    assert told[0][1].rule == "Hot leads from the website are handed out in turn"


async def test_the_log_keeps_the_rule_as_the_reason(firm: FirmDesks) -> None:
    lead = await hot_web_lead(firm, "Acme Ltd")
    [assigned] = [event for event in await events_of(firm, lead) if event.event == "lead.assigned"]
    assert assigned.reason == "Hot leads from the website are handed out in turn"
    assert (assigned.before, assigned.after) == ({"owner_id": None}, {"owner_id": firm.seller.member_id})


async def test_all_reminders_of_a_lead_handed_out_are_its_owners(firm: FirmDesks) -> None:
    lead = await hot_web_lead(firm, "Acme Ltd")
    reminder = await reminder_of(firm, lead, FirstAnswerDue.kind)
    assert reminder is not None
    assert reminder.member == firm.seller.person
    assert await reminder_of(firm, lead, FollowUpDue.kind) is None  # its next date is the same


@pytest.mark.parametrize("more", [{"source": "web"}, {"source": "referral", "answers": HOT}])
async def test_every_other_lead_waits_to_be_claimed(firm: FirmDesks, more: dict[str, Any]) -> None:
    lead = await firm.captured("Acme Ltd", by=firm.consultant, **more)
    assert lead.owner is None


async def test_who_is_away_or_has_left_is_passed_over(firm: FirmDesks) -> None:
    today = date(2026, 3, 3)
    await firm.store.write(
        firm.workspace_id,
        lambda work: work.absences.add(firm.seller.member_id, NewAbsence(first_on=today, last_on=today)),
    )
    assert (await hot_web_lead(firm, "One")).owner == firm.other_seller.person
    gone = Profile(slack_id=firm.other_seller.slack_id, name="Sue Seller", zone="Europe/London", is_deleted=True)
    await firm.people.learn(firm.workspace_id, gone)
    assert (await hot_web_lead(firm, "Two")).owner is None
    firm.clock.advance(days=1)
    assert (await hot_web_lead(firm, "Three")).owner == firm.seller.person


async def test_a_screening_that_makes_a_lead_hot_hands_it_out(firm: FirmDesks) -> None:
    lead = await firm.captured("Acme Ltd", by=firm.consultant, source="web")
    step = await firm.leads.rescreen(firm.other_seller, lead.id, HOT)
    assert step.lead.owner == firm.seller.person
    assert [member for member, _message in await told_of(firm, LeadAssigned)] == [firm.seller.member_id]
    again = await firm.leads.rescreen(firm.other_seller, lead.id, HOT)
    assert again.lead.owner == firm.seller.person
    assert await told_of(firm, LeadAssigned) == []


@pytest.mark.both
async def test_leads_captured_at_once_go_to_different_people(firm: FirmDesks) -> None:
    leads = await asyncio.gather(*(hot_web_lead(firm, f"Company {n}") for n in range(6)))
    owners = [lead.owner.name for lead in leads if lead.owner]
    assert sorted(owners) == ["Sam Seller"] * 3 + ["Sue Seller"] * 3


async def test_who_is_given_the_first_lead_of_an_account_looks_after_the_account_too(firm: FirmDesks) -> None:
    manager, in_turn, given = await firm.with_manager(), await hot_web_lead(firm, "One"), await firm.captured("Two")
    await firm.leads.assign(manager, given.id, firm.other_seller.slack_id)
    owners = [(await firm.leads.show(manager, lead.id)).lead.account.owner_id for lead in (in_turn, given)]
    assert owners == [firm.seller.member_id, firm.other_seller.member_id]


async def test_the_same_request_again_hands_nothing_out_again(firm: FirmDesks) -> None:
    actor = firm.consultant.within("slash /rain-lead", "trigger.1")
    first, again = await hot_web_lead(firm, "Acme Ltd", by=actor), await hot_web_lead(firm, "Acme Ltd", by=actor)
    assert first == again
    assert (await hot_web_lead(firm, "Next")).owner == firm.other_seller.person


# Given by management


async def test_management_gives_a_lead_to_somebody_and_both_are_told(firm: FirmDesks) -> None:
    manager, lead = await firm.with_manager(), await firm.captured()
    await firm.leads.claim(firm.seller, lead.id)
    await firm.told()
    step = await firm.leads.assign(manager, lead.id, firm.other_seller.slack_id, "Sam is on the Fjordline case")
    assert step.lead.owner == firm.other_seller.person
    told = [(row.destination.member_id, row.message) for row in await firm.told()]
    expected = {"lead_id": lead.id, "by_id": manager.member_id, "note": "Sam is on the Fjordline case"}
    assert (firm.other_seller.member_id, LeadGiven(**expected)) in told
    assert (firm.seller.member_id, LeadTaken(**expected)) in told
    reminder = await reminder_of(firm, lead, FirstAnswerDue.kind)
    assert reminder is not None
    assert reminder.member == firm.other_seller.person


async def test_who_takes_a_lead_themselves_is_not_told_of_it(firm: FirmDesks) -> None:
    manager, lead = await firm.with_manager(), await firm.captured()
    await firm.told()
    await firm.leads.assign(manager, lead.id, manager.slack_id)
    assert await told_of(firm, LeadGiven) == []


async def test_only_management_gives_leads_and_only_to_those_who_may_own_them(firm: FirmDesks) -> None:
    manager, lead = await firm.with_manager(), await firm.captured()
    with pytest.raises(NotAllowed, match="Only management may give somebody a lead"):
        await firm.leads.assign(firm.seller, lead.id, firm.other_seller.slack_id)
    for nobody in (firm.guest.slack_id, firm.admin.slack_id, "U0NOBODY"):
        with pytest.raises(RuleBroken, match="Only sales or management may own a lead") as refused:
            await firm.leads.assign(manager, lead.id, nobody)
        assert refused.value.field == "owner"
    await firm.leads.assign(manager, lead.id, firm.seller.slack_id)
    with pytest.raises(AlreadyDone, match="Sam Seller's already"):
        await firm.leads.assign(manager, lead.id, firm.seller.slack_id)
    await firm.leads.disqualify(firm.seller, lead.id, "spam")
    with pytest.raises(AlreadyDone, match="disqualified by Sam Seller"):
        await firm.leads.assign(manager, lead.id, firm.other_seller.slack_id)


# The first answer


@pytest.mark.parametrize(
    ("answers", "warned_at", "limit"),
    [
        ({}, datetime(2026, 3, 3, 16, 0, tzinfo=UTC), datetime(2026, 3, 4, 9, 30, tzinfo=UTC)),
        (HOT, datetime(2026, 3, 3, 13, 0, tzinfo=UTC), datetime(2026, 3, 3, 14, 0, tzinfo=UTC)),
        (COLD, datetime(2026, 3, 5, 11, 0, tzinfo=UTC), datetime(2026, 3, 5, 17, 0, tzinfo=UTC)),
    ],
)
async def test_the_limit_and_the_warning_are_the_bands(
    firm: FirmDesks, answers: dict[str, str], warned_at: datetime, limit: datetime
) -> None:
    lead = await firm.captured(by=firm.consultant, answers=answers)
    reminder = await reminder_of(firm, lead, FirstAnswerDue.kind)
    assert reminder is not None
    assert (lead.answer_by, reminder.due_at, reminder.member) == (limit, warned_at, firm.consultant.person)


async def test_a_screening_before_the_first_touch_moves_limit_and_warning(firm: FirmDesks) -> None:
    lead = await firm.captured(by=firm.consultant)
    step = await firm.leads.rescreen(firm.seller, lead.id, HOT)
    reminder = await reminder_of(firm, lead, FirstAnswerDue.kind)
    assert reminder is not None
    assert step.lead.answer_by == datetime(2026, 3, 3, 14, 0, tzinfo=UTC)
    assert reminder.due_at == datetime(2026, 3, 3, 13, 0, tzinfo=UTC)
    await firm.leads.log_touch(firm.seller, lead.id, NewTouch(kind=TouchKind.CALL, key_points="hello"))
    later = await firm.leads.rescreen(firm.seller, lead.id, COLD)
    assert later.lead.answer_by == step.lead.answer_by


async def test_a_planned_date_leaves_the_limit_alone(firm: FirmDesks) -> None:
    lead = await firm.captured()
    step = await firm.leads.plan_next(firm.seller, lead.id, date(2026, 3, 20))
    assert step.lead.answer_by == lead.answer_by


async def warned(firm: FirmDesks, lead: Lead) -> Reminder:
    """The warning, told on Tuesday at four."""
    firm.clock.moment = datetime(2026, 3, 3, 16, 0, tzinfo=UTC)
    assert await firm.upkeep.sweep_reminders() == 1
    [(member_id, message)] = await told_of(firm, FirstAnswerDue)
    reminder = await reminder_of(firm, lead, FirstAnswerDue.kind)
    assert reminder is not None
    assert (message.reminder_id, member_id) == (reminder.id, reminder.member.id)
    return reminder


async def test_whoever_captured_an_unclaimed_lead_is_warned(firm: FirmDesks) -> None:
    lead = await firm.captured(by=firm.consultant)
    assert (await warned(firm, lead)).member == firm.consultant.person


async def test_a_claim_before_the_warning_moves_it_and_one_after_it_ends_it(firm: FirmDesks) -> None:
    early, late = await firm.captured("Early", by=firm.consultant), await firm.captured("Late", by=firm.consultant)
    await firm.leads.claim(firm.seller, early.id)
    firm.clock.moment = datetime(2026, 3, 3, 16, 0, tzinfo=UTC)
    await firm.upkeep.sweep_reminders()
    told = {member for member, _message in await told_of(firm, FirstAnswerDue)}
    assert told == {firm.seller.member_id, firm.consultant.member_id}
    warning = await reminder_of(firm, late, FirstAnswerDue.kind)
    assert warning is not None
    await firm.leads.claim(firm.other_seller, late.id)
    over = await firm.store.read(firm.workspace_id, lambda work: work.reminders.get(warning.id))
    assert (over.state, over.outcome) == (ReminderState.DONE, "claimed")


async def test_who_takes_over_what_is_overdue_is_reminded_on_their_next_working_day(firm: FirmDesks) -> None:
    lead = await firm.captured(by=firm.consultant)
    firm.clock.moment = datetime(2026, 3, 6, 10, 0, tzinfo=UTC)  # a Friday, two days after the limit
    await firm.leads.claim(firm.seller, lead.id)
    warning = await reminder_of(firm, lead, FirstAnswerDue.kind)
    assert warning is not None
    assert (warning.member, warning.due_at) == (firm.seller.person, datetime(2026, 3, 9, 9, 0, tzinfo=UTC))


async def test_the_first_touch_ends_the_warning(firm: FirmDesks) -> None:
    lead = await firm.captured()
    reminder = await warned(firm, lead)
    await firm.leads.log_touch(firm.seller, lead.id, NewTouch(kind=TouchKind.CALL, key_points="hello"))
    over = await firm.store.read(firm.workspace_id, lambda work: work.reminders.get(reminder.id))
    assert (over.state, over.outcome) == (ReminderState.DONE, "touch")


async def test_a_disqualification_ends_the_warning_and_undoing_it_brings_it_back(firm: FirmDesks) -> None:
    lead = await firm.captured()
    step = await firm.leads.disqualify(firm.seller, lead.id, "spam")
    assert await reminder_of(firm, lead, FirstAnswerDue.kind) is None
    assert step.operation is not None
    await firm.operations.undo(firm.seller, step.operation.id)
    assert await reminder_of(firm, lead, FirstAnswerDue.kind) is not None
    assert (await firm.leads.show(firm.seller, lead.id)).lead.status is LeadStatus.OPEN


async def test_a_warning_put_off_comes_back(firm: FirmDesks) -> None:
    lead = await firm.captured()
    reminder = await warned(firm, lead)
    await firm.reminders.snooze(firm.seller, reminder.id, Snooze.HOUR)
    firm.clock.advance(hours=1)
    assert await firm.upkeep.sweep_reminders() == 1
    assert len(await told_of(firm, FirstAnswerDue)) == 1


async def test_only_a_touch_takes_a_lead_off_managements_list(firm: FirmDesks) -> None:
    lead = await firm.captured()
    await firm.leads.claim(firm.seller, lead.id)
    firm.clock.moment = datetime(2026, 3, 4, 10, 0, tzinfo=UTC)  # its first answer was due at half past nine
    await firm.upkeep.sweep_reminders()
    reminder = await reminder_of(firm, lead, FirstAnswerDue.kind)
    assert reminder is not None
    manager = await firm.with_manager()
    with pytest.raises(NotYet):
        await firm.reminders.done(firm.seller, reminder.id)
    assert (await firm.exceptions.show(manager)).leads.total == 1
    await firm.leads.log_touch(firm.seller, lead.id, NewTouch(kind=TouchKind.CALL, key_points="hello"))
    assert (await firm.exceptions.show(manager)).leads.total == 0


async def test_who_may_not_claim_a_lead_hands_it_to_whose_turn_it_is_in_sales(firm: FirmDesks) -> None:
    lead = await firm.captured(by=firm.consultant)
    step = await firm.leads.hand_to_sales(firm.consultant, lead.id)
    assert step.lead.owner == firm.seller.person
    [(member, told)] = await told_of(firm, LeadGiven)
    assert (member, told.by_id) == (firm.seller.member_id, firm.consultant.member_id)
    with pytest.raises(AlreadyDone, match="Sam Seller"):
        await firm.leads.hand_to_sales(firm.consultant, lead.id)
    second = await firm.captured("Another", by=firm.consultant)
    assert (await firm.leads.hand_to_sales(firm.consultant, second.id)).lead.owner == firm.other_seller.person


async def test_while_nobody_of_sales_is_there_a_lead_stays_and_that_is_said(firm: FirmDesks) -> None:
    lead = await firm.captured(by=firm.consultant)
    for seller in (firm.seller, firm.other_seller):
        gone = Profile(slack_id=seller.slack_id, name=seller.name, zone="Europe/London", is_deleted=True)
        await firm.people.learn(firm.workspace_id, gone)
    with pytest.raises(NotYet, match="Nobody of sales"):
        await firm.leads.hand_to_sales(firm.consultant, lead.id)


# Taken back


async def test_an_owner_gives_their_lead_away_and_releases_it_and_nobody_elses(firm: FirmDesks) -> None:
    lead = await firm.captured(by=firm.consultant)
    with pytest.raises(NotAllowed, match="Only management may give"):
        await firm.leads.to_hand_on(firm.seller, lead.id)
    await firm.leads.claim(firm.seller, lead.id)
    for refused in (
        firm.leads.assign(firm.other_seller, lead.id, firm.other_seller.slack_id),
        firm.leads.release(firm.other_seller, lead.id),
    ):
        with pytest.raises(NotAllowed, match="Only Sam Seller or management may give"):
            await refused
    given = await firm.leads.assign(firm.seller, lead.id, firm.other_seller.slack_id)
    assert given.lead.owner == firm.other_seller.person
    released = await firm.leads.release(firm.other_seller, lead.id)
    assert released.lead.owner is None
    with pytest.raises(AlreadyDone, match="has no owner"):
        await firm.leads.release(await firm.with_manager(), lead.id)


async def test_a_released_lead_is_its_captors_to_hand_on_and_its_owner_is_told(firm: FirmDesks) -> None:
    manager, lead = await firm.with_manager(), await firm.captured(by=firm.admin)
    await firm.leads.claim(firm.seller, lead.id)
    await firm.told()
    step = await firm.leads.release(manager, lead.id)
    [(member, told)] = await told_of(firm, LeadTaken)
    assert (member, told.by_id) == (firm.seller.member_id, manager.member_id)
    reminder = await reminder_of(firm, lead, FirstAnswerDue.kind)
    assert reminder is not None
    assert reminder.member == firm.admin.person
    assert step.operation is not None
    await firm.operations.undo(manager, step.operation.id)
    assert (await firm.leads.show(firm.seller, lead.id)).lead.owner == firm.seller.person


async def test_a_claim_is_taken_back_with_all_that_it_moved(firm: FirmDesks) -> None:
    lead = await firm.captured(by=firm.consultant)
    step = await firm.leads.claim(firm.seller, lead.id)
    assert step.operation is not None
    await firm.operations.undo(firm.seller, step.operation.id)
    page = await firm.leads.show(firm.seller, lead.id)
    reminder = await reminder_of(firm, lead, FirstAnswerDue.kind)
    assert reminder is not None
    assert (page.lead.owner, page.lead.account.owner_id, reminder.member) == (None, None, firm.consultant.person)
    timer = await firm.store.read(firm.workspace_id, lambda work: work.timers.open_for(UNCLAIMED, lead.id))
    assert timer is not None
