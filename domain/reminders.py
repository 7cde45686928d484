"""Reminders: who is told what and when, what putting one off means, and what happens to those that are long overdue."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum
from itertools import chain

from domain.language import _
from domain.people import Person
from domain.refusals import RuleBroken
from domain.working_time import WorkingHours

LONG_OVERDUE = timedelta(hours=24)
"""Lateness from which reminders of one person are gathered into one digest instead of arriving one by one."""
MOST_SINGLY = 5
"""Reminders of one person that may arrive one by one out of one sweep; more are gathered into one digest."""
FARTHEST = timedelta(days=366)
"""How far ahead a reminder may be put off."""


class ReminderState(StrEnum):
    """Where a reminder stands. Values are stored: never renamed."""

    WAITING = "waiting"
    TOLD = "told"
    DONE = "done"
    CANCELLED = "cancelled"


class ReminderKind(StrEnum):
    """What somebody is reminded of. Values are stored: never renamed."""

    LEAD_FOLLOW_UP = "lead.follow_up"


class Snooze(StrEnum):
    """The choices for putting a reminder off. Values are stored in buttons: never renamed."""

    HOUR = "hour"
    TOMORROW = "tomorrow"
    NEXT_WEEK = "next_week"

    @property
    def title(self) -> str:  # type: ignore[override]  # a choice is never title-cased as a string
        """The choice as people read it, in the reader's language."""
        return {Snooze.HOUR: _("In 1 hour"), Snooze.TOMORROW: _("Tomorrow"), Snooze.NEXT_WEEK: _("Next week")}[self]


@dataclass(frozen=True, kw_only=True)
class Reminder:
    """Something a member is to be told at `due_at`. `told_at` is when they last were."""

    id: int
    kind: ReminderKind
    subject_id: int
    member: Person
    due_at: datetime
    state: ReminderState
    told_at: datetime | None = None
    closed_at: datetime | None = None
    closed_by: Person | None = None
    outcome: str | None = None
    """What ended it, such as `done` or `touch`."""

    @property
    def is_open(self) -> bool:
        """Whether it still wants something done."""
        return self.state in {ReminderState.WAITING, ReminderState.TOLD}


@dataclass(frozen=True, kw_only=True)
class DueReminder:
    """A reminder that has fallen due, with what is needed to decide how its member is told."""

    id: int
    workspace_id: str
    member_id: int
    due_at: datetime
    hours: WorkingHours
    is_reachable: bool


@dataclass(frozen=True, kw_only=True)
class SweepPlan:
    """What to do with due reminders: tell one by one, gather into one message a member, or put off to working time."""

    single: tuple[DueReminder, ...] = ()
    digests: tuple[tuple[DueReminder, ...], ...] = ()
    later: tuple[tuple[DueReminder, datetime], ...] = ()

    @property
    def told(self) -> list[DueReminder]:
        """All that are told now, in one way or the other."""
        return [*self.single, *(reminder for digest in self.digests for reminder in digest)]


def remind_at(limit: datetime, now: datetime, hours: WorkingHours) -> datetime:
    """When to remind somebody of a limit: as work begins on its day, or at the limit itself if that has passed already."""
    begins = hours.start_of(hours.local(limit).date())
    return begins if now < begins <= limit else max(limit, now)


def snooze_until(choice: Snooze, now: datetime, hours: WorkingHours) -> datetime:
    """The moment a snoozed reminder comes back; an hour that ends after work comes back the next morning, as all reminders do."""
    if choice is Snooze.HOUR:
        return now + timedelta(hours=1)
    today = hours.local(now).date()
    ahead = 1 if choice is Snooze.TOMORROW else 7 - today.weekday()
    return hours.start_of(hours.next_working_day(today + timedelta(days=ahead)))


def snooze_to_day(day: date, now: datetime, hours: WorkingHours, field: str | None = None) -> datetime:
    """The start of work on the day somebody picked; week-ends and holidays are taken at their word.

    Raises RuleBroken for a day that is not ahead, or more than a year ahead.
    """
    if day <= hours.local(now).date():
        raise RuleBroken(_("Pick a day after today."), field=field)
    if day > (now + FARTHEST).astimezone(UTC).date():
        raise RuleBroken(_("Pick a day within a year."), field=field)
    return hours.start_of(day)


def plan_sweep(due: Sequence[DueReminder], now: datetime) -> SweepPlan:
    """Sort due reminders into what is told now, singly or as one digest a person, and what waits for working hours.

    `due` holds all that is due of each person in it. Nobody is woken: outside the member's working time a reminder is moved to the next
    working moment. Nobody is flooded: more than a few at once are one digest, and so is what had been missed in a long downtime.
    """
    of_member: dict[int, list[DueReminder]] = {}
    for reminder in due:
        of_member.setdefault(reminder.member_id, []).append(reminder)
    plans = [_plan_for_one(theirs, now) for theirs in of_member.values()]
    return SweepPlan(
        single=tuple(chain.from_iterable(plan.single for plan in plans)),
        digests=tuple(chain.from_iterable(plan.digests for plan in plans)),
        later=tuple(chain.from_iterable(plan.later for plan in plans)),
    )


def _plan_for_one(due: Sequence[DueReminder], now: datetime) -> SweepPlan:
    """What becomes of all that is due of one person."""
    hours, is_reachable = due[0].hours, due[0].is_reachable
    if not is_reachable:
        tomorrow = hours.add_working_days(now, 1)  # nothing reaches them; somebody else may have taken over by then
        return SweepPlan(later=tuple((reminder, tomorrow) for reminder in due))
    if not hours.is_working(now):
        begins = hours.next_working_moment(now)
        return SweepPlan(later=tuple((reminder, begins) for reminder in due))
    if len(due) > MOST_SINGLY:
        return SweepPlan(digests=(tuple(due),))
    missed = tuple(reminder for reminder in due if now - reminder.due_at > LONG_OVERDUE)
    if len(missed) < 2:
        return SweepPlan(single=tuple(due))
    return SweepPlan(single=tuple(reminder for reminder in due if reminder not in missed), digests=(missed,))
