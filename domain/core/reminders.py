"""Reminders: who is told what and when, what putting one off means, and what happens to those that are long overdue."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum
from functools import cache
from itertools import chain
from typing import Any, ClassVar, Generic, TypeVar

from domain.core.absences import Absence, Availability, stand_in
from domain.core.gathering import declared, import_all
from domain.core.language import N_, Titled, _
from domain.core.messages import Message
from domain.core.people import COLLEAGUES, Permission, Person
from domain.core.refusals import RuleBroken
from domain.core.working_time import WorkingHours

STAND_IN = Permission(N_("stand in for somebody"), COLLEAGUES)

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


class Snooze(Titled):
    """The choices for putting a reminder off. Values are stored in buttons: never renamed."""

    HOUR = "hour", N_("In 1 hour")
    TOMORROW = "tomorrow", N_("Tomorrow")
    NEXT_WEEK = "next_week", N_("Next week")


def noun_of(kind: str) -> str:
    """The noun of the records that a kind of reminder is about."""
    return kind.split(".")[0]


@dataclass(frozen=True, kw_only=True)
class Reminder:
    """Something a member is to be told at `due_at`. `told_at` is when they last were."""

    id: int
    kind: str
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

    @property
    def is_stood_in(self) -> bool:
        """Whether somebody was told in the member's place."""
        return self.told_to is not None and self.told_to.id != self.member.id

    @property
    def noun(self) -> str:
        """The noun of the record it is about."""
        return noun_of(self.kind)

    @property
    def about(self) -> tuple[str, int]:
        """Noun and id of the record it is about."""
        return self.noun, self.subject_id

    def concerns(self, member_id: int) -> bool:
        """Whether somebody may answer it: whose it is, or who was told in their place."""
        return member_id == self.member.id or (self.told_to is not None and member_id == self.told_to.id)


@dataclass(frozen=True, kw_only=True)
class DueReminder:
    """A reminder that has fallen due, with what is needed to decide how its member is told."""

    id: int
    workspace_id: str
    kind: str
    member_id: int
    due_at: datetime
    hours: WorkingHours
    is_reachable: bool
    deputy_id: int | None = None
    """Who stands in for the member; then the hours are theirs."""

    @property
    def to_id(self) -> int:
        """Who is told: the member, or whoever stands in."""
        return self.member_id if self.deputy_id is None else self.deputy_id


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
    day = today + timedelta(days=1) if choice is Snooze.TOMORROW else hours.next_week(today)
    return hours.start_of(hours.next_working_day(day))


def snooze_to_day(day: date, now: datetime, hours: WorkingHours, field: str | None = None) -> datetime:
    """The start of work on the day somebody picked; week-ends and holidays are taken at their word.

    Raises RuleBroken for a day that is not ahead, or more than a year ahead.
    """
    if day <= hours.local(now).date():
        raise RuleBroken(_("Pick a day after today."), field=field)
    if day > (now + FARTHEST).astimezone(UTC).date():
        raise RuleBroken(_("Pick a day within a year."), field=field)
    return hours.start_of(day)


def plan_sweep(due: Sequence[DueReminder], now: datetime, known: Mapping[int, Availability] | None = None) -> SweepPlan:
    """Sort due reminders into what is told now, singly or as one digest a person, and what waits for working hours.

    `due` holds all that is due of each person in it. Nobody is woken: outside the member's working time a reminder is moved to the next
    working moment. Nobody is flooded: more than a few at once are one digest, and so is what had been missed in a long downtime. `known`
    are those who may be away today, and whoever may stand in for them, by id.
    """
    of_reader: dict[int, list[DueReminder]] = {}
    for reminder in due:
        reminder = addressed(reminder, now, known or {})
        of_reader.setdefault(reminder.to_id, []).append(reminder)
    plans = [_plan_for_one(theirs, now) for theirs in of_reader.values()]
    return _together(plans)


def addressed(reminder: DueReminder, now: datetime, known: Mapping[int, Availability]) -> DueReminder:
    """The reminder for whoever stands in, where its member is away; without anybody it waits, and is looked at every working day."""
    if reminder.member_id not in known:
        return reminder
    acting = stand_in(reminder.member_id, now, known)
    if acting is None:
        return replace(reminder, is_reachable=False)
    if acting.member_id == reminder.member_id:
        return reminder
    return replace(reminder, deputy_id=acting.member_id, hours=known[acting.member_id].hours, is_reachable=True)


def _together(plans: Sequence[SweepPlan]) -> SweepPlan:
    return SweepPlan(
        single=tuple(chain.from_iterable(plan.single for plan in plans)),
        digests=tuple(chain.from_iterable(plan.digests for plan in plans)),
        later=tuple(chain.from_iterable(plan.later for plan in plans)),
    )


def _plan_for_one(due: Sequence[DueReminder], now: datetime) -> SweepPlan:
    """What becomes of all that is due of one person."""
    unreached = tuple(reminder for reminder in due if not reminder.is_reachable)
    if unreached:  # nothing reaches them; somebody else may have taken over by tomorrow
        waiting = SweepPlan(later=tuple((one, one.hours.add_working_days(now, 1)) for one in unreached))
        rest = [reminder for reminder in due if reminder.is_reachable]
        return _together([waiting, _plan_for_one(rest, now)]) if rest else waiting
    hours = due[0].hours
    if not hours.is_working(now):
        begins = hours.next_working_moment(now)
        return SweepPlan(later=tuple((reminder, begins) for reminder in due))
    if len(due) > MOST_SINGLY:
        return SweepPlan(digests=(tuple(due),))
    missed = tuple(reminder for reminder in due if now - reminder.due_at > LONG_OVERDUE)
    if len(missed) < 2:
        return SweepPlan(single=tuple(due))
    return SweepPlan(single=tuple(reminder for reminder in due if reminder not in missed), digests=(missed,))


@dataclass(frozen=True, kw_only=True)
class OverdueDigest(Message):
    """Several reminders of one person in place of one message each: many at once, or long overdue after a downtime."""

    reminder_ids: tuple[int, ...]
    unlisted: int = 0
    """How many more there are than it names."""


@dataclass(frozen=True, kw_only=True)
class Reminding(Message):
    """The base of all messages that tell a reminder; each is declared with the kind of reminder that it tells, and what answering needs.

        class PromiseDue(Reminding, kind="promise.due", needs=SEE_DEALS): ...

    A kind is the noun of the record it is about and a word. Kinds are stored: never renamed.
    """

    card_of: ClassVar[str | None] = "reminder"
    kind: ClassVar[str]
    needs: ClassVar[Permission]
    """What whose reminder it is must be permitted to answer it; who stands in answers by their right."""
    reminder_id: int

    def __init_subclass__(cls, *, kind: str, needs: Permission) -> None:
        cls.kind, cls.needs = kind, needs


@cache
def reminding() -> Mapping[str, type[Reminding]]:
    """The message by which each kind of reminder is told."""
    import_all("domain")
    return {cls.kind: cls for cls in declared(Reminding)}


def right_to_answer(reminder: Reminder, member_id: int) -> Permission:
    """What a member whom a reminder concerns needs to answer it."""
    return reminding()[reminder.kind].needs if member_id == reminder.member.id else STAND_IN


R = TypeVar("R")


@dataclass(frozen=True, kw_only=True)
class Subject(Generic[R]):
    """A reminder with the record it is about, and with the absence of its member in which somebody else was told.

    `page` is what is shown of the record besides where the reminder is told by itself, as its noun says; None in a digest.
    """

    reminder: Reminder
    record: R
    absence: Absence | None = None
    page: Any = None
