"""Absences: who is away on which days, and who stands in for them. Every later capability asks here."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from domain.language import _
from domain.people import Person
from domain.refusals import RuleBroken

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

    def covers(self, day: date) -> bool:
        """Whether they are away on `day`."""
        return self.first_on <= day <= self.last_on


@dataclass(frozen=True, kw_only=True)
class StandIn:
    """Who does somebody's part on a day: the member themselves, or the deputy of their `absence`."""

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
    if new.first_on > today + LONGEST or new.last_on > new.first_on + LONGEST:
        raise RuleBroken(_("Pick days within a year."), field="last_on")
    if new.deputy_id == member_id:
        raise RuleBroken(_("Somebody else has to stand in."), field="deputy")
    for other in others:
        if other.first_on <= new.last_on and new.first_on <= other.last_on:
            raise RuleBroken(_("Some of these days are in another absence of yours."), field="first_on")


def away_on(absences: Iterable[Absence], day: date) -> Absence | None:
    """The absence, if any, that covers the day."""
    return next((absence for absence in absences if absence.covers(day)), None)


def stand_in(member_id: int, day: date, absences: Mapping[int, Iterable[Absence]]) -> StandIn | None:
    """Who does this member's part on `day`; `absences` are by member id.

    A deputy who is away too hands on to theirs. None where the chain ends with somebody away, or goes round in a circle.
    """
    first = absence = away_on(absences.get(member_id, ()), day)
    seen = {member_id}
    while absence is not None:
        if absence.deputy is None or absence.deputy.id in seen:
            return None
        member_id = absence.deputy.id
        seen.add(member_id)
        absence = away_on(absences.get(member_id, ()), day)
    return StandIn(member_id=member_id, absence=first)
