"""The reminders of a lead: one of its first answer until that is given, then one of each next date; they follow it wherever it goes.

A lead that nobody claims is reminded of again every week, in one message with all others of that morning.
"""

from datetime import datetime, timedelta

from domain.core.language import _
from domain.core.people import Actor
from domain.core.refusals import NotYet
from domain.core.reminders import Reminder, ReminderState, remind_at
from domain.core.timers import NewTimer, Timer, TimerKind
from domain.core.working_time import WorkingHours
from domain.playbook.playbook import Playbook
from domain.playbook.sales_rules import SalesPlaybook
from domain.sales.leads import FirstAnswerDue, FollowUpDue, Lead, first_answer_warning
from storage.unit_of_work import UnitOfWork
from usecases.core.reminders import done
from usecases.core.timers import due
from usecases.desk import Desk

OF_LEADS = (FirstAnswerDue.kind, FollowUpDue.kind)
UNCLAIMED = TimerKind("lead.unclaimed")
"""Nobody has claimed a lead for another week."""
AGAIN_AFTER = timedelta(weeks=1)
LATELY = timedelta(days=3)
"""What was told since then is not told again yet: it was put off until then, say."""
GATHERED_FOR = timedelta(minutes=15)
"""From when a week is over until it is told, so that all leads of one morning are one message."""


def begin(work: UnitOfWork, lead: Lead, holder_id: int, hours: WorkingHours, playbook: SalesPlaybook) -> None:
    """Remind whoever holds a new lead of its first answer, on the clock of their `hours`."""
    warning = first_answer_warning(lead.captured_at, playbook.pace(lead.band), hours)
    work.reminders.add(FirstAnswerDue.kind, lead.id, holder_id, warning)


def watch(work: UnitOfWork, lead: Lead) -> None:
    """Have the reminder of a lead without an owner told again every week; see that nothing is, once it has one."""
    if lead.owner or not lead.is_open:
        work.timers.cancel("lead", lead.id, UNCLAIMED)
    elif work.timers.open_for(UNCLAIMED, lead.id) is None:
        hours = work.members.hours(lead.holder.id)
        day = hours.next_working_day(hours.local(work.now + AGAIN_AFTER).date())
        work.timers.set(NewTimer(kind=UNCLAIMED, subject="lead", subject_id=lead.id, due_at=hours.start_of(day)))


@due(UNCLAIMED)
def _come_again(work: UnitOfWork, timer: Timer, _playbook: Playbook) -> None:
    """Tell of a lead that still has no owner what was told of it before; what was put off comes by itself."""
    lead = work.leads.get(timer.subject_id)
    if lead.owner or not lead.is_open:
        return
    told = [one for one in _open(work, lead) if one.state is ReminderState.TOLD]
    if told and told[0].told_at and told[0].told_at <= work.now - LATELY:
        _move(work, told[0], lead.holder.id, _gathered(work.now))
    watch(work, lead)


def _gathered(now: datetime) -> datetime:
    """The quarter of an hour that comes next, the same for all that happens until then."""
    begun = now.replace(minute=now.minute - now.minute % 15, second=0, microsecond=0)
    return begun + GATHERED_FOR


def plan(work: UnitOfWork, lead: Lead) -> None:
    """Remind the lead's holder of its next date as it is now; while that is the limit of the first answer, its warning does so."""
    warning = work.reminders.open_for(FirstAnswerDue.kind, lead.id)
    follow_up = work.reminders.open_for(FollowUpDue.kind, lead.id)
    if not (lead.waits_for_first_answer and warning):
        hours = work.members.hours(lead.holder.id)
        _remind(work, lead, lead.holder.id, remind_at(lead.next_at or work.now, work.now, hours))
    elif follow_up:
        work.reminders.close(follow_up.id, ReminderState.DONE, "replaced", None)
        work.outbox.refresh_cards("reminder", follow_up.id)


def warn_anew(work: UnitOfWork, lead: Lead, playbook: SalesPlaybook, hours: WorkingHours) -> None:
    """Keep the warning of the first answer in time with a lead whose band has changed; one that was told is not repeated too soon."""
    reminder = work.reminders.open_for(FirstAnswerDue.kind, lead.id)
    at = first_answer_warning(lead.captured_at, playbook.pace(lead.band), hours)
    if reminder and (at > work.now or reminder.state is ReminderState.WAITING):
        _move(work, reminder, reminder.member.id, max(at, work.now))


def hand_over(work: UnitOfWork, lead: Lead, actor: Actor, holder_id: int, outcome: str = "claimed") -> None:
    """Remind the new holder of everything from now on; what somebody else was told of has done its work. `lead` is how it was before.

    Of a date that has passed they have just heard, and are reminded on their next working day; of what they were told of already, no more.
    """
    for reminder in _open(work, lead):
        if reminder.state is ReminderState.WAITING:
            at = reminder.due_at if reminder.due_at > work.now else _next_chance(work, lead, holder_id)
            _move(work, reminder, holder_id, at)
        elif reminder.member.id == holder_id:
            work.outbox.refresh_cards("reminder", reminder.id)
        else:
            _close(work, reminder, ReminderState.DONE, outcome, actor)
    if not _open(work, lead):
        kind = FirstAnswerDue.kind if lead.waits_for_first_answer else FollowUpDue.kind
        work.reminders.add(kind, lead.id, holder_id, _next_chance(work, lead, holder_id))
    watch(work, work.leads.get(lead.id))


def _next_chance(work: UnitOfWork, lead: Lead, holder_id: int) -> datetime:
    """When to remind somebody of the next date who gets a lead now: in time for it, or where it has passed, on their next working day."""
    hours = work.members.hours(holder_id)
    at = remind_at(lead.next_at or work.now, work.now, hours)
    return at if at > work.now else hours.add_working_days(work.now, 1)


def take_up(work: UnitOfWork, lead: Lead) -> None:
    """Remind of where a lead stood before it came here: a next date or a touch from there leaves no first answer to warn of."""
    warning = work.reminders.open_for(FirstAnswerDue.kind, lead.id)
    if warning and not lead.waits_for_first_answer:
        work.reminders.close(warning.id, ReminderState.DONE, "replaced", None)
    plan(work, lead)


def pass_on(work: UnitOfWork, lead: Lead) -> None:
    """Let everything that is open of a lead be told to whoever holds it now, when it was to be told."""
    for reminder in _open(work, lead):
        work.reminders.move(reminder.id, lead.holder.id, reminder.due_at)
    watch(work, lead)


def start_anew(work: UnitOfWork, lead: Lead, due_at: datetime, actor: Actor, outcome: str) -> None:
    """After a touch: end what was running, so that its card shows what became of it, and begin the next follow-up."""
    end(work, lead, actor, ReminderState.DONE, outcome)
    _remind(work, lead, lead.holder.id, remind_at(due_at, work.now, work.members.hours(lead.holder.id)))


def end(work: UnitOfWork, lead: Lead, actor: Actor, state: ReminderState, outcome: str) -> None:
    """End all reminders of a lead; `outcome` is a word for why, such as `disqualified`."""
    for reminder in _open(work, lead):
        _close(work, reminder, state, outcome, actor)


def answered(work: UnitOfWork, lead: Lead, actor: Actor, outcome: str) -> None:
    """End the warning of a lead that has had its first answer."""
    warning = work.reminders.open_for(FirstAnswerDue.kind, lead.id)
    if warning:
        _close(work, warning, ReminderState.DONE, outcome, actor)


def _open(work: UnitOfWork, lead: Lead) -> list[Reminder]:
    """What is open of a lead, its first answer first."""
    found = (work.reminders.open_for(kind, lead.id) for kind in OF_LEADS)
    return [reminder for reminder in found if reminder]


def _remind(work: UnitOfWork, lead: Lead, holder_id: int, at: datetime) -> None:
    """Let the one reminder of the next date be told to somebody at a moment."""
    reminder = work.reminders.open_for(FollowUpDue.kind, lead.id)
    if reminder:
        _move(work, reminder, holder_id, at)
    else:
        work.reminders.add(FollowUpDue.kind, lead.id, holder_id, at)


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
