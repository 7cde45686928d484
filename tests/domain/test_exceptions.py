"""Which open leads are exceptions, in what, and in which order."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from domain.exceptions import Lapse, Standing, counted, is_morning, lapses_of, worst_first
from domain.working_time import WorkingHours

LONDON = WorkingHours(zone="Europe/London")
NOW = datetime(2026, 3, 9, 10, 0, tzinfo=UTC)
"""Monday, ten in the morning."""


def standing(number: int = 1, **more: Any) -> Standing:
    """An open lead that is as it should be."""
    facts: dict[str, Any] = {
        "lead_id": number,
        "number": number,
        "owner_id": 1,
        "captured_at": NOW - timedelta(days=10),
        "answer_by": NOW - timedelta(days=9),
        "last_touch_at": NOW - timedelta(days=9, hours=1),
        "next_at": NOW + timedelta(days=1),
    }
    return Standing(**(facts | more))


@pytest.mark.parametrize(
    ("lead", "lapses"),
    [
        (standing(), ()),
        (standing(answer_by=NOW + timedelta(minutes=1), last_touch_at=None), ()),
        (standing(answer_by=NOW - timedelta(minutes=1), last_touch_at=None), (Lapse.ANSWER_LATE,)),
        (standing(answer_by=None, last_touch_at=None), ()),  # captured before limits were kept
        (standing(owner_id=None), (Lapse.NO_OWNER,)),
        (standing(owner_id=None, captured_at=NOW - timedelta(hours=23), answer_by=NOW + timedelta(hours=1)), ()),
        (
            standing(owner_id=None, captured_at=NOW - timedelta(hours=25), answer_by=NOW + timedelta(hours=1)),
            (Lapse.NO_OWNER,),
        ),
        (
            standing(
                owner_id=None, captured_at=NOW - timedelta(hours=3), answer_by=NOW - timedelta(1), last_touch_at=None
            ),
            (Lapse.ANSWER_LATE, Lapse.NO_OWNER),
        ),
        (standing(next_at=None), (Lapse.NO_NEXT_DATE,)),
        (standing(next_at=datetime(2026, 3, 5, 9, 0, tzinfo=UTC)), ()),  # Thursday: Friday and Monday since
        (standing(next_at=datetime(2026, 3, 4, 9, 0, tzinfo=UTC)), (Lapse.OVERDUE,)),
        (
            standing(next_at=datetime(2026, 3, 2, 9, 0, tzinfo=UTC), last_touch_at=None),
            (Lapse.ANSWER_LATE,),  # one reproach for one thing
        ),
        (standing(is_owner_gone=True, is_owner_away=True), (Lapse.OWNER_GONE,)),
        (standing(is_owner_away=True), (Lapse.OWNER_AWAY,)),
    ],
)
def test_an_open_lead_is_an_exception_only_in_what_is_wrong_with_it(lead: Standing, lapses: tuple[Lapse, ...]) -> None:
    assert lapses_of(lead, NOW, LONDON) == lapses


def test_the_worst_stand_first_then_hot_before_cold_then_the_longest_known() -> None:
    leads = [
        standing(1, next_at=None, score=100),
        standing(2, last_touch_at=None, score=10),
        standing(3),
        standing(4, last_touch_at=None, score=90),
        standing(5, last_touch_at=None, score=10, captured_at=NOW - timedelta(days=20)),
    ]
    assert [lead.number for lead, _lapses in worst_first(leads, NOW, LONDON)] == [4, 5, 2, 1]


def test_a_lead_counts_in_everything_that_is_wrong_with_it() -> None:
    late = (Lapse.ANSWER_LATE, Lapse.NO_OWNER)
    assert counted([late, late, (Lapse.NO_OWNER,)]) == {Lapse.ANSWER_LATE: 2, Lapse.NO_OWNER: 3}


@pytest.mark.parametrize("lapse", Lapse)
@pytest.mark.parametrize("count", [1, 2])
def test_every_kind_of_exception_is_counted_in_words(lapse: Lapse, count: int) -> None:
    assert str(count) in lapse.counted(count)


@pytest.mark.parametrize(
    ("now", "is_it"),
    [
        ("2026-03-09 08:59", False),
        ("2026-03-09 09:00", True),
        ("2026-03-09 11:59", True),
        ("2026-03-09 12:00", False),
        ("2026-03-08 10:00", False),  # a Sunday
    ],
)
def test_the_morning_is_the_first_hours_of_a_working_day(now: str, is_it: bool) -> None:
    assert is_morning(datetime.fromisoformat(now).replace(tzinfo=UTC), LONDON) is is_it
