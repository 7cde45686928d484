"""Which open leads and running deals are exceptions, in what, and in which order."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from domain.core.working_time import WorkingHours
from domain.sales.exceptions import (
    Attention,
    DealStanding,
    Lapse,
    LeadStanding,
    counted,
    deal_lapses,
    is_morning,
    lead_lapses,
    worst_deals,
    worst_leads,
)

LONDON = WorkingHours(zone="Europe/London")
NOW = datetime(2026, 3, 9, 10, 0, tzinfo=UTC)
"""Monday, ten in the morning."""


def standing(number: int = 1, **more: Any) -> LeadStanding:
    """An open lead that is as it should be."""
    facts: dict[str, Any] = {
        "id": number,
        "number": number,
        "owner_id": 1,
        "captured_at": NOW - timedelta(days=10),
        "answer_by": NOW - timedelta(days=9),
        "last_touch_at": NOW - timedelta(days=9, hours=1),
        "next_at": NOW + timedelta(days=1),
    }
    return LeadStanding(**(facts | more))


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
def test_an_open_lead_is_an_exception_only_in_what_is_wrong_with_it(
    lead: LeadStanding, lapses: tuple[Lapse, ...]
) -> None:
    assert lead_lapses(lead, NOW, LONDON) == lapses


def test_the_worst_stand_first_then_hot_before_cold_then_the_longest_known() -> None:
    leads = [
        standing(1, next_at=None, score=100),
        standing(2, last_touch_at=None, score=10),
        standing(3),
        standing(4, last_touch_at=None, score=90),
        standing(5, last_touch_at=None, score=10, captured_at=NOW - timedelta(days=20)),
    ]
    assert [lead.number for lead, _lapses in worst_leads(leads, NOW, LONDON)] == [4, 5, 2, 1]


def a_deal(number: int = 1, **more: Any) -> DealStanding:
    """A running deal that is as it should be."""
    facts: dict[str, Any] = {
        "id": number,
        "number": number,
        "owner_id": 1,
        "since": NOW - timedelta(days=3),
        "expected_on": date(2026, 4, 1),
        "next_at": NOW + timedelta(days=1),
    }
    return DealStanding(**(facts | more))


@pytest.mark.parametrize(
    ("deal", "lapses"),
    [
        (a_deal(), ()),
        (a_deal(expected_on=None), ()),
        (a_deal(owner_id=None), (Lapse.NO_OWNER,)),
        (a_deal(is_owner_gone=True, is_owner_away=True), (Lapse.OWNER_GONE,)),
        (a_deal(is_owner_away=True), (Lapse.OWNER_AWAY,)),
        (a_deal(expected_on=date(2026, 3, 6)), ()),  # Friday: its owner was told this Monday morning
        (a_deal(expected_on=date(2026, 3, 5)), (Lapse.SIGNATURE_LATE,)),
        (a_deal(next_at=datetime(2026, 3, 5, 9, 0, tzinfo=UTC)), ()),  # Thursday: Friday and Monday since
        (a_deal(next_at=datetime(2026, 3, 4, 9, 0, tzinfo=UTC)), (Lapse.OVERDUE,)),
        (a_deal(is_stage_over=True), (Lapse.STAGE_OVER,)),
        (a_deal(next_at=None), (Lapse.NO_NEXT_STEP,)),
        (
            a_deal(next_at=None, is_stage_over=True, expected_on=date(2026, 1, 1), is_owner_away=True),
            (Lapse.OWNER_AWAY, Lapse.SIGNATURE_LATE, Lapse.STAGE_OVER, Lapse.NO_NEXT_STEP),
        ),
    ],
)
def test_a_running_deal_is_an_exception_only_in_what_is_wrong_with_it(
    deal: DealStanding, lapses: tuple[Lapse, ...]
) -> None:
    assert deal_lapses(deal, NOW, LONDON) == lapses


def test_the_worst_deals_stand_first_then_those_that_stand_still_the_longest() -> None:
    deals = [
        a_deal(1, next_at=None),
        a_deal(2, is_stage_over=True),
        a_deal(3),
        a_deal(4, is_owner_gone=True),
        a_deal(5, is_stage_over=True, since=NOW - timedelta(days=30)),
    ]
    assert [deal.number for deal, _lapses in worst_deals(deals, NOW, LONDON)] == [4, 5, 2, 1]


@pytest.mark.parametrize(
    ("leads", "deals", "words"),
    [
        (1, 0, "1 lead needs attention"),
        (2, 0, "2 leads need attention"),
        (0, 1, "1 deal needs attention"),
        (0, 3, "3 deals need attention"),
        (1, 2, "1 lead and 2 deals need attention"),
    ],
)
def test_what_needs_attention_is_said_in_one_line(leads: int, deals: int, words: str) -> None:
    assert Attention(leads=leads, deals=deals).words == words


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
