"""Handing out leads in turn: who is able to take the next one, and whose turn it is."""

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime, timedelta

from domain.core.absences import Absence, away_on
from domain.core.people import Member
from domain.core.working_time import zone_named

NEVER = datetime.min.replace(tzinfo=UTC)


def is_able(member: Member, absences: Mapping[int, Iterable[Absence]], now: datetime) -> bool:
    """Whether somebody can be given a lead now: one of the firm, who can be reached and is not away on their own calendar."""
    today = now.astimezone(zone_named(member.zone)).date()
    return member.is_colleague and member.is_reachable and away_on(absences.get(member.id, ()), today) is None


def next_in_turn(able: Iterable[Member]) -> Member | None:
    """Whoever has gone the longest without being given one; of several who never were, the longest known."""
    return min(able, key=lambda member: (member.assigned_at or NEVER, member.id), default=None)


def turn_at(sellers: Iterable[Member], now: datetime) -> datetime:
    """The moment to note for the turn taken now: after all earlier ones, also where two are taken at the same moment."""
    last = max((member.assigned_at for member in sellers if member.assigned_at), default=NEVER)
    return max(now, last + timedelta(microseconds=1))
