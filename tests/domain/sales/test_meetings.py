"""When a meeting is reminded of, and which ones cannot be planned."""

from datetime import UTC, datetime, timedelta

import pytest

from domain.core.refusals import FormRefused
from domain.core.working_time import WorkingHours
from domain.sales.meetings import NewMeeting, check_meeting, remind_before

LONDON = WorkingHours(zone="Europe/London")
NOW = datetime(2026, 3, 3, 10, 0, tzinfo=UTC)  # a Tuesday


def utc(moment: str) -> datetime:
    """A moment."""
    return datetime.fromisoformat(moment).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("at", "told"),
    [
        ("2026-03-05 14:00", "2026-03-05 13:00"),
        ("2026-03-05 10:00", "2026-03-05 09:00"),
        ("2026-03-05 09:30", "2026-03-04 09:00"),  # an hour before nobody is at work: as the working day before begins
        ("2026-03-05 20:30", "2026-03-05 09:00"),  # after work: as the day begins
        ("2026-03-07 11:00", "2026-03-06 09:00"),  # on a Saturday: on Friday
        ("2026-03-09 09:15", "2026-03-06 09:00"),  # early on Monday: on Friday
        ("2026-03-03 20:30", "2026-03-03 16:30"),  # tonight: an hour before work ends, not at once
        ("2026-03-04 09:15", "2026-03-03 16:30"),  # early tomorrow
        ("2026-03-03 10:20", "2026-03-03 10:00"),  # sooner than in an hour: now
    ],
)
def test_when_a_meeting_is_reminded_of(at: str, told: str) -> None:
    assert remind_before(utc(at), NOW, LONDON) == utc(told)


def test_a_meeting_planned_late_for_tonight_is_not_announced_at_once() -> None:
    late = utc("2026-03-03 17:10")
    told = remind_before(utc("2026-03-03 20:30"), late, LONDON)
    assert late < told
    assert LONDON.is_working(told)


@pytest.mark.parametrize(
    ("changes", "field", "words"),
    [
        ({"about": "  "}, "about", "What is the meeting about"),
        ({"about": "x" * 201}, "about", "under 200"),
        ({"place": "x" * 301}, "place", "under 300"),
        ({"at": NOW}, "at", "still ahead"),
        ({"at": NOW + timedelta(days=400)}, "at", "within a year"),
        ({"minutes": 7}, "minutes", "durations"),
    ],
)
def test_what_cannot_be_planned(changes: dict[str, object], field: str, words: str) -> None:
    values: dict[str, object] = {"about": "Scope", "at": NOW + timedelta(days=1), **changes}
    with pytest.raises(FormRefused) as refused:
        check_meeting(NewMeeting(**values), NOW)  # type: ignore[arg-type]
    assert set(refused.value.errors) == {field}
    assert words in refused.value.errors[field]


def test_spaces_around_words_are_not_kept() -> None:
    kept = check_meeting(NewMeeting(about=" Scope ", at=NOW + timedelta(days=1), place="  "), NOW)
    assert (kept.about, kept.place) == ("Scope", None)
