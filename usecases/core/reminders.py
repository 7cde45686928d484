"""What people do with reminders: put one off, and say it is done."""

from collections.abc import Callable
from datetime import date, datetime

from domain.core.gathering import Registry
from domain.core.language import _
from domain.core.people import Actor
from domain.core.refusals import AlreadyDone, NotAllowed
from domain.core.reminders import Reminder, Snooze, right_to_answer, snooze_to_day, snooze_until
from storage.unit_of_work import UnitOfWork
from usecases.desk import Desk, check_permission, record, writes

Finish = Callable[[Desk, UnitOfWork, Actor, Reminder], None]

done = Registry[Finish]("usecases")
"""What *Done* means, by kind of reminder: the noun's own function ends it. It may refuse with NotYet what people cannot call done."""


class ReminderDesk(Desk):
    """The use cases of reminders; only whose reminder it is, or who was told in their place, may press its buttons."""

    @writes
    def done(self, work: UnitOfWork, actor: Actor, reminder_id: int) -> Reminder:
        """What it asked for is done, without anything to write down: a follow-up took place, an account is still right,
        a promise was kept.

        Raises NotFound, NotAllowed when it is somebody else's, AlreadyDone when it is over, NotYet for what ends by itself.
        """
        reminder = self._own(work, actor, reminder_id)
        done.all[reminder.kind](self, work, actor, reminder)
        work.outbox.refresh_cards("reminder", reminder.id)
        return work.reminders.get(reminder.id)

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
        check_permission(work, actor, right_to_answer(reminder, actor.member_id))
        if not reminder.is_open:
            raise AlreadyDone(_("This reminder is over already."))
        return reminder
