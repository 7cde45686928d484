"""Meetings on a deal's page and as the deal changes, and the two reminders of each: of it, and afterwards of logging what was said."""

from collections.abc import Collection
from datetime import datetime

from domain.core.people import Actor
from domain.core.records import NamedRecord
from domain.core.reminders import Reminder, ReminderState
from domain.sales.deals import Deal, DealOutcome
from domain.sales.meetings import Meeting, MeetingAhead, MeetingOver, remind_before
from storage.unit_of_work import UnitOfWork
from usecases.core.facts import on_page
from usecases.core.reminders import done
from usecases.desk import Desk
from usecases.sales.deal_changes import deal_changed, reminded_at

MOST_MEETINGS = 50
KINDS = (MeetingAhead.kind, MeetingOver.kind)


def remind(work: UnitOfWork, meeting: Meeting) -> None:
    """Keep both true to the meeting."""
    member_id = meeting.planned_by.id
    before = remind_before(meeting.at, work.now, work.members.hours(member_id))
    for kind, due_at in zip(KINDS, (before, meeting.ends_at), strict=True):
        known = work.reminders.open_for(kind, meeting.id)
        if known is None:
            work.reminders.add(kind, meeting.id, member_id, due_at)
        else:
            work.reminders.move(known.id, known.member.id, due_at)
            work.outbox.refresh_cards("reminder", known.id)


def end(work: UnitOfWork, actor: Actor, meeting: Meeting, state: ReminderState) -> None:
    """End what is open of both, for the reason that `state` says."""
    for kind in KINDS:
        if known := work.reminders.open_for(kind, meeting.id):
            work.reminders.close(known.id, state, "meeting", actor.member_id)
            work.outbox.refresh_cards("reminder", known.id)


@on_page("deal.meetings")
def _planned(work: UnitOfWork, record: NamedRecord) -> tuple[Meeting, ...]:
    """Those that are planned, the next one first; none once the record is closed."""
    return tuple(work.meetings.planned_of(record, MOST_MEETINGS)) if record.is_open else ()


@deal_changed("meetings")
def _end_with_deal(work: UnitOfWork, actor: Actor, deal: Deal) -> None:
    """Nobody is reminded of the meetings of a lost deal."""
    if deal.outcome is DealOutcome.LOST:
        for meeting in work.meetings.planned_of(deal.named, MOST_MEETINGS):
            end(work, actor, meeting, ReminderState.CANCELLED)


@reminded_at("meetings")
def _beginnings(work: UnitOfWork, record: NamedRecord) -> Collection[datetime]:
    return [meeting.at for meeting in work.meetings.planned_of(record, MOST_MEETINGS)]


@done(*KINDS)
def _done(_desk: Desk, work: UnitOfWork, actor: Actor, reminder: Reminder) -> None:
    work.reminders.close(reminder.id, ReminderState.DONE, "done", actor.member_id)
