"""Who gets a new lead: the playbook's rules, who is able, and whose turn it is."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from domain.core.absences import Absence
from domain.core.people import Member
from domain.sales.assignment import is_able, next_in_turn, turn_at
from tests.firm import PLAYBOOK

NOW = datetime(2026, 3, 3, 23, 30, tzinfo=UTC)
"""Half past eleven at night on Tuesday in London; Wednesday morning in Tokyo."""


def member(number: int, **more: Any) -> Member:
    """Somebody of sales."""
    return Member(id=number, workspace_id="T1", slack_id=f"U{number}", name=f"Seller {number}", **more)


def away(number: int, day: date) -> dict[int, list[Absence]]:
    """The absence of somebody on one day."""
    return {number: [Absence(id=1, member=member(number).person, first_on=day, last_on=day)]}


@pytest.mark.parametrize(
    ("channel", "band", "title"),
    [
        ("web", "hot", "Hot leads from the website are handed out in turn"),
        ("web", "warm", "Everything else is claimed"),
        ("web", None, "Everything else is claimed"),
        ("referral", "hot", "Everything else is claimed"),
    ],
)
def test_the_first_rule_that_holds_says_who_gets_a_lead(channel: str, band: str | None, title: str) -> None:
    rule = PLAYBOOK.rule_for(channel, band)
    assert rule is not None
    assert rule.title == title


def test_without_rules_every_lead_is_claimed() -> None:
    assert PLAYBOOK.model_copy(update={"assignment": ()}).rule_for("web", "hot") is None


@pytest.mark.parametrize(
    ("seller", "absences", "is_there"),
    [
        (member(1), {}, True),
        (member(1, is_deleted=True), {}, False),
        (member(1, is_guest=True), {}, False),
        (member(1, is_bot=True), {}, False),
        (member(1, zone="Europe/London"), away(1, date(2026, 3, 3)), False),
        (member(1, zone="Asia/Tokyo"), away(1, date(2026, 3, 3)), True),
        (member(1, zone="Asia/Tokyo"), away(1, date(2026, 3, 4)), False),
        (member(1), away(2, date(2026, 3, 3)), True),
    ],
)
def test_who_has_left_or_is_away_on_their_own_calendar_gets_nothing(
    seller: Member, absences: dict[int, list[Absence]], is_there: bool
) -> None:
    assert is_able(seller, absences, NOW) is is_there


@pytest.mark.parametrize(
    ("able", "chosen"),
    [
        ([], None),
        ([member(2), member(1)], 1),
        ([member(1, assigned_at=NOW), member(2)], 2),
        ([member(1, assigned_at=NOW), member(2, assigned_at=NOW.replace(hour=1))], 2),
        ([member(2, assigned_at=NOW), member(1, assigned_at=NOW)], 1),
    ],
)
def test_it_is_the_turn_of_whoever_has_waited_the_longest(able: list[Member], chosen: int | None) -> None:
    next_one = next_in_turn(able)
    assert (next_one.id if next_one else None) == chosen


@pytest.mark.parametrize(
    ("last", "noted"), [(None, NOW), (NOW - timedelta(1), NOW), (NOW, NOW + timedelta(microseconds=1))]
)
def test_turns_taken_at_one_moment_are_still_noted_one_after_the_other(last: datetime | None, noted: datetime) -> None:
    assert turn_at([member(1, assigned_at=last), member(2)], NOW) == noted
