"""When a workspace's night is, and so when its people are listed anew."""

from datetime import UTC, datetime

import pytest

from domain.core.people import LastListing, last_night


def utc(text: str) -> datetime:
    """A moment such as `2026-03-03 10:00`, in UTC."""
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("zone", "now", "night"),
    [
        ("Europe/London", "2026-03-03 10:00", "2026-03-03 03:00"),
        ("Europe/London", "2026-03-03 03:00", "2026-03-03 03:00"),
        ("Europe/London", "2026-03-03 02:59", "2026-03-02 03:00"),
        ("Europe/London", "2026-07-03 10:00", "2026-07-03 02:00"),
        ("Europe/Berlin", "2026-03-29 12:00", "2026-03-29 01:00"),  # the clocks jumped to three
        ("Asia/Tokyo", "2026-03-03 10:00", "2026-03-02 18:00"),
        ("America/New_York", "2026-03-03 07:00", "2026-03-02 08:00"),
        ("America/New_York", "2026-11-01 12:00", "2026-11-01 08:00"),
    ],
)
def test_when_a_night_was(zone: str, now: str, night: str) -> None:
    assert last_night(zone, utc(now)) == utc(night)


@pytest.mark.parametrize(
    ("listed_at", "is_due"),
    [(None, True), ("2026-03-02 22:00", True), ("2026-03-03 03:00", False), ("2026-03-03 09:00", False)],
)
def test_people_are_listed_once_a_night_and_at_once_where_they_never_were(listed_at: str | None, is_due: bool) -> None:
    listing = LastListing(workspace_id="T1", zone="Europe/London", listed_at=utc(listed_at) if listed_at else None)
    assert listing.is_due(utc("2026-03-03 10:00")) == is_due
