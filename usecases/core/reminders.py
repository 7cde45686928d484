"""What people do with reminders: put one off, and say it is done."""

from dataclasses import replace
from datetime import date, datetime

from domain.core.language import _
from domain.core.people import Actor
from domain.core.refusals import AlreadyDone, NotAllowed, NotYet
from domain.core.reminders import Reminder, ReminderKind, ReminderState, Snooze, snooze_to_day, snooze_until
from domain.sales.leads import next_follow_up
from domain.sales.promises import PromiseState
from storage.unit_of_work import UnitOfWork
from usecases.desk import Desk, record, writes
from usecases.sales import lead_reminders
from usecases.sales.account_upkeep import confirm_account
from usecases.sales.promise_keeping import close_promise

ENDED_BY_THE_DEAL = frozenset({ReminderKind.DEAL_STAGE_LIMIT, ReminderKind.DEAL_EXPECTED_CLOSE})
"""What nobody can call done: a deal that stands still or is late is so whatever is said of it."""


class ReminderDesk(Desk):
    """The use cases of reminders; only whose reminder it is, or who was told in their place, may press its buttons."""

    @writes
    def done(self, work: UnitOfWork, actor: Actor, reminder_id: int) -> Reminder:
        """What it asked for is done, without anything to write down: a follow-up took place, an account is still right,
        a promise was kept.

        Raises NotFound, NotAllowed when it is somebody else's, AlreadyDone when it is over, NotYet for what only the deal itself ends.
        """
        reminder = self._own(work, actor, reminder_id)
        if reminder.kind in ENDED_BY_THE_DEAL:
            raise NotYet(_("This ends as soon as the deal goes on or is planned anew."))
        if reminder.kind is ReminderKind.ACCOUNT_REFRESH:
            confirm_account(work, actor, work.accounts.get(reminder.subject_id))
        elif reminder.kind is ReminderKind.DEAL_NEXT_STEP:
            self._step_done(work, actor, reminder)
        elif reminder.kind.subject == "meeting":
            work.reminders.close(reminder.id, ReminderState.DONE, "done", actor.member_id)
        elif reminder.kind is ReminderKind.PROMISE_DUE:
            close_promise(work, actor, reminder.subject_id, PromiseState.KEPT)
        else:
            self._followed_up(work, actor, reminder)
        work.outbox.refresh_cards("reminder", reminder.id)
        return work.reminders.get(reminder.id)

    def _step_done(self, work: UnitOfWork, actor: Actor, reminder: Reminder) -> None:
        """End the reminder of a deal's next step; what comes after it is for people to say."""
        deal = work.deals.get(reminder.subject_id)
        assert deal.progress is not None
        work.deals.keep(replace(deal, progress=replace(deal.progress, next_step=None, next_at=None)))
        work.reminders.close(reminder.id, ReminderState.DONE, "done", actor.member_id)
        record(work, actor, "deal.step_done", deal.id, before={"next_step": deal.progress.next_step})
        work.outbox.refresh_cards("deal", deal.id)

    def _followed_up(self, work: UnitOfWork, actor: Actor, reminder: Reminder) -> None:
        """End the reminder, and begin the next as the playbook's pace wants it."""
        lead = work.leads.get(reminder.subject_id)
        member_id = reminder.member.id  # a deputy who says it is done does not take it over
        hours = work.members.hours(member_id)
        due_at = next_follow_up(work.now, self.sales.pace(lead.band), hours)
        work.leads.touched(lead.id, work.now, due_at)
        lead_reminders.start_anew(work, lead, due_at, actor, "done")
        record(work, actor, "lead.followed_up", lead.id, after={"next_at": due_at.isoformat()})
        work.outbox.refresh_cards("lead", lead.id)

    @writes
    def snooze(self, work: UnitOfWork, actor: Actor, reminder_id: int, choice: Snooze) -> Reminder:
        """Put the reminder off to one of the usual times.

        Raises NotFound, NotAllowed when it is somebody else's, AlreadyDone when it is over.
        """
        reminder = self._own(work, actor, reminder_id)
        return self._put_off(work, actor, reminder, snooze_until(choice, work.now, work.members.hours(actor.member_id)))

    @writes
    def snooze_to(self, work: UnitOfWork, actor: Actor, reminder_id: int, day: date) -> Reminder:
        """Put the reminder off to the start of work on a day.

        Raises NotFound, NotAllowed, AlreadyDone, RuleBroken (field `day`).
        """
        reminder = self._own(work, actor, reminder_id)
        return self._put_off(
            work, actor, reminder, snooze_to_day(day, work.now, work.members.hours(actor.member_id), "day")
        )

    def _put_off(self, work: UnitOfWork, actor: Actor, reminder: Reminder, due_at: datetime) -> Reminder:
        work.reminders.move(reminder.id, reminder.member.id, due_at)
        moved = {"due_at": due_at.isoformat()}
        record(
            work, actor, "reminder.snoozed", reminder.id, before={"due_at": reminder.due_at.isoformat()}, after=moved
        )
        work.outbox.refresh_cards("reminder", reminder.id)
        return work.reminders.get(reminder.id)

    def _own(self, work: UnitOfWork, actor: Actor, reminder_id: int) -> Reminder:
        reminder = work.reminders.get(reminder_id)
        if not reminder.concerns(actor.member_id):
            raise NotAllowed(_("change this reminder"), [reminder.member.name])
        if not reminder.is_open:
            raise AlreadyDone(_("This reminder is over already."))
        return reminder
