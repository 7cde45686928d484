"""Absences: who is away on which days, and who stands in for them. Every later capability asks here."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import ClassVar

from domain.core.language import N_, _
from domain.core.messages import Message
from domain.core.people import COLLEAGUES, Permission, Person, Role
from domain.core.refusals import RuleBroken
from domain.core.working_time import WorkingHours

SET_ABSENCE = Permission(N_("say when they are away"), COLLEAGUES)
SET_ABSENCE_OF_OTHERS = Permission(N_("say when others are away"), frozenset({Role.ADMIN, Role.MANAGEMENT}))

LONGEST = timedelta(days=366)
"""How long one absence may be, and how far ahead it may begin."""


@dataclass(frozen=True, kw_only=True)
class NewAbsence:
    """Days somebody will be away, both included, on their own calendar."""

    first_on: date
    last_on: date
    deputy_id: int | None = None
    note: str | None = None


@dataclass(frozen=True, kw_only=True)
class Absence:
    """Days somebody is away, both included, on their own calendar; meanwhile `deputy` is told what they would be."""

    id: int
    member: Person
    first_on: date
    last_on: date
    deputy: Person | None = None
    note: str | None = None
    is_cancelled: bool = False

    def covers(self, day: date) -> bool:
        """Whether they are away on `day`."""
        return self.first_on <= day <= self.last_on


@dataclass(frozen=True, kw_only=True)
class Availability:
    """What decides whether a member does their own part: when they work, whether they are still here, when they are away."""

    hours: WorkingHours
    is_here: bool = True
    """Whether they are a colleague at all: not deactivated, turned guest, of another firm, or a bot."""
    absences: tuple[Absence, ...] = ()

    def absence_at(self, now: datetime) -> Absence | None:
        """The absence, if any, that covers the day it is on their own calendar."""
        return away_on(self.absences, self.hours.local(now).date())


@dataclass(frozen=True, kw_only=True)
class StandIn:
    """Who does somebody's part at a moment: the member themselves, or the deputy of their `absence`."""

    member_id: int
    absence: Absence | None = None


def check_absence(new: NewAbsence, member_id: int, today: date, others: Iterable[Absence]) -> None:
    """Refuse, at the right field, what no absence may be; `others` are those the member has already.

    Raises RuleBroken with field `first_on`, `last_on` or `deputy`.
    """
    if new.last_on < new.first_on:
        raise RuleBroken(_("The last day is before the first."), field="last_on")
    if new.last_on < today:
        raise RuleBroken(_("This is over already."), field="last_on")
    if new.first_on > today + LONGEST:
        raise RuleBroken(_("Pick a day within a year."), field="first_on")
    if new.last_on > new.first_on + LONGEST:
        raise RuleBroken(_("Pick days within a year."), field="last_on")
    if new.deputy_id == member_id:
        raise RuleBroken(_("Somebody else has to stand in."), field="deputy")
    for other in others:
        if other.first_on <= new.last_on and new.first_on <= other.last_on:
            raise RuleBroken(_("Some of these days are in another absence already."), field="first_on")


def away_on(absences: Iterable[Absence], day: date) -> Absence | None:
    """The absence, if any, that covers the day."""
    return next((absence for absence in absences if absence.covers(day)), None)


def stand_in(member_id: int, now: datetime, known: Mapping[int, Availability]) -> StandIn | None:
    """Who does this member's part now; `known` has the member, their deputies, the deputies' deputies and so on, by id.

    A deputy who is away too hands on to theirs. None where the chain ends with somebody who is away or no longer here, or goes round in
    a circle: then it has to wait, or be handed on by somebody.
    """
    first = absence = known[member_id].absence_at(now)
    seen = {member_id}
    while absence is not None:
        if absence.deputy is None or absence.deputy.id in seen:
            return None
        member_id = absence.deputy.id
        seen.add(member_id)
        absence = known[member_id].absence_at(now)
    return StandIn(member_id=member_id, absence=first) if known[member_id].is_here else None


def gather(
    member_ids: Iterable[int], availability_of: Callable[[frozenset[int]], Mapping[int, Availability]]
) -> dict[int, Availability]:
    """Everybody whom `stand_in` may come to from these members; each further link of the chains is one more question."""
    known: dict[int, Availability] = {}
    asked = frozenset(member_ids)
    while asked:
        found = availability_of(asked)
        known.update(found)
        deputies = {absence.deputy.id for one in found.values() for absence in one.absences if absence.deputy}
        asked = frozenset(deputies - known.keys())
    return known


@dataclass(frozen=True, kw_only=True)
class DeputyNamed(Message):
    """Tells somebody that they stand in for a colleague who will be away."""

    card_of: ClassVar[str | None] = "absence"
    absence_id: int
