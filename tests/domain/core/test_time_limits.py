"""Time limits, forwards and backwards: what must have begun by when to be over now."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.core.time_limits import TimeLimit, Unit
from domain.core.working_time import WorkingHours

LONDON = WorkingHours(zone="Europe/London")
MOMENTS = st.integers(0, 360 * 24 * 60).map(
    lambda minutes: datetime(2026, 1, 2, tzinfo=UTC) + timedelta(minutes=minutes)
)
ZONES = st.sampled_from(["Europe/London", "America/New_York", "Asia/Tokyo"]).map(lambda zone: WorkingHours(zone=zone))
LIMITS = st.builds(TimeLimit, st.integers(1, 30), st.sampled_from(Unit))


@given(LIMITS, MOMENTS, ZONES, st.timedeltas(timedelta(days=-60), timedelta(days=10)))
def test_a_limit_is_over_for_exactly_what_began_early_enough(
    limit: TimeLimit, now: datetime, hours: WorkingHours, before: timedelta
) -> None:
    begun, bound = now + before, limit.begun_before(now, hours)
    if begun < bound:
        assert limit.is_over_at(begun, hours) <= now
    elif begun > bound:
        assert limit.is_over_at(begun, hours) >= now


@pytest.mark.parametrize(
    ("limit", "now", "bound"),
    [
        (TimeLimit(1, Unit.WORKING_DAY), "2026-03-09 17:30", "2026-03-09 00:00"),  # of a Monday, all before it
        (TimeLimit(1, Unit.WORKING_DAY), "2026-03-09 17:29", "2026-03-06 00:00"),
        (TimeLimit(3, Unit.WORKING_DAY), "2026-03-08 12:00", "2026-03-04 00:00"),
        (TimeLimit(2, Unit.WORKING_DAY), "2026-04-03 20:00", "2026-03-31 23:00"),  # Good Friday, in summer time
        (TimeLimit(2, Unit.WORKING_HOUR), "2026-03-09 10:00", "2026-03-06 16:30"),
        (TimeLimit(2, Unit.WORKING_HOUR), "2026-03-09 07:00", "2026-03-06 15:30"),
        (TimeLimit(2, Unit.HOUR), "2026-03-09 10:00", "2026-03-09 08:00"),
    ],
)
def test_what_must_have_begun_by_when(limit: TimeLimit, now: str, bound: str) -> None:
    moment = datetime.fromisoformat(now).replace(tzinfo=UTC)
    assert limit.begun_before(moment, LONDON) == datetime.fromisoformat(bound).replace(tzinfo=UTC)
