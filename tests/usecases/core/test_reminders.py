"""Reminders, from falling due to being dealt with, on both databases."""

from datetime import UTC, date, datetime, timedelta

import pytest

from domain.core.absences import Absence
from domain.core.messages import Destination, OutboxRow
from domain.core.people import Actor, Profile
from domain.core.refusals import AlreadyDone, NotAllowed, NotFound, NotYet, RuleBroken
from domain.core.reminders import OverdueDigest, Reminder, ReminderState, Snooze, Subject
from domain.sales.leads import FirstAnswerDue, FollowUpDue, Lead, NewTouch, TouchKind
from storage.core.jobs import MOST_NAMED
from storage.unit_of_work import UnitOfWork
from tests.firm import FirmDesks
from usecases.core.absences import AbsenceEntry
from usecases.core.maintenance import TOLD_AT_ONCE

pytestmark = pytest.mark.both


async def open_reminder(firm: FirmDesks, lead: Lead) -> Reminder | None:
    """The one open reminder of a lead."""
    return await firm.store.read(firm.workspace_id, lambda work: work.reminders.open_for(FollowUpDue.kind, lead.id))


async def told(firm: FirmDesks) -> list[OutboxRow]:
    """The reminders that have just been put in the outbox; each is then taken for delivered."""
    found: list[OutboxRow] = []
    while rows := await firm.outbox.claim(100, firm.clock.now()):
        for row in rows:
            await firm.store.write(firm.workspace_id, lambda work, row=row: work.outbox.sent(row, "D1", "1.1"))
        found += rows
    return [row for row in found if isinstance(row.message, (FirstAnswerDue, FollowUpDue, OverdueDigest))]


@pytest.fixture
async def owned(firm: FirmDesks) -> Lead:
    """A lead of the seller's, who has answered it on Tuesday; the next date is Wednesday at nine."""
    lead = await firm.captured()
    await firm.leads.claim(firm.seller, lead.id)
    await firm.leads.log_touch(firm.seller, lead.id, NewTouch(kind=TouchKind.CALL, key_points="hello"))
    await told(firm)
    return lead


async def due(firm: FirmDesks, lead: Lead) -> Reminder:
    """The reminder of the lead, told on Wednesday at nine."""
    firm.clock.moment = datetime(2026, 3, 4, 9, 0, tzinfo=UTC)
    assert await firm.upkeep.sweep_reminders() == 1
    await told(firm)
    reminder = await open_reminder(firm, lead)
    assert reminder is not None
    return reminder


async def test_a_reminder_falls_due_as_work_begins_and_is_told_once(firm: FirmDesks, owned: Lead) -> None:
    firm.clock.moment = datetime(2026, 3, 4, 8, 59, tzinfo=UTC)
    assert await firm.upkeep.sweep_reminders() == 0
    firm.clock.advance(minutes=1)
    assert await firm.upkeep.next_reminder_at() == firm.clock.now()
    assert await firm.upkeep.sweep_reminders() == 1
    assert await firm.upkeep.sweep_reminders() == 0
    [row] = await told(firm)
    assert isinstance(row.message, FollowUpDue)
    assert row.destination.member_id == firm.seller.member_id


async def test_a_reminder_follows_the_lead_to_its_new_owner(firm: FirmDesks) -> None:
    lead = await firm.captured(by=firm.consultant)
    await firm.leads.plan_next(firm.seller, lead.id, date(2026, 3, 20))
    before = await open_reminder(firm, lead)
    await firm.leads.claim(firm.other_seller, lead.id)
    after = await open_reminder(firm, lead)
    assert before is not None
    assert after is not None
    assert (before.member, after.member) == (firm.consultant.person, firm.other_seller.person)
    assert before.id == after.id


async def test_a_lead_is_not_done_without_a_touch(firm: FirmDesks, owned: Lead) -> None:
    """Old messages still have the button: a client was answered only when a touch says how and by whom."""
    reminder = await due(firm, owned)
    before = (await firm.leads.show(firm.seller, owned.id)).lead
    with pytest.raises(NotYet, match="Log the touch"):
        await firm.reminders.done(firm.seller, reminder.id)
    assert (await firm.leads.show(firm.seller, owned.id)).lead == before


@pytest.mark.parametrize(
    ("choice", "until"),
    [
        (Snooze.HOUR, datetime(2026, 3, 4, 10, 0, tzinfo=UTC)),
        (Snooze.TOMORROW, datetime(2026, 3, 5, 9, 0, tzinfo=UTC)),
        (Snooze.NEXT_WEEK, datetime(2026, 3, 9, 9, 0, tzinfo=UTC)),
    ],
)
async def test_a_reminder_put_off_waits_and_is_told_again(
    firm: FirmDesks, owned: Lead, choice: Snooze, until: datetime
) -> None:
    reminder = await due(firm, owned)
    asleep = await firm.reminders.snooze(firm.seller, reminder.id, choice)
    assert (asleep.state, asleep.due_at) == (ReminderState.WAITING, until)
    firm.clock.moment = until
    assert await firm.upkeep.sweep_reminders() == 1
    assert len(await told(firm)) == 1


async def test_a_reminder_can_be_put_off_to_a_day_but_not_to_the_past(firm: FirmDesks, owned: Lead) -> None:
    reminder = await due(firm, owned)
    with pytest.raises(RuleBroken) as refused:
        await firm.reminders.snooze_to(firm.seller, reminder.id, date(2026, 3, 4))
    assert refused.value.field == "day"
    asleep = await firm.reminders.snooze_to(firm.seller, reminder.id, date(2026, 3, 20))
    assert asleep.due_at == datetime(2026, 3, 20, 9, 0, tzinfo=UTC)


async def test_the_same_press_twice_is_one_press(firm: FirmDesks, owned: Lead) -> None:
    reminder = await due(firm, owned)
    seller = firm.seller.within("button reminder.snooze", "press.1")
    asleep = await firm.reminders.snooze(seller, reminder.id, Snooze.HOUR)
    firm.clock.advance(minutes=1)
    assert await firm.reminders.snooze(seller, reminder.id, Snooze.HOUR) == asleep


async def test_what_is_over_cannot_be_put_off(firm: FirmDesks, owned: Lead) -> None:
    reminder = await due(firm, owned)
    await firm.leads.log_touch(firm.seller, owned.id, NewTouch(kind=TouchKind.CALL, key_points="hello"))
    with pytest.raises(AlreadyDone, match="over already"):
        await firm.reminders.snooze(firm.seller, reminder.id, Snooze.HOUR)


async def test_nobody_presses_anothers_reminder(firm: FirmDesks, owned: Lead) -> None:
    reminder = await due(firm, owned)
    with pytest.raises(NotAllowed, match="Sam Seller"):
        await firm.reminders.done(firm.other_seller, reminder.id)
    with pytest.raises(NotFound):
        await firm.reminders.done(firm.seller, 4711)


async def test_a_touch_ends_the_reminder_and_a_disqualification_cancels_it(firm: FirmDesks, owned: Lead) -> None:
    reminder = await due(firm, owned)
    await firm.leads.log_touch(firm.seller, owned.id, NewTouch(kind=TouchKind.CALL, key_points="hello"))
    ended = await firm.store.read(firm.workspace_id, lambda work: work.reminders.get(reminder.id))
    assert (ended.state, ended.outcome) == (ReminderState.DONE, "touch")
    await firm.leads.disqualify(firm.seller, owned.id, "spam")
    assert await open_reminder(firm, owned) is None
    firm.clock.advance(days=30)
    assert await firm.upkeep.sweep_reminders() == 0


async def test_outside_working_hours_a_reminder_waits_for_the_morning(firm: FirmDesks, owned: Lead) -> None:
    firm.clock.moment = datetime(2026, 3, 7, 12, 0, tzinfo=UTC)  # a Saturday
    assert await firm.upkeep.sweep_reminders() == 1
    assert await told(firm) == []
    assert await firm.upkeep.next_reminder_at() == datetime(2026, 3, 9, 9, 0, tzinfo=UTC)


async def test_after_three_days_down_each_person_gets_one_digest(firm: FirmDesks) -> None:
    for n in range(3):
        await firm.leads.claim(firm.seller, (await firm.captured(f"Company {n}")).id)
    await firm.leads.claim(firm.other_seller, (await firm.captured("Another")).id)
    await told(firm)
    firm.clock.moment = datetime(2026, 3, 9, 9, 0, tzinfo=UTC)
    assert await firm.upkeep.sweep_reminders() == 4
    messages = {row.destination.member_id: row.message for row in await told(firm)}
    digest = messages[firm.seller.member_id]
    assert isinstance(digest, OverdueDigest)
    assert len(digest.reminder_ids) == 3
    assert isinstance(messages[firm.other_seller.member_id], FirstAnswerDue)


async def test_a_digest_counts_records_not_reminders(firm: FirmDesks) -> None:
    leads = [await firm.captured(f"Company {n}") for n in range(2)]
    for lead in leads:  # due at the same moment as its first answer
        await firm.leads.plan_next(firm.seller, lead.id, date(2026, 3, 4))
    firm.clock.moment = datetime(2026, 3, 9, 9, 0, tzinfo=UTC)
    assert await firm.upkeep.sweep_reminders() == 4
    [row] = await told(firm)
    assert isinstance(row.message, OverdueDigest)
    assert (len(row.message.reminder_ids), row.message.unlisted) == (2, 0)


# Once


async def test_one_deadline_is_told_once_whatever_happens_around_it(firm: FirmDesks) -> None:
    """A week of a lead that is claimed when its captor was told, and then left alone: one message a deadline and person."""
    lead = await firm.captured(by=firm.seller)
    messages: list[tuple[int | None, str]] = []
    for hour in range(24 * 7):
        await firm.upkeep.sweep_reminders()
        messages += [(row.destination.member_id, type(row.message).__name__) for row in await told(firm)]
        if hour == 8:  # an hour after the warning
            await firm.leads.claim(firm.seller, lead.id)
        firm.clock.advance(hours=1)
    assert messages == [(firm.seller.member_id, "FirstAnswerDue")]


@pytest.mark.parametrize(
    ("is_claimed", "days"), [(True, ["03 Mar", "04 Mar"]), (False, ["03 Mar", "11 Mar", "18 Mar", "25 Mar"])]
)
async def test_a_lead_that_nobody_claims_is_told_of_every_week(
    firm: FirmDesks, is_claimed: bool, days: list[str]
) -> None:
    lead = await firm.captured(by=firm.consultant)
    found: list[str] = []
    for day in range(25):
        firm.clock.moment = datetime(2026, 3, 3, 16, 30, tzinfo=UTC) + timedelta(days=day)
        await firm.timers.fire()
        await firm.upkeep.sweep_reminders()
        found += [f"{firm.clock.now():%d %b}" for _row in await told(firm)]
        if is_claimed and day == 0:
            await firm.leads.claim(firm.seller, lead.id)
    assert found == days


async def test_all_unclaimed_leads_of_a_morning_come_again_as_one_message(firm: FirmDesks) -> None:
    for n in range(4):
        await firm.captured(f"Company {n}", by=firm.consultant)
        firm.clock.advance(minutes=7)
    firm.clock.moment = datetime(2026, 3, 3, 17, 0, tzinfo=UTC)
    await firm.upkeep.sweep_reminders()
    await told(firm)
    firm.clock.moment = datetime(2026, 3, 10, 9, 0, tzinfo=UTC)
    while await firm.timers.fire():
        firm.clock.advance(seconds=20)
    firm.clock.moment = datetime(2026, 3, 10, 9, 15, tzinfo=UTC)
    await firm.upkeep.sweep_reminders()
    [row] = await told(firm)
    assert isinstance(row.message, OverdueDigest)
    assert len(row.message.reminder_ids) == 4


@pytest.mark.parametrize("late", [timedelta(), timedelta(days=3)], ids=["this morning", "three days ago"])
async def test_however_many_are_due_of_one_person_they_are_one_message(firm: FirmDesks, late: timedelta) -> None:
    many = TOLD_AT_ONCE * 6 + 7

    def fall_due(work: UnitOfWork) -> None:
        for lead_id in range(1, many + 1):
            work.reminders.add(FollowUpDue.kind, lead_id, firm.seller.member_id, firm.clock.now() - late)
        work.reminders.add(FollowUpDue.kind, many + 1, firm.other_seller.member_id, firm.clock.now())

    await firm.store.write(firm.workspace_id, fall_due)
    while await firm.upkeep.sweep_reminders():
        pass
    messages = {row.destination.member_id: row.message for row in await told(firm)}
    digest = messages.pop(firm.seller.member_id)
    assert isinstance(digest, OverdueDigest)
    assert len(digest.reminder_ids) + digest.unlisted == many
    assert len(digest.reminder_ids) == MOST_NAMED
    assert [type(message) for message in messages.values()] == [FollowUpDue]


async def test_a_digest_shows_what_is_left_of_it_when_it_is_delivered(firm: FirmDesks, owned: Lead) -> None:
    await due(firm, owned)
    reminder = await open_reminder(firm, owned)
    assert reminder is not None
    message = OverdueDigest(reminder_ids=(reminder.id, 4711), unlisted=3)
    recipient = Destination(member_id=firm.seller.member_id)
    await firm.store.write(firm.workspace_id, lambda work: work.outbox.put(message, recipient, once="digest"))
    [row] = await firm.outbox.claim(1, firm.clock.now())
    letter = await firm.outbox.open(row)
    assert [subject.reminder.id for subject in letter.facts["reminders"]] == [reminder.id]
    assert letter.facts["unlisted"] == 3


async def test_who_has_left_is_not_told(firm: FirmDesks, owned: Lead) -> None:
    gone = Profile(slack_id=firm.seller.slack_id, name="Sam Seller", zone="Europe/London", is_deleted=True)
    await firm.people.learn(firm.workspace_id, gone)
    firm.clock.moment = datetime(2026, 3, 4, 9, 0, tzinfo=UTC)
    await firm.upkeep.sweep_reminders()
    assert await told(firm) == []


# While somebody is away


async def away_on_wednesday(firm: FirmDesks, deputy: Actor | None, last_on: date = date(2026, 3, 4)) -> Absence:
    """The seller is away on the day their lead's first answer is due."""
    entry = AbsenceEntry(first_on=date(2026, 3, 4), last_on=last_on, deputy=deputy.slack_id if deputy else None)
    return await firm.absences.add(firm.seller, entry)


async def letter_of(firm: FirmDesks, row: OutboxRow) -> Subject:
    """What a reminder is written from."""
    subject = (await firm.outbox.open(row)).facts["reminder"]
    assert isinstance(subject, Subject)
    return subject


async def test_the_deputy_is_told_in_their_place_and_why(firm: FirmDesks, owned: Lead) -> None:
    absence = await away_on_wednesday(firm, firm.other_seller)
    firm.clock.moment = datetime(2026, 3, 4, 9, 0, tzinfo=UTC)
    assert await firm.upkeep.sweep_reminders() == 1
    [row] = await told(firm)
    assert row.destination.member_id == firm.other_seller.member_id
    subject = await letter_of(firm, row)
    assert (subject.reminder.member, subject.reminder.told_to) == (firm.seller.person, firm.other_seller.person)
    assert subject.absence == absence


async def test_the_deputys_buttons_work_and_leave_the_lead_where_it_is(firm: FirmDesks, owned: Lead) -> None:
    await away_on_wednesday(firm, firm.other_seller)
    reminder = await due(firm, owned)
    with pytest.raises(NotAllowed):
        await firm.reminders.done(firm.consultant, reminder.id)
    asleep = await firm.reminders.snooze(firm.other_seller, reminder.id, Snooze.HOUR)
    assert (asleep.member, asleep.told_to) == (firm.seller.person, None)
    firm.clock.advance(hours=1)
    assert await firm.upkeep.sweep_reminders() == 1
    [row] = await told(firm)
    assert row.destination.member_id == firm.other_seller.member_id
    await firm.leads.log_touch(firm.other_seller, owned.id, NewTouch(kind=TouchKind.CALL, key_points="hello"))
    over = await firm.store.read(firm.workspace_id, lambda work: work.reminders.get(reminder.id))
    assert over.closed_by == firm.other_seller.person
    following = await open_reminder(firm, owned)
    assert following is not None
    assert following.member == firm.seller.person


async def test_what_the_deputy_put_off_goes_to_whose_it_is_once_they_are_back(firm: FirmDesks, owned: Lead) -> None:
    await away_on_wednesday(firm, firm.other_seller)
    reminder = await due(firm, owned)
    await firm.reminders.snooze(firm.other_seller, reminder.id, Snooze.TOMORROW)
    firm.clock.moment = datetime(2026, 3, 5, 9, 0, tzinfo=UTC)
    assert await firm.upkeep.sweep_reminders() == 1
    [row] = await told(firm)
    assert row.destination.member_id == firm.seller.member_id
    with pytest.raises(NotAllowed):
        await firm.reminders.done(firm.other_seller, reminder.id)


async def test_without_a_deputy_it_waits_for_the_first_working_day_afterwards(firm: FirmDesks, owned: Lead) -> None:
    await away_on_wednesday(firm, None, last_on=date(2026, 3, 6))
    mornings = [datetime(2026, 3, day, 9, 0, tzinfo=UTC) for day in (4, 5, 6)]
    for morning in mornings:
        assert await firm.upkeep.next_reminder_at() == morning
        firm.clock.moment = morning
        assert await firm.upkeep.sweep_reminders() == 1
        assert await told(firm) == []
    firm.clock.moment = datetime(2026, 3, 9, 9, 0, tzinfo=UTC)
    assert await firm.upkeep.sweep_reminders() == 1
    [row] = await told(firm)
    assert row.destination.member_id == firm.seller.member_id


async def test_who_comes_back_early_is_told_the_next_morning(firm: FirmDesks, owned: Lead) -> None:
    absence = await away_on_wednesday(firm, None, last_on=date(2026, 3, 20))
    firm.clock.moment = datetime(2026, 3, 4, 9, 0, tzinfo=UTC)
    assert await firm.upkeep.sweep_reminders() == 1
    await firm.absences.cancel(firm.seller, absence.id)
    firm.clock.moment = datetime(2026, 3, 5, 9, 0, tzinfo=UTC)
    assert await firm.upkeep.sweep_reminders() == 1
    assert len(await told(firm)) == 1


@pytest.mark.parametrize("what", ["is_guest", "is_external", "is_deleted"])
async def test_who_is_no_colleague_any_more_reads_of_no_lead(firm: FirmDesks, owned: Lead, what: str) -> None:
    await firm.people.learn(firm.workspace_id, Profile(slack_id=firm.seller.slack_id, name="Sam", **{what: True}))
    firm.clock.moment = datetime(2026, 3, 4, 9, 0, tzinfo=UTC)
    assert await firm.upkeep.sweep_reminders() == 1
    assert await told(firm) == []
    assert await open_reminder(firm, owned) is not None
