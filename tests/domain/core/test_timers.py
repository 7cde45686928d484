"""Timers: what is left of one while it stands still, in working time and around the clock, and when it falls due after that."""

from datetime import UTC, datetime, timedelta

import pytest

from domain.core.timers import Timer, TimerKind, paused, resumed
from domain.core.working_time import WorkingHours

LONDON = WorkingHours(zone="Europe/London")
SINGAPORE = WorkingHours(zone="Asia/Singapore", country="SG")


def utc(text: str) -> datetime:
    """A moment such as `2026-03-06 16:30`, in UTC."""
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def timer(due_at: str) -> Timer:
    """One that runs."""
    return Timer(id=1, kind=TimerKind("deal.limit"), subject="deal", subject_id=7, due_at=utc(due_at))


STANDS_STILL = [
    # runs in, due at, paused at, resumed at, due then
    (LONDON, "2026-03-06 17:00", "2026-03-06 16:30", "2026-03-09 09:00", "2026-03-09 09:30"),  # over a week-end
    (
        LONDON,
        "2026-03-09 10:00",
        "2026-03-06 16:30",
        "2026-03-07 12:00",
        "2026-03-09 11:00",
    ),  # an hour on each side of it
    (
        LONDON,
        "2026-03-06 17:00",
        "2026-03-06 16:30",
        "2026-03-06 17:15",
        "2026-03-09 09:15",
    ),  # the rest of it on Monday
    (
        LONDON,
        "2026-04-02 16:00",
        "2026-04-02 15:00",
        "2026-04-03 12:00",
        "2026-04-06 09:00",
    ),  # Good Friday; summer time
    (LONDON, "2026-03-06 10:00", "2026-03-06 11:00", "2026-03-06 12:00", "2026-03-06 12:00"),  # it was due already
    (LONDON, "2026-03-06 10:00", "2026-03-06 11:00", "2026-03-06 20:00", "2026-03-09 09:00"),
    (SINGAPORE, "2026-03-06 08:00", "2026-03-06 07:00", "2026-03-06 16:00", "2026-03-09 02:00"),
    (None, "2026-03-06 17:00", "2026-03-06 16:30", "2026-03-07 12:00", "2026-03-07 12:30"),
    (None, "2026-03-06 10:00", "2026-03-06 11:00", "2026-03-07 03:00", "2026-03-07 03:00"),
]


@pytest.mark.parametrize(("hours", "due_at", "stops_at", "runs_at", "due_then"), STANDS_STILL)
def test_as_much_is_ahead_of_it_afterwards_as_was_before(
    hours: WorkingHours | None, due_at: str, stops_at: str, runs_at: str, due_then: str
) -> None:
    still = paused(timer(due_at), utc(stops_at), hours)
    assert still.due_at is None
    running = resumed(still, utc(runs_at), hours)
    assert (running.due_at, running.remaining) == (utc(due_then), None)


def test_pausing_and_resuming_twice_is_once() -> None:
    running, now, later = timer("2026-03-06 17:00"), utc("2026-03-06 10:00"), utc("2026-03-06 11:00")
    still = paused(running, now, LONDON)
    assert paused(still, later, LONDON) == still
    assert resumed(running, now, LONDON) == running
    again = resumed(still, now, LONDON)
    assert resumed(again, later, LONDON) == again == running


def test_however_often_it_stands_still_no_working_time_is_lost() -> None:
    one, now = timer("2026-03-10 12:00"), utc("2026-03-06 10:00")
    for _time in range(8):
        one = paused(one, now, LONDON)
        now += timedelta(hours=11)
        one = resumed(one, now, LONDON)
        now += timedelta(minutes=10)
    total = LONDON.working_time_between(utc("2026-03-06 10:00"), utc("2026-03-10 12:00"))
    begun = LONDON.working_time_between(now, one.due_at) if one.due_at else timedelta(0)
    assert total - timedelta(minutes=80) <= begun <= total
