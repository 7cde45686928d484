"""What stands in a cell is read as somebody said, or refused in words."""

from datetime import UTC, date, datetime

import pytest

from domain.core.refusals import RuleBroken
from domain.core.working_time import WorkingHours
from domain.files.cell_parsing import date_format, day_in, moment_in


@pytest.mark.parametrize(
    ("text", "wanted", "day"),
    [
        ("2016-10-20", None, date(2016, 10, 20)),
        ("2016-10-20", "day-first", date(2016, 10, 20)),
        ("20-10-16", "day-first", date(2016, 10, 20)),
        ("1.2.2016", "day-first", date(2016, 2, 1)),
        ("10/20/16", "month-first", date(2016, 10, 20)),
        ("16/10/20", "year-first", date(2016, 10, 20)),
        ("31-12-68", "day-first", date(2068, 12, 31)),
        ("31-12-69", "day-first", date(1969, 12, 31)),
        ("20 Oct 2016", "%d %b %Y", date(2016, 10, 20)),
        ("29-02-16", "day-first", date(2016, 2, 29)),
        ("25/12/2016", None, date(2016, 12, 25)),
        ("12/25/2016", None, date(2016, 12, 25)),
        ("05/05/2016", None, date(2016, 5, 5)),
        ("2016-10-20T23:30:00Z", None, date(2016, 10, 20)),
        ("2016-10-20 00:00:00.000+0000", None, date(2016, 10, 20)),
        ("10/20/16 2:05 PM", "month-first", date(2016, 10, 20)),
        ("20 . 10 . 2016", "day-first", date(2016, 10, 20)),
        ("2016\u00a0-10- 20", None, date(2016, 10, 20)),
        ("Oct 20, 2016, 2:05 PM", None, date(2016, 10, 20)),
        ("Thu, 20 October 2016 09:00:00 +0200", None, date(2016, 10, 20)),
        ("20. Oktober 2016", None, date(2016, 10, 20)),
        ("2016年10月20日", None, date(2016, 10, 20)),
        ("20 Oct 2016 14:05", "%d %b %Y", date(2016, 10, 20)),
    ],
)
def test_a_day_is_read_as_somebody_said(text: str, wanted: str | None, day: date) -> None:
    assert day_in(text, wanted, "closed_on") == day


@pytest.mark.parametrize(
    ("text", "wanted", "why"),
    [
        ("20-10-16", None, "several ways: say whether the day or the month stands first"),
        ("31-02-17", "day-first", "is no day there is: day 31 of month 2 in 2017"),
        ("10/20/16", "day-first", "day 10 of month 20"),
        ("2016-02-30", None, "day 30 of month 2"),
        ("20-10-016", "day-first", "no day written day-first"),
        ("soon", "day-first", "soon is no day; write it as"),
        ("20-10-16", "%d %b %Y", "no day written as %d %b %Y"),
        ("42663", "day-first", "is no day"),
        ("05/12/2016", None, "several ways"),
        ("31/31/2016", None, "is no day there is"),
    ],
)
def test_a_day_that_cannot_be_or_could_be_two_is_refused(text: str, wanted: str | None, why: str) -> None:
    with pytest.raises(RuleBroken, match=why) as refusal:
        day_in(text, wanted, "closed_on")
    assert refusal.value.field == "closed_on"


@pytest.mark.parametrize(("text", "meant"), [("Day-First", "day-first"), (" iso ", "iso"), ("%d.%m.%y", "%d.%m.%y")])
def test_a_date_format_is_a_name_or_a_pattern(text: str, meant: str) -> None:
    assert date_format(text) == meant


def test_a_moment_has_a_zone() -> None:
    assert moment_in("2026-03-31T10:00:00+01:00", "next_at") == datetime(2026, 3, 31, 9, tzinfo=UTC)
    for text in ("2026-03-31T10:00:00", "soon"):
        with pytest.raises(RuleBroken, match="is no moment"):
            moment_in(text, "next_at")


def test_a_moment_without_a_zone_is_one_of_the_hours_of_who_imports() -> None:
    hours = WorkingHours(zone="Europe/Berlin")
    morning = datetime(2026, 7, 31, 8, tzinfo=UTC)
    for text in (
        "2026-07-31 10:00",
        "2026-07-31T10:00:00",
        "31.07.2026 10:00",
        "7/31/2026 10:00 AM",
        "2026-07-31 08:00 Z",
    ):
        assert moment_in(text, "next_at", None, hours) == morning, text
    assert moment_in("2026-07-31", "next_at", None, hours) == hours.start_of(date(2026, 7, 31))
    for text in ("07/08/2026 10:00", "2026-07-31 25:00"):
        with pytest.raises(RuleBroken):
            moment_in(text, "next_at", None, hours)
