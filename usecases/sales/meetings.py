"""What people do with meetings about deals: date them ahead, move them, call them off, and log what was said."""

from functools import partial
from typing import Any

from domain.core.edits import rebased
from domain.core.language import _
from domain.core.people import Actor
from domain.core.refusals import AlreadyDone
from domain.core.reminders import ReminderState
from domain.core.tasks import NewTask, TaskKind
from domain.playbook.playbook import Playbook
from domain.sales.deals import LONGEST_STEP, SEE_DEALS, WORK_ON_DEAL, Deal, progress_of, running
from domain.sales.leads import NewTouch
from domain.sales.meetings import Meeting, MeetingState, NewMeeting, check_meeting
from domain.sales.pages import DealStep
from storage.unit_of_work import Store, UnitOfWork
from usecases.desk import Desk, Nudge, check_permission, nobody, reads, record, writes
from usecases.sales import meeting_reminders
from usecases.sales.deals import DealDesk

CALENDAR_FILE = TaskKind("meeting.calendar_file")
"""Makes the file that puts a meeting into somebody's calendar, or takes it out."""


class MeetingDesk(Desk):
    """The use cases of meetings. Whoever planned one is reminded of it, and asked afterwards what was said.

    A change that calendars should follow brings its file to whoever made it.
    """

    def __init__(self, store: Store, playbook: Playbook, nudge: Nudge = nobody) -> None:
        super().__init__(store, playbook, nudge)
        self.deals = DealDesk(store, playbook, nudge)

    @writes
    def plan(self, work: UnitOfWork, actor: Actor, deal_id: int, new: NewMeeting) -> Meeting:
        """Date a meeting ahead. Where nobody has said what comes next on the deal, this does.

        Raises NotAllowed, NotFound, AlreadyDone when the deal is over, FormRefused.
        """
        check_permission(work, actor, WORK_ON_DEAL)
        deal = running(work.deals.get(deal_id))
        new = check_meeting(new, work.now)
        meeting = work.meetings.get(work.meetings.add(deal.named, new, actor.member_id))
        record(work, actor, "deal.meeting_planned", deal.id, after=_said(meeting))
        meeting_reminders.remind(work, meeting)
        if progress_of(deal).next_at is None:
            self.deals.set_step(work, actor, deal, _step(meeting), meeting.at)
        work.outbox.refresh_cards("deal", deal.id)
        _hand_out_file(work, actor, meeting)
        return meeting

    @writes
    def move(
        self, work: UnitOfWork, actor: Actor, meeting_id: int, new: NewMeeting, shown: NewMeeting | None = None
    ) -> Meeting:
        """Plan a meeting differently from what a form has `shown`: at another time, elsewhere, or about something else.

        Raises NotAllowed, NotFound, AlreadyDone when it is over or the deal is, FormRefused.
        """
        deal, before = self._standing(work, actor, meeting_id)
        known = NewMeeting(about=before.about, at=before.at, minutes=before.minutes, place=before.place)
        new = rebased(new, shown, known, partial(_words, actor))
        work.meetings.change(before.id, check_meeting(new, work.now))
        meeting = work.meetings.get(before.id)
        record(work, actor, "deal.meeting_moved", deal.id, before=_said(before), after=_said(meeting))
        meeting_reminders.remind(work, meeting)
        if _is_next(deal, before):
            self.deals.set_step(work, actor, deal, _step(meeting), meeting.at)
        work.outbox.refresh_cards("deal", deal.id)
        _hand_out_file(work, actor, meeting)
        return meeting

    @writes
    def call_off(self, work: UnitOfWork, actor: Actor, meeting_id: int) -> Meeting:
        """Note that a meeting does not take place, or did not.

        Raises NotAllowed, NotFound, AlreadyDone when it is over already.
        """
        deal, meeting = self._standing(work, actor, meeting_id)
        work.meetings.end(meeting.id, MeetingState.CANCELLED)
        record(work, actor, "deal.meeting_called_off", deal.id, before=_said(meeting))
        meeting_reminders.end(work, actor, meeting, ReminderState.CANCELLED)
        if _is_next(deal, meeting):
            self.deals.set_step(work, actor, deal, None, None)
        work.outbox.refresh_cards("deal", deal.id)
        if meeting.at > work.now:  # it stands in calendars
            _hand_out_file(work, actor, meeting)
        return work.meetings.get(meeting.id)

    @writes
    def log(self, work: UnitOfWork, actor: Actor, meeting_id: int, new: NewTouch) -> DealStep:
        """Keep what was said in a meeting, as a touch of its deal; that ends its reminders.

        Raises NotAllowed, NotFound, AlreadyDone when it is logged or called off, RuleBroken (with the field).
        """
        deal, meeting = self._standing(work, actor, meeting_id)
        work.meetings.end(meeting.id, MeetingState.HELD)
        record(work, actor, "deal.meeting_held", deal.id, after=_said(meeting))
        meeting_reminders.end(work, actor, meeting, ReminderState.DONE)
        if _is_next(deal, meeting) and new.next_on is None:
            self.deals.set_step(work, actor, deal, None, None)
        return self.deals.touched(work, actor, deal.id, new)

    @writes
    def ask_file(self, work: UnitOfWork, actor: Actor, meeting_id: int) -> None:
        """Have the calendar file of a meeting brought to the actor.

        Raises NotAllowed, NotFound.
        """
        check_permission(work, actor, SEE_DEALS)
        _hand_out_file(work, actor, work.meetings.get(meeting_id))

    @reads
    def show(self, work: UnitOfWork, actor: Actor, meeting_id: int) -> Meeting:
        """One meeting.

        Raises NotAllowed, NotFound.
        """
        check_permission(work, actor, SEE_DEALS)
        return work.meetings.get(meeting_id)

    def _standing(self, work: UnitOfWork, actor: Actor, meeting_id: int) -> tuple[Deal, Meeting]:
        """A meeting that is still planned, after the deal that it is about and that still runs."""
        check_permission(work, actor, WORK_ON_DEAL)
        meeting = work.meetings.get(meeting_id)
        deal = running(work.deals.get(meeting.of.id))
        if not meeting.is_planned:
            raise AlreadyDone(_("This meeting was logged or called off already."))
        return deal, meeting


def _is_next(deal: Deal, meeting: Meeting) -> bool:
    """Whether it is what comes next on its deal."""
    progress = progress_of(deal)
    return (progress.next_step, progress.next_at) == (_step(meeting), meeting.at)


def _hand_out_file(work: UnitOfWork, actor: Actor, meeting: Meeting) -> None:
    work.tasks.put(NewTask(kind=CALENDAR_FILE, subject="meeting", subject_id=meeting.id, member_id=actor.member_id))


def _words(actor: Actor, name: str, value: Any) -> str:
    return f"{actor.hours.local(value):%d.%m.%Y %H:%M}" if name == "at" else str(value)


def _step(meeting: Meeting) -> str:
    return _("Meeting: {about}").format(about=meeting.about)[:LONGEST_STEP]


def _said(meeting: Meeting) -> dict[str, object]:
    return {
        "meeting_id": meeting.id,
        "about": meeting.about,
        "at": meeting.at.isoformat(),
        "minutes": meeting.minutes,
        "place": meeting.place,
    }
