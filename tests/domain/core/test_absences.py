"""Absences: what they may be, and who stands in, through chains, circles, and people who have left."""

from datetime import UTC, date, datetime

import pytest

from domain.core.absences import Absence, Availability, NewAbsence, StandIn, check_absence, gather, stand_in
from domain.core.people import Person
from domain.core.refusals import RuleBroken
from domain.core.working_time import WorkingHours

BEN, SUE, CARLA = 1, 2, 3
TUESDAY = date(2026, 3, 3)
NOW = datetime(2026, 3, 3, 10, 0, tzinfo=UTC)


def away(member: int, deputy: int | None = None, first_on: date = TUESDAY, last_on: date = TUESDAY) -> Absence:
    """An absence of somebody, today unless said otherwise."""
    return Absence(id=member, member=who(member), first_on=first_on, last_on=last_on, deputy=deputy and who(deputy))


def who(member: int) -> Person:
    """Somebody."""
    return Person(id=member, slack_id=f"U{member}", name=f"Member {member}")


def firm(*absences: Absence, gone: tuple[int, ...] = (), zone: str = "Europe/London") -> dict[int, Availability]:
    """Three people with these absences."""
    return {
        member: Availability(
            hours=WorkingHours(zone=zone),
            is_here=member not in gone,
            absences=tuple(absence for absence in absences if absence.member.id == member),
        )
        for member in (BEN, SUE, CARLA)
    }


@pytest.mark.parametrize(
    ("known", "acting"),
    [
        (firm(), BEN),
        (firm(away(BEN)), None),
        (firm(away(BEN, SUE)), SUE),
        (firm(away(BEN, SUE), away(SUE, CARLA)), CARLA),
        (firm(away(BEN, SUE), away(SUE)), None),
        (firm(away(BEN, SUE), away(SUE, BEN)), None),  # a circle
        (firm(away(BEN, SUE), away(SUE, CARLA), away(CARLA, SUE)), None),
        (firm(away(BEN, SUE), gone=(SUE,)), None),
        (firm(away(BEN, SUE), away(SUE, CARLA), gone=(CARLA,)), None),
        (firm(gone=(BEN,)), None),
        (firm(away(BEN, SUE), gone=(BEN,)), SUE),  # left, but named somebody until the end of this absence
        (firm(away(BEN, SUE, date(2026, 3, 4), date(2026, 3, 4))), BEN),
        (firm(away(BEN, SUE, date(2026, 3, 2), date(2026, 3, 2))), BEN),
        (firm(away(BEN, SUE, date(2026, 3, 2), date(2026, 3, 4))), SUE),
    ],
)
def test_who_stands_in(known: dict[int, Availability], acting: int | None) -> None:
    found = stand_in(BEN, NOW, known)
    assert (found and found.member_id) == acting


def test_a_chain_tells_of_the_first_absence() -> None:
    first = away(BEN, SUE)
    assert stand_in(BEN, NOW, firm(first, away(SUE, CARLA))) == StandIn(member_id=CARLA, absence=first)


@pytest.mark.parametrize(
    ("zone", "now", "acting"),
    [
        ("Asia/Tokyo", "2026-03-02 16:00", SUE),  # already the third there
        ("Asia/Tokyo", "2026-03-03 16:00", BEN),
        ("America/New_York", "2026-03-04 04:00", SUE),  # still the third there
        ("Europe/London", "2026-03-04 00:00", BEN),
    ],
)
def test_a_day_is_the_one_on_the_members_own_calendar(zone: str, now: str, acting: int) -> None:
    found = stand_in(BEN, datetime.fromisoformat(now).replace(tzinfo=UTC), firm(away(BEN, SUE), zone=zone))
    assert found is not None
    assert found.member_id == acting


def test_everybody_a_chain_may_come_to_is_asked_for_once() -> None:
    everybody = firm(away(BEN, SUE), away(SUE, CARLA), away(CARLA, BEN))
    asked: list[frozenset[int]] = []

    def availability_of(members: frozenset[int]) -> dict[int, Availability]:
        asked.append(members)
        return {member: everybody[member] for member in members}

    assert gather([BEN], availability_of) == everybody
    assert asked == [{BEN}, {SUE}, {CARLA}]


@pytest.mark.parametrize(
    ("new", "field"),
    [
        (NewAbsence(first_on=date(2026, 3, 5), last_on=date(2026, 3, 4)), "last_on"),
        (NewAbsence(first_on=date(2026, 3, 1), last_on=date(2026, 3, 2)), "last_on"),  # over already
        (NewAbsence(first_on=date(2028, 3, 5), last_on=date(2028, 3, 6)), "first_on"),
        (NewAbsence(first_on=date(2026, 3, 5), last_on=date(2027, 4, 6)), "last_on"),
        (NewAbsence(first_on=TUESDAY, last_on=TUESDAY, deputy_id=BEN), "deputy"),
        (NewAbsence(first_on=date(2026, 3, 10), last_on=date(2026, 3, 12)), "first_on"),  # overlaps by a day
        (NewAbsence(first_on=date(2026, 3, 8), last_on=date(2026, 3, 20)), "first_on"),
    ],
)
def test_what_no_absence_may_be_is_refused_at_its_field(new: NewAbsence, field: str) -> None:
    others = [away(BEN, None, date(2026, 3, 12), date(2026, 3, 13))]
    with pytest.raises(RuleBroken) as refused:
        check_absence(new, BEN, TUESDAY, others)
    assert refused.value.field == field


@pytest.mark.parametrize(
    ("first_on", "last_on"),
    [(TUESDAY, TUESDAY), (date(2026, 3, 1), TUESDAY), (date(2026, 3, 4), date(2026, 3, 11)), (date(2026, 3, 14),) * 2],
)
def test_other_days_are_taken(first_on: date, last_on: date) -> None:
    others = [away(BEN, None, date(2026, 3, 12), date(2026, 3, 13))]
    check_absence(NewAbsence(first_on=first_on, last_on=last_on, deputy_id=SUE), BEN, TUESDAY, others)
