"""Meetings about deals: dated ahead, moved, called off, logged, and reminded of before and after."""

from datetime import UTC, date, datetime

import pytest

from domain.core.refusals import AlreadyDone, FormRefused, NotAllowed
from domain.core.reminders import ReminderState
from domain.sales.deals import Deal, DealPlan, DealStepDue
from domain.sales.leads import NewTouch, TouchKind
from domain.sales.meetings import Meeting, MeetingAhead, MeetingOver, MeetingState, NewMeeting
from storage.unit_of_work import UnitOfWork
from tests.firm import FirmDesks
from tests.usecases.sales.test_deals import PLAN, a_deal

THURSDAY = datetime(2026, 3, 5, 14, 0, tzinfo=UTC)
SCOPE = NewMeeting(about="Scope", at=THURSDAY, minutes=90, place="https://meet.example/1")
SAID = NewTouch(kind=TouchKind.MEETING, key_points="They want it by May")
STEP = DealPlan(title="Review of costs", value=PLAN.value, next_step="Send the sketch", next_on=date(2026, 3, 4))


async def reminders(firm: FirmDesks, meeting: Meeting) -> dict[datetime]:
    """When each open reminder of a meeting is due."""

    def body(work: UnitOfWork) -> dict[datetime]:
        kinds = (MeetingAhead.kind, MeetingOver.kind)
        found = {kind: work.reminders.open_for(kind, meeting.id) for kind in kinds}
        return {kind: one.due_at for kind, one in found.items() if one}

    return await firm.store.read(firm.workspace_id, body)


async def step_of(firm: FirmDesks, deal: Deal) -> tuple[str | None, datetime | None]:
    """What comes next on a deal, and when."""
    progress = (await firm.deals.show(firm.seller, deal.id)).deal.progress
    assert progress
    return progress.next_step, progress.next_at


async def test_a_meeting_is_reminded_of_before_and_after_and_is_what_comes_next(firm: FirmDesks) -> None:
    deal = await a_deal(firm)
    meeting = await firm.meetings.plan(firm.other_seller, deal.id, SCOPE)
    assert await reminders(firm, meeting) == {
        MeetingAhead.kind: THURSDAY.replace(hour=13),
        MeetingOver.kind: THURSDAY.replace(hour=15, minute=30),
    }
    assert await step_of(firm, deal) == ("Meeting: Scope", THURSDAY)
    step = await firm.store.read(firm.workspace_id, lambda work: work.reminders.open_for(DealStepDue.kind, deal.id))
    assert step is None  # two reminders of one meeting are enough
    assert (await firm.deals.show(firm.seller, deal.id)).parts["meetings"][0].planned_by == firm.other_seller.person


async def test_a_step_that_somebody_has_named_stays(firm: FirmDesks) -> None:
    deal = await a_deal(firm, STEP)
    before = await step_of(firm, deal)
    meeting = await firm.meetings.plan(firm.seller, deal.id, SCOPE)
    await firm.meetings.call_off(firm.seller, meeting.id)
    assert await step_of(firm, deal) == before


async def test_a_meeting_that_is_moved_takes_its_reminders_and_the_next_step_along(firm: FirmDesks) -> None:
    deal = await a_deal(firm)
    meeting = await firm.meetings.plan(firm.seller, deal.id, SCOPE)
    friday = THURSDAY.replace(day=6)
    moved = await firm.meetings.move(firm.seller, meeting.id, NewMeeting(about="Scope and price", at=friday))
    assert (moved.version, moved.place) == (2, None)
    assert (await reminders(firm, meeting))[MeetingAhead.kind] == friday.replace(hour=13)
    assert await step_of(firm, deal) == ("Meeting: Scope and price", friday)


async def test_one_that_is_called_off_reminds_nobody_and_is_no_longer_next(firm: FirmDesks) -> None:
    deal = await a_deal(firm)
    meeting = await firm.meetings.plan(firm.seller, deal.id, SCOPE)
    assert (await firm.meetings.call_off(firm.seller, meeting.id)).state is MeetingState.CANCELLED
    assert await reminders(firm, meeting) == {}
    assert await step_of(firm, deal) == (None, None)
    assert (await firm.deals.show(firm.seller, deal.id)).parts["meetings"] == ()
    for again in (
        firm.meetings.call_off(firm.seller, meeting.id),
        firm.meetings.move(firm.seller, meeting.id, SCOPE),
        firm.meetings.log(firm.seller, meeting.id, SAID),
    ):
        with pytest.raises(AlreadyDone, match="logged or called off"):
            await again


async def test_what_was_said_in_it_is_a_touch_of_the_deal(firm: FirmDesks) -> None:
    deal = await a_deal(firm)
    meeting = await firm.meetings.plan(firm.seller, deal.id, SCOPE)
    firm.clock.advance(days=2, hours=6)
    await firm.meetings.log(firm.seller, meeting.id, SAID)
    page = await firm.deals.show(firm.seller, deal.id)
    assert [touch.key_points for touch in page.touches] == ["They want it by May"]
    assert await reminders(firm, meeting) == {}
    assert await step_of(firm, deal) == (None, None)


async def test_words_that_are_missing_leave_the_meeting_as_it_is(firm: FirmDesks) -> None:
    meeting = await firm.meetings.plan(firm.seller, (await a_deal(firm)).id, SCOPE)
    with pytest.raises(FormRefused):
        await firm.meetings.move(firm.seller, meeting.id, NewMeeting(about=" ", at=THURSDAY))
    assert (await firm.meetings.show(firm.seller, meeting.id)).version == 1


async def test_a_lost_deal_reminds_of_no_meeting_until_that_is_undone(firm: FirmDesks) -> None:
    deal = await a_deal(firm)
    meeting = await firm.meetings.plan(firm.seller, deal.id, SCOPE)
    before = await reminders(firm, meeting)
    lost = await firm.deals.lose(firm.seller, deal.id, "price")
    assert await reminders(firm, meeting) == {}
    assert lost.operation
    await firm.operations.undo(firm.seller, lost.operation.id)
    assert await reminders(firm, meeting) == before
    assert len((await firm.deals.show(firm.seller, deal.id)).parts["meetings"]) == 1


async def test_i_know_ends_the_reminder_before_and_not_the_one_after(firm: FirmDesks) -> None:
    meeting = await firm.meetings.plan(firm.seller, (await a_deal(firm)).id, SCOPE)
    firm.clock.advance(days=2, hours=3, minutes=1)
    await firm.upkeep.sweep_reminders()
    ahead = await firm.store.read(
        firm.workspace_id, lambda work: work.reminders.open_for(MeetingAhead.kind, meeting.id)
    )
    assert ahead
    assert ahead.state is ReminderState.TOLD
    await firm.reminders.done(firm.seller, ahead.id)
    assert set(await reminders(firm, meeting)) == {MeetingOver.kind}


async def test_guests_plan_none(firm: FirmDesks) -> None:
    deal = await a_deal(firm)
    with pytest.raises(NotAllowed):
        await firm.meetings.plan(firm.guest, deal.id, SCOPE)
