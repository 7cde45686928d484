"""Reminders: who is told what and when, what putting one off means, and what happens to those that are long overdue."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum

from domain.language import _
from domain.people import Person
from domain.refusals import RuleBroken
from domain.working_time import WorkingHours

LONG_OVERDUE = timedelta(hours=24)
"""Lateness from which reminders of one person are gathered into one digest instead of arriving one by one."""
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
    LEAD_FIRST_ANSWER = "lead.first_answer"
    ACCOUNT_REFRESH = "account.refresh"

    @property
    def subject(self) -> str:
        """The noun of the record it is about."""
        return self.value.split(".")[0]


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
    told_to: Person | None = None
    """Who was told: the member, or whoever stood in for them."""
    closed_at: datetime | None = None
    closed_by: Person | None = None
    outcome: str | None = None
    """What ended it, such as `done` or `touch`."""

    @property
    def is_open(self) -> bool:
        """Whether it still wants something done."""
        return self.state in {ReminderState.WAITING, ReminderState.TOLD}

    def concerns(self, member_id: int) -> bool:
        """Whether somebody may answer it: whose it is, or who was told in their place."""
        return member_id == self.member.id or (self.told_to is not None and member_id == self.told_to.id)


@dataclass(frozen=True, kw_only=True)
class DueReminder:
    """A reminder that has fallen due, with what is needed to decide how its member is told."""

    id: int
    workspace_id: str
    kind: ReminderKind
    member_id: int
    due_at: datetime
    hours: WorkingHours
    is_reachable: bool


@dataclass(frozen=True, kw_only=True)
class SweepPlan:
    """What to do with a batch of due reminders: tell one by one, gather per member, or put off to working time."""

    single: tuple[DueReminder, ...]
    digests: tuple[tuple[DueReminder, ...], ...]
    later: tuple[tuple[DueReminder, datetime], ...]


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

    Nobody is woken: outside the member's working time a reminder is moved to the next working moment. After a long downtime one
    digest says what had been missed.
    """
    ready = [reminder for reminder in due if reminder.is_reachable and reminder.hours.is_working(now)]
    later = tuple((reminder, _next_chance(reminder, now)) for reminder in due if reminder not in ready)
    overdue: dict[tuple[str, int], list[DueReminder]] = {}
    for reminder in ready:
        if now - reminder.due_at > LONG_OVERDUE:
            overdue.setdefault((reminder.workspace_id, reminder.member_id), []).append(reminder)
    digests = tuple(tuple(batch) for batch in overdue.values() if len(batch) > 1)
    gathered = {reminder.id for batch in digests for reminder in batch}
    return SweepPlan(single=tuple(r for r in ready if r.id not in gathered), digests=digests, later=later)


def _next_chance(reminder: DueReminder, now: datetime) -> datetime:
    """When to look again: the next working moment, or the next working day for somebody whom nothing reaches."""
    if reminder.is_reachable:
        return reminder.hours.next_working_moment(now)
    return reminder.hours.add_working_days(now, 1)
