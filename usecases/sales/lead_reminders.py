"""The reminders of a lead: of its next date, and before the first touch, of the first answer; they follow it wherever it goes."""

from datetime import datetime

from domain.core.language import _
from domain.core.people import Actor
from domain.core.refusals import NotYet
from domain.core.reminders import Reminder, ReminderState, remind_at
from domain.core.working_time import WorkingHours
from domain.playbook.sales_rules import SalesPlaybook
from domain.sales.leads import FirstAnswerDue, FollowUpDue, Lead, first_answer_warning
from storage.unit_of_work import UnitOfWork
from usecases.core.reminders import done
from usecases.desk import Desk

OF_LEADS = (FollowUpDue.kind, FirstAnswerDue.kind)


def begin(work: UnitOfWork, lead: Lead, holder_id: int, hours: WorkingHours, playbook: SalesPlaybook) -> None:
    """Remind whoever holds a new lead, on the clock of their `hours`."""
    limit = lead.next_at or work.now
    warning = first_answer_warning(lead.captured_at, playbook.pace(lead.band), hours)
    work.reminders.add(FollowUpDue.kind, lead.id, holder_id, remind_at(limit, work.now, hours))
    work.reminders.add(FirstAnswerDue.kind, lead.id, holder_id, warning)


def plan(work: UnitOfWork, lead: Lead, due_at: datetime) -> None:
    """Remind the lead's holder of its next date."""
    remind(work, lead, lead.holder.id, remind_at(due_at, work.now, work.members.hours(lead.holder.id)))


def remind(work: UnitOfWork, lead: Lead, holder_id: int, at: datetime) -> None:
    """Let the one reminder of the next date be told to somebody at a moment."""
    reminder = work.reminders.open_for(FollowUpDue.kind, lead.id)
    if reminder:
        _move(work, reminder, holder_id, at)
    else:
        work.reminders.add(FollowUpDue.kind, lead.id, holder_id, at)


def warn_anew(work: UnitOfWork, lead: Lead, playbook: SalesPlaybook, hours: WorkingHours) -> None:
    """Keep the warning of the first answer in time with a lead whose band has changed; one that was told is not repeated too soon."""
    reminder = work.reminders.open_for(FirstAnswerDue.kind, lead.id)
    at = first_answer_warning(lead.captured_at, playbook.pace(lead.band), hours)
    if reminder and (at > work.now or reminder.state is ReminderState.WAITING):
        _move(work, reminder, reminder.member.id, max(at, work.now))


def hand_over(work: UnitOfWork, lead: Lead, actor: Actor, owner_id: int) -> None:
    """Remind the new owner of everything from now on; a warning that somebody was told of has done its work.

    Of a date that has passed they have just heard, and are reminded on their next working day.
    """
    hours = work.members.hours(owner_id)
    limit = lead.next_at or work.now
    at = remind_at(limit, work.now, hours)
    remind(work, lead, owner_id, at if at > work.now else hours.add_working_days(work.now, 1))
    warning = work.reminders.open_for(FirstAnswerDue.kind, lead.id)
    if warning and warning.state is ReminderState.WAITING:
        _move(work, warning, owner_id, warning.due_at)
    elif warning:
        _close(work, warning, ReminderState.DONE, "claimed", actor)


def start_anew(work: UnitOfWork, lead: Lead, due_at: datetime, actor: Actor, outcome: str) -> None:
    """After a touch: end what was running, so that its card shows what became of it, and begin the next follow-up."""
    end(work, lead, actor, ReminderState.DONE, outcome)
    at = remind_at(due_at, work.now, work.members.hours(lead.holder.id))
    work.reminders.add(FollowUpDue.kind, lead.id, lead.holder.id, at)


def end(work: UnitOfWork, lead: Lead, actor: Actor, state: ReminderState, outcome: str) -> None:
    """End all reminders of a lead; `outcome` is a word for why, such as `disqualified`."""
    for kind in OF_LEADS:
        reminder = work.reminders.open_for(kind, lead.id)
        if reminder:
            _close(work, reminder, state, outcome, actor)


def answered(work: UnitOfWork, lead: Lead, actor: Actor, outcome: str) -> None:
    """End the warning of a lead that has had its first answer."""
    warning = work.reminders.open_for(FirstAnswerDue.kind, lead.id)
    if warning:
        _close(work, warning, ReminderState.DONE, outcome, actor)


def _move(work: UnitOfWork, reminder: Reminder, member_id: int, due_at: datetime) -> None:
    work.reminders.move(reminder.id, member_id, due_at)
    work.outbox.refresh_cards("reminder", reminder.id)


def _close(work: UnitOfWork, reminder: Reminder, state: ReminderState, outcome: str, actor: Actor) -> None:
    work.reminders.close(reminder.id, state, outcome, actor.member_id)
    work.outbox.refresh_cards("reminder", reminder.id)


@done(*OF_LEADS)
def _ended_by_a_touch(_desk: Desk, _work: UnitOfWork, _actor: Actor, _reminder: Reminder) -> None:
    """Refuse: somebody was in touch only when a touch says how and who."""
    raise NotYet(_("Log the touch instead: it says how the client was answered, and by whom."))
