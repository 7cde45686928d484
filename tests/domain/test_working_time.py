"""Working time, as a table of clocks: week-ends, holidays, zones, and the nights on which clocks change."""

from datetime import UTC, date, datetime, time, timedelta

import pytest

from domain.refusals import RuleBroken
from domain.working_time import WorkingHours, checked_country, zone_named

LONDON = WorkingHours(zone="Europe/London", country="GB")
BERLIN = WorkingHours(zone="Europe/Berlin", country="DE")
NEW_YORK = WorkingHours(zone="America/New_York", country="US")
SINGAPORE = WorkingHours(zone="Asia/Singapore", country="SG")


def utc(text: str) -> datetime:
    """A moment such as `2026-03-03 10:00`, in UTC."""
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("hours", "moment", "is_working"),
    [
        (LONDON, "2026-03-03 09:00", True),
        (LONDON, "2026-03-03 08:59", False),
        (LONDON, "2026-03-03 17:29", True),
        (LONDON, "2026-03-03 17:30", False),
        (LONDON, "2026-03-07 12:00", False),  # Saturday
        (LONDON, "2026-04-03 12:00", False),  # Good Friday
        (LONDON, "2026-12-25 12:00", False),
        (BERLIN, "2026-03-03 08:00", True),
        (BERLIN, "2026-07-01 07:00", True),  # summer time
        (BERLIN, "2026-10-03 12:00", False),
        (NEW_YORK, "2026-03-03 14:00", True),
        (NEW_YORK, "2026-03-09 13:00", True),  # their clocks have changed, Europe's have not
        (SINGAPORE, "2026-03-03 01:00", True),
        (SINGAPORE, "2026-03-03 10:00", False),
    ],
)
def test_what_is_working_time(hours: WorkingHours, moment: str, is_working: bool) -> None:
    assert hours.is_working(utc(moment)) == is_working


@pytest.mark.parametrize(
    ("hours", "moment", "next_moment"),
    [
        (LONDON, "2026-03-03 10:00", "2026-03-03 10:00"),
        (LONDON, "2026-03-03 05:00", "2026-03-03 09:00"),
        (LONDON, "2026-03-03 20:00", "2026-03-04 09:00"),
        (LONDON, "2026-03-06 17:30", "2026-03-09 09:00"),  # Friday evening
        (LONDON, "2026-03-07 05:00", "2026-03-09 09:00"),
        (LONDON, "2026-03-28 12:00", "2026-03-30 08:00"),  # the clocks change over the week-end
        (BERLIN, "2026-04-02 18:00", "2026-04-07 07:00"),  # Easter
        (LONDON, "2026-12-24 18:00", "2026-12-29 09:00"),  # Boxing Day is kept on the Monday
        (NEW_YORK, "2026-03-07 00:00", "2026-03-09 13:00"),
    ],
)
def test_when_work_goes_on(hours: WorkingHours, moment: str, next_moment: str) -> None:
    assert hours.next_working_moment(utc(moment)) == utc(next_moment)


@pytest.mark.parametrize(
    ("moment", "span", "end"),
    [
        ("2026-03-03 10:00", timedelta(hours=4), "2026-03-03 14:00"),
        ("2026-03-03 10:00", timedelta(hours=8), "2026-03-04 09:30"),
        ("2026-03-03 10:00", timedelta(hours=24), "2026-03-05 17:00"),
        ("2026-03-06 17:00", timedelta(hours=1), "2026-03-09 09:30"),
        ("2026-03-07 12:00", timedelta(hours=1), "2026-03-09 10:00"),
        ("2026-03-27 17:00", timedelta(hours=1), "2026-03-30 08:30"),  # over the change of clocks
        ("2026-03-03 17:00", timedelta(minutes=30), "2026-03-03 17:30"),
        ("2026-03-03 10:00", timedelta(0), "2026-03-03 10:00"),
    ],
)
def test_working_time_is_counted_over_nights_and_week_ends(moment: str, span: timedelta, end: str) -> None:
    assert LONDON.add_working_time(utc(moment), span) == utc(end)


@pytest.mark.parametrize(
    ("hours", "moment", "days", "end"),
    [
        (LONDON, "2026-03-03 10:00", 1, "2026-03-04 09:00"),
        (LONDON, "2026-03-03 23:00", 1, "2026-03-04 09:00"),
        (LONDON, "2026-03-06 10:00", 1, "2026-03-09 09:00"),
        (LONDON, "2026-03-07 10:00", 1, "2026-03-09 09:00"),
        (BERLIN, "2026-04-02 10:00", 2, "2026-04-08 07:00"),
        (SINGAPORE, "2026-03-03 20:00", 1, "2026-03-05 01:00"),  # it is Wednesday there already
        (LONDON, "2026-03-07 10:00", 0, "2026-03-09 09:00"),
    ],
)
def test_working_days_are_counted_from_the_local_day(hours: WorkingHours, moment: str, days: int, end: str) -> None:
    assert hours.add_working_days(utc(moment), days) == utc(end)


def test_a_day_begins_when_the_persons_own_work_does() -> None:
    early = WorkingHours(zone="Asia/Tokyo", starts=time(7, 30), ends=time(16), country="JP")
    assert early.start_of(date(2026, 3, 3)) == utc("2026-03-02 22:30")
    assert early.end_of(date(2026, 3, 3)) == utc("2026-03-03 07:00")


@pytest.mark.parametrize("name", ["Mars/Olympus", "", "../etc/passwd", "Europe/London\x00", "x" * 300])
def test_a_zone_nobody_knows_is_taken_for_utc(name: str) -> None:
    assert zone_named(name).key == "UTC"


def test_a_country_without_known_holidays_has_none() -> None:
    assert WorkingHours(country="XX").is_working_day(date(2026, 12, 25))


@pytest.mark.parametrize(("typed", "code"), [("gb", "GB"), (" DE ", "DE")])
def test_a_country_is_taken_however_it_is_typed(typed: str, code: str) -> None:
    assert checked_country(typed) == code


@pytest.mark.parametrize("typed", ["", "UK!", "Germany", "XX", "<!channel>"])
def test_what_is_no_country_is_refused(typed: str) -> None:
    with pytest.raises(RuleBroken):
        checked_country(typed)
