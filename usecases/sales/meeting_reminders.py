"""The two reminders of a meeting: of it, and afterwards of logging what was said; both go to whoever planned it."""

from domain.core.people import Actor
from domain.core.reminders import Reminder, ReminderState
from domain.sales.meetings import Meeting, MeetingAhead, MeetingOver, remind_before
from storage.unit_of_work import UnitOfWork
from usecases.core.reminders import done
from usecases.desk import Desk

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


@done(*KINDS)
def _done(_desk: Desk, work: UnitOfWork, actor: Actor, reminder: Reminder) -> None:
    work.reminders.close(reminder.id, ReminderState.DONE, "done", actor.member_id)
