"""When people are reminded, what putting off means, and how many at once are told."""

from datetime import UTC, date, datetime, timedelta

import pytest

from domain.refusals import RuleBroken
from domain.reminders import DueReminder, ReminderKind, Snooze, plan_sweep, remind_at, snooze_to_day, snooze_until
from domain.working_time import WorkingHours

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
        kind=ReminderKind.LEAD_FOLLOW_UP,
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


def test_what_is_due_in_working_time_is_told_one_by_one() -> None:
    rows = [due(1), due(2, late=timedelta(hours=3))]
    plan = plan_sweep(rows, NOW)
    assert (plan.single, plan.digests, plan.later) == (tuple(rows), (), ())


def test_nobody_is_woken() -> None:
    tokyo = due(1, hours=TOKYO)  # it is 19:00 there
    plan = plan_sweep([tokyo], NOW)
    assert (plan.single, plan.later) == ((), ((tokyo, utc("2026-03-04 00:00")),))


def test_after_three_days_down_each_person_gets_one_digest() -> None:
    three_days = timedelta(days=3)
    late = [due(n, late=three_days, member=1) for n in range(5)] + [due(9, late=three_days, member=2), due(8, member=1)]
    plan = plan_sweep(late, NOW)
    assert [[reminder.id for reminder in digest] for digest in plan.digests] == [[0, 1, 2, 3, 4]]
    assert [reminder.id for reminder in plan.single] == [9, 8]


@pytest.mark.parametrize(("late", "is_gathered"), [(timedelta(hours=24), False), (timedelta(hours=25), True)])
def test_from_a_day_on_lateness_is_gathered(late: timedelta, is_gathered: bool) -> None:
    plan = plan_sweep([due(1, late=late), due(2, late=late)], NOW)
    assert bool(plan.digests) == is_gathered


def test_people_of_different_workspaces_never_share_a_digest() -> None:
    ours, theirs = due(1, late=timedelta(days=3)), due(2, late=timedelta(days=3))
    elsewhere = DueReminder(**(vars(theirs) | {"workspace_id": "T2"}))
    assert plan_sweep([ours, elsewhere], NOW).digests == ()


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
