"""When people are reminded, what putting off means, and how many at once are told."""

from datetime import UTC, date, datetime, timedelta

import pytest

from domain.core.absences import Absence, Availability
from domain.core.people import Person
from domain.core.refusals import RuleBroken
from domain.core.reminders import DueReminder, Snooze, plan_sweep, remind_at, snooze_to_day, snooze_until
from domain.core.working_time import WorkingHours
from domain.sales.leads import FollowUpDue

LONDON = WorkingHours(zone="Europe/London", country="GB")
TOKYO = WorkingHours(zone="Asia/Tokyo", country="JP")
NOW = datetime(2026, 3, 3, 10, 0, tzinfo=UTC)  # a Tuesday


def utc(text: str) -> datetime:
    """A moment such as `2026-03-03 10:00`, in UTC."""
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def due(
    number: int, *, late: timedelta = timedelta(), member: int = 1, hours: WorkingHours = LONDON, **more: bool
) -> DueReminder:
    """A reminder that fell due some time ago."""
    return DueReminder(
        id=number,
        workspace_id="T1",
        kind=FollowUpDue.kind,
        subject_id=number,
        member_id=member,
        due_at=NOW - late,
        hours=hours,
        is_reachable=more.get("is_reachable", True),
    )


@pytest.mark.parametrize(
    ("limit", "at"),
    [
        ("2026-03-04 09:30", "2026-03-04 09:00"),  # as work begins on the day
        ("2026-03-03 14:00", "2026-03-03 14:00"),  # today's beginning has passed
        ("2026-03-04 07:00", "2026-03-04 07:00"),  # the limit is before work
        ("2026-03-02 10:00", "2026-03-03 10:00"),  # the limit has passed: now
    ],
)
def test_when_somebody_is_reminded_of_a_limit(limit: str, at: str) -> None:
    assert remind_at(utc(limit), NOW, LONDON) == utc(at)


@pytest.mark.parametrize(
    ("choice", "now", "until"),
    [
        (Snooze.HOUR, "2026-03-03 10:00", "2026-03-03 11:00"),
        (Snooze.TOMORROW, "2026-03-03 10:00", "2026-03-04 09:00"),
        (Snooze.TOMORROW, "2026-03-06 10:00", "2026-03-09 09:00"),  # Friday: Monday
        (Snooze.TOMORROW, "2026-04-02 10:00", "2026-04-06 08:00"),  # Good Friday is none
        (Snooze.NEXT_WEEK, "2026-03-03 10:00", "2026-03-09 09:00"),
        (Snooze.NEXT_WEEK, "2026-03-09 10:00", "2026-03-16 09:00"),  # a Monday: the next one
        (Snooze.NEXT_WEEK, "2026-03-08 10:00", "2026-03-09 09:00"),  # a Sunday
        (Snooze.NEXT_WEEK, "2026-04-28 10:00", "2026-05-05 08:00"),  # Monday is a holiday
    ],
)
def test_until_when_a_reminder_is_put_off(choice: Snooze, now: str, until: str) -> None:
    assert snooze_until(choice, utc(now), LONDON) == utc(until)


@pytest.mark.parametrize(
    ("day", "until"),
    [
        (date(2026, 3, 4), "2026-03-04 09:00"),
        (date(2026, 3, 7), "2026-03-07 09:00"),  # a Saturday, taken at their word
        (date(2026, 6, 1), "2026-06-01 08:00"),
        (date(2027, 3, 4), "2027-03-04 09:00"),
    ],
)
def test_a_picked_day_is_taken_at_its_word(day: date, until: str) -> None:
    assert snooze_to_day(day, NOW, LONDON) == utc(until)


@pytest.mark.parametrize("day", [date(2026, 3, 3), date(2026, 3, 2), date(2027, 3, 5), date(9999, 12, 31), date.min])
def test_a_day_not_ahead_or_too_far_is_refused_at_its_field(day: date) -> None:
    with pytest.raises(RuleBroken) as refused:
        snooze_to_day(day, NOW, LONDON, "day")
    assert refused.value.field == "day"


def test_today_is_where_the_person_is() -> None:
    late_evening = utc("2026-03-03 20:00")  # already the fourth in Tokyo
    with pytest.raises(RuleBroken):
        snooze_to_day(date(2026, 3, 4), late_evening, TOKYO)
    assert snooze_to_day(date(2026, 3, 4), late_evening, LONDON) == utc("2026-03-04 09:00")


@pytest.mark.parametrize(
    ("hours_late", "singly", "together"),
    [
        ([0], [0], []),
        ([0, 3], [0, 3], []),
        ([0, 1, 2], [], [0, 1, 2]),  # from three at once they are one digest
        ([72], [72], []),  # a digest of one would be none
        ([24, 24], [24, 24], []),
        ([25, 25], [], [25, 25]),  # from a day on, what was missed is gathered
        ([72, 72, 1], [], [72, 72, 1]),  # nobody gets a digest and something besides
    ],
)
def test_what_one_person_is_told_singly_and_what_in_a_digest(
    hours_late: list[int], singly: list[int], together: list[int]
) -> None:
    rows = [due(number, late=timedelta(hours=hours)) for number, hours in enumerate(hours_late)]
    plan = plan_sweep(rows, NOW)
    assert [hours_late[reminder.id] for reminder in plan.single] == singly
    assert [[hours_late[reminder.id] for reminder in digest] for digest in plan.digests] == [together][: len(together)]
    assert plan.later == ()


def test_everybody_is_counted_alone() -> None:
    rows = [due(number, member=number % 10) for number in range(20)]
    assert len(plan_sweep(rows, NOW).single) == 20


def test_nobody_is_woken() -> None:
    tokyo = due(1, hours=TOKYO)  # it is 19:00 there
    plan = plan_sweep([tokyo], NOW)
    assert (plan.single, plan.later) == ((), ((tokyo, utc("2026-03-04 00:00")),))


def test_who_cannot_be_reached_is_looked_at_again_on_the_next_working_day() -> None:
    gone = due(1, is_reachable=False)
    assert plan_sweep([gone], NOW).later == ((gone, utc("2026-03-04 09:00")),)


def test_every_due_reminder_has_exactly_one_fate() -> None:
    rows = [
        due(n, late=timedelta(hours=13 * n), member=n % 2, hours=[LONDON, TOKYO][n % 3 == 0], is_reachable=n != 4)
        for n in range(12)
    ]
    plan = plan_sweep(rows, NOW)
    fates = [*plan.single, *(r for digest in plan.digests for r in digest), *(r for r, _until in plan.later)]
    assert sorted(reminder.id for reminder in fates) == list(range(12))
    assert all(until > NOW for _reminder, until in plan.later)


def person(member: int) -> Person:
    """Somebody."""
    return Person(id=member, slack_id=f"U{member}", name=f"Member {member}")


def away(member: int, deputy: int | None = None) -> dict[int, Availability]:
    """Somebody who is away this Tuesday, in London."""
    named = person(deputy) if deputy else None
    today = Absence(id=1, member=person(member), first_on=NOW.date(), last_on=NOW.date(), deputy=named)
    return {member: Availability(hours=LONDON, absences=(today,))}


def there(member: int, hours: WorkingHours = LONDON, *, is_here: bool = True) -> dict[int, Availability]:
    """Somebody who is not away."""
    return {member: Availability(hours=hours, is_here=is_here)}


def test_while_somebody_is_away_their_deputy_is_told() -> None:
    plan = plan_sweep([due(1, member=1)], NOW, away(1, deputy=2) | there(2))
    [told] = plan.single
    assert (told.member_id, told.to_id) == (1, 2)


def test_a_deputy_gets_their_own_and_the_others_long_overdue_in_one_digest() -> None:
    late = timedelta(days=3)
    plan = plan_sweep([due(1, member=1, late=late), due(2, member=2, late=late)], NOW, away(1, deputy=2) | there(2))
    [digest] = plan.digests
    assert [(reminder.id, reminder.to_id) for reminder in digest] == [(1, 2), (2, 2)]


def test_a_deputy_is_not_woken_either() -> None:
    plan = plan_sweep([due(1, member=1)], NOW, away(1, deputy=2) | there(2, TOKYO))
    [(put_off, until)] = plan.later
    assert (put_off.id, until) == (1, utc("2026-03-04 00:00"))


@pytest.mark.parametrize(
    "known",
    [away(1), away(1, deputy=2) | there(2, is_here=False), away(1, deputy=2) | away(2), away(1, 2) | away(2, 1)],
    ids=["no deputy", "the deputy has left", "the deputy is away", "a circle"],
)
def test_without_anybody_to_stand_in_it_waits_and_is_looked_at_every_working_day(
    known: dict[int, Availability],
) -> None:
    gone = due(1, member=1)
    [(put_off, until)] = plan_sweep([gone], NOW, known).later
    assert (put_off.id, put_off.to_id, until) == (1, 1, utc("2026-03-04 09:00"))


def test_after_an_absence_everybody_is_told_what_is_theirs() -> None:
    theirs = due(1, member=1)
    assert plan_sweep([theirs], NOW + timedelta(days=1), away(1, deputy=2) | there(2)).single == (theirs,)
