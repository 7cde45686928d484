"""Working time, as a table of clocks: week-ends, holidays, zones, and the nights on which clocks change."""

from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.core.calendars import COUNTRIES, checked_country, is_region_open, parts_of, region_in
from domain.core.refusals import RuleBroken
from domain.core.working_time import QuietHours, WorkingHours, checked_quiet, zone_named

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


def test_the_week_end_and_the_holidays_are_those_of_the_country_and_its_part() -> None:
    for country, region, day, is_working in (
        ("SA", None, "2026-03-06", False),  # a Friday
        ("SA", None, "2026-03-07", False),
        ("SA", None, "2026-03-08", True),  # a Sunday
        ("EG", None, "2026-03-06", False),
        ("IR", None, "2026-02-12", True),  # a Thursday
        ("IR", None, "2026-02-13", False),
        ("AE", None, "2026-03-08", False),
        ("GB", None, "2026-04-06", True),  # Easter Monday, which Scotland works on
        ("GB", "ENG", "2026-04-06", False),
        ("GB", "SCT", "2026-11-30", False),  # Saint Andrew's Day
        ("GB", "ENG", "2026-11-30", True),
        ("DE", "BY", "2026-01-06", False),  # Epiphany
        ("DE", None, "2026-01-06", True),
        ("DE", "ENG", "2026-01-07", True),  # a part of another country
        ("CN", None, "2026-02-14", True),  # a Saturday that is worked in exchange for a holiday
        ("XX", None, "2026-03-08", False),
    ):
        hours = WorkingHours(country=country, region=region)
        assert hours.is_working_day(date.fromisoformat(day)) is is_working, (country, region, day)


def test_every_country_has_working_days_all_year_round() -> None:
    for country in COUNTRIES:
        hours, day = WorkingHours(country=country), date(2026, 1, 1)
        assert hours.weekdays(day), country
        for week in range(52):
            start = day + timedelta(weeks=week)
            assert hours.is_working_day(hours.next_working_day(start)), (country, start)


def test_a_week_begins_after_the_countrys_week_end() -> None:
    friday = date(2026, 3, 6)
    for country, begins, weekdays in (
        ("GB", 9, [0, 1, 2, 3, 4]),
        ("SA", 8, [6, 0, 1, 2, 3]),
        ("IR", 7, [5, 6, 0, 1, 2, 3]),
    ):
        hours = WorkingHours(country=country)
        assert (hours.next_week(friday).day, hours.weekdays(friday)) == (begins, weekdays), country
    assert WorkingHours().next_week(date(2026, 3, 9)) == date(2026, 3, 16)


def test_a_part_is_asked_for_where_a_country_has_parts() -> None:
    assert parts_of("GB") == {"ENG": "England", "NIR": "Northern Ireland", "SCT": "Scotland", "WLS": "Wales"}
    assert parts_of("DK") == parts_of("XX") == {}
    open_ones = {("DE", ""), ("gb", "DE-BY"), ("DE", "GB"), ("DK", ""), ("DE", "DE"), ("DE", "DE-BY")}
    assert {(country, answer) for country, answer in open_ones if is_region_open(country, answer)} == {
        ("DE", ""),
        ("gb", "DE-BY"),
        ("DE", "GB"),
    }
    for country, answer, region in (
        ("DE", "DE-BY", "BY"),
        ("DE", "DE", None),
        ("DE", "GB-ENG", None),
        ("DE", "DE-X", None),
    ):
        assert region_in(country, answer) == region, answer


@pytest.mark.parametrize(("typed", "code"), [("gb", "GB"), (" DE ", "DE")])
def test_a_country_is_taken_however_it_is_typed(typed: str, code: str) -> None:
    assert checked_country(typed) == code


@pytest.mark.parametrize("typed", ["", "UK!", "Germany", "XX", "<!channel>"])
def test_what_is_no_country_is_refused(typed: str) -> None:
    with pytest.raises(RuleBroken):
        checked_country(typed)


def quiet(begins: str, ends: str, zone: str = "Europe/London") -> QuietHours:
    """Quiet hours such as from `22:00` to `07:00`."""
    return QuietHours(zone=zone, begins=time.fromisoformat(begins), ends=time.fromisoformat(ends))


@pytest.mark.parametrize(
    ("hours", "moment", "end"),
    [
        (quiet("12:00", "13:00"), "2026-03-03 12:00", "2026-03-03 13:00"),
        (quiet("12:00", "13:00"), "2026-03-03 12:59", "2026-03-03 13:00"),
        (quiet("12:00", "13:00"), "2026-03-03 13:00", None),
        (quiet("12:00", "13:00"), "2026-03-03 11:59", None),
        (quiet("22:00", "07:00"), "2026-03-03 21:59", None),
        (quiet("22:00", "07:00"), "2026-03-03 22:00", "2026-03-04 07:00"),
        (quiet("22:00", "07:00"), "2026-03-04 00:00", "2026-03-04 07:00"),
        (quiet("22:00", "07:00"), "2026-03-04 06:59", "2026-03-04 07:00"),
        (quiet("22:00", "07:00"), "2026-03-04 07:00", None),
        (quiet("22:00", "00:00"), "2026-03-03 23:30", "2026-03-04 00:00"),
        (quiet("00:00", "07:00"), "2026-03-03 00:00", "2026-03-03 07:00"),
        (quiet("22:00", "07:00", "Asia/Tokyo"), "2026-03-03 14:00", "2026-03-03 22:00"),
        (quiet("22:00", "07:00", "America/New_York"), "2026-03-03 05:00", "2026-03-03 12:00"),
        (quiet("22:00", "07:00"), "2026-03-28 23:00", "2026-03-29 06:00"),  # the night is an hour shorter
        (quiet("22:00", "07:00"), "2026-10-24 22:00", "2026-10-25 07:00"),  # and an hour longer
        (
            quiet("22:00", "01:30"),
            "2026-03-29 00:30",
            "2026-03-29 01:30",
        ),  # half past one is not there: an hour later is
        (quiet("22:00", "01:30"), "2026-10-25 00:15", "2026-10-25 00:30"),  # the first half past one
        (quiet("22:00", "01:30"), "2026-10-25 00:45", None),
        (quiet("22:00", "01:30"), "2026-10-25 01:15", "2026-10-25 01:30"),  # quiet again before the second one
    ],
)
def test_when_quiet_ends(hours: QuietHours, moment: str, end: str | None) -> None:
    assert hours.end_at(utc(moment)) == (utc(end) if end else None)


@pytest.mark.parametrize("zone", ["Europe/London", "America/New_York", "Australia/Lord_Howe", "Asia/Tokyo"])
def test_the_end_of_quiet_is_always_ahead_and_soon_nothing_is_quiet_any_more(zone: str) -> None:
    """Put off to the end of quiet, a message is sent then, or at the worst once more an hour later as clocks go back."""
    for begins, ends in (
        ("22:00", "07:00"),
        ("01:30", "01:15"),
        ("02:30", "02:45"),
        ("00:00", "01:00"),
        ("23:00", "02:30"),
    ):
        hours, moment = quiet(begins, ends, zone), utc("2026-01-01 00:00")
        while moment < utc("2027-01-01 00:00"):
            end = hours.end_at(moment)
            if end is not None:
                assert moment < end < moment + timedelta(hours=26)
            moment += timedelta(hours=1, minutes=15) if moment.day > 28 or moment.day < 9 else timedelta(hours=7)


@pytest.mark.parametrize(
    ("begins", "ends", "field"),
    [
        ("22:00", None, "quiet_until"),
        (None, "07:00", "quiet_from"),
        ("22:00", "22:00", "quiet_until"),
        ("09:00", "17:30", "quiet_until"),
        ("08:00", "08:00", "quiet_until"),
        ("18:00", "17:30", "quiet_until"),
        ("09:00", "07:00", "quiet_until"),
    ],
)
def test_quiet_that_makes_no_sense_is_refused_at_its_field(begins: str | None, ends: str | None, field: str) -> None:
    with pytest.raises(RuleBroken) as refused:
        checked_quiet(begins and time.fromisoformat(begins), ends and time.fromisoformat(ends), LONDON)
    assert refused.value.field == field


@pytest.mark.parametrize(
    ("begins", "ends"), [("22:00", "07:00"), ("12:00", "13:00"), ("17:30", "09:00"), ("00:00", "17:29")]
)
def test_quiet_that_leaves_some_working_time_is_taken(begins: str, ends: str) -> None:
    assert checked_quiet(time.fromisoformat(begins), time.fromisoformat(ends), LONDON) == quiet(begins, ends)
    assert checked_quiet(None, None, LONDON) is None


@pytest.mark.parametrize(
    ("hours", "moment", "later", "passed"),
    [
        (LONDON, "2026-03-03 09:00", "2026-03-03 17:30", 8.5),
        (LONDON, "2026-03-03 16:30", "2026-03-04 10:00", 2),
        (LONDON, "2026-03-06 16:30", "2026-03-09 10:00", 2),  # a week-end
        (LONDON, "2026-04-02 15:30", "2026-04-06 09:00", 2),  # Good Friday; summer time
        (LONDON, "2026-03-07 10:00", "2026-03-08 10:00", 0),
        (LONDON, "2026-03-03 18:00", "2026-03-04 08:00", 0),
        (LONDON, "2026-03-03 12:00", "2026-03-03 12:00", 0),
        (LONDON, "2026-03-04 12:00", "2026-03-03 12:00", 0),
        (NEW_YORK, "2026-03-06 22:00", "2026-03-09 14:00", 1.5),  # their clocks have changed
    ],
)
def test_how_much_working_time_passes(hours: WorkingHours, moment: str, later: str, passed: float) -> None:
    assert hours.working_time_between(utc(moment), utc(later)) == timedelta(hours=passed)


MOMENTS = st.integers(0, 360 * 24 * 60).map(lambda n: datetime(2026, 1, 2, tzinfo=UTC) + timedelta(minutes=n))


@given(st.sampled_from([LONDON, BERLIN, NEW_YORK, SINGAPORE]), MOMENTS, st.timedeltas(timedelta(0), timedelta(days=9)))
def test_as_much_working_time_passes_as_was_added(hours: WorkingHours, moment: datetime, span: timedelta) -> None:
    assert hours.working_time_between(moment, hours.add_working_time(moment, span)) == span
