"""What a promise must say, who keeps it, and when somebody is reminded of it."""

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from domain.core.people import Person
from domain.core.records import NamedRecord
from domain.core.refusals import FormRefused, RuleBroken
from domain.core.working_time import WorkingHours
from domain.sales.promises import (
    NewPromise,
    Promise,
    PromiseState,
    checked_promise,
    checked_settlement,
    promise_reminder_at,
)

NOW = datetime(2026, 3, 3, 10, 0, tzinfo=UTC)
SAM, SUE, TOM = (Person(id=n, slack_id=f"U{n}", name=name) for n, name in enumerate(("Sam", "Sue", "Tom"), 1))
A_DEAL = NamedRecord(noun="deal", id=1, code="D-7")
A_PROMISE = Promise(id=1, of=A_DEAL, said="a draft by May", noted_by=TOM, noted_at=NOW)


@pytest.mark.parametrize(
    ("due_on", "zone", "at"),
    [
        (date(2026, 3, 10), "UTC", datetime(2026, 3, 10, 9, 0, tzinfo=UTC)),
        (date(2026, 3, 7), "UTC", datetime(2026, 3, 7, 9, 0, tzinfo=UTC)),  # a week-end is taken at its word
        (date(2026, 3, 3), "UTC", datetime(2026, 3, 3, 11, 0, tzinfo=UTC)),
        (date(2026, 3, 3), "America/New_York", datetime(2026, 3, 3, 14, 0, tzinfo=UTC)),
        (date(2026, 3, 4), "Pacific/Auckland", datetime(2026, 3, 3, 20, 0, tzinfo=UTC)),
    ],
)
def test_whoever_keeps_it_is_reminded_on_its_day(due_on: date, zone: str, at: datetime) -> None:
    assert promise_reminder_at(due_on, NOW, WorkingHours(zone=zone)) == at


@pytest.mark.parametrize(("due_on", "why"), [(date(2026, 3, 2), "has passed"), (date(2027, 4, 1), "within a year")])
def test_a_day_that_is_none_is_refused(due_on: date, why: str) -> None:
    with pytest.raises(RuleBroken, match=why) as refused:
        promise_reminder_at(due_on, NOW, WorkingHours())
    assert refused.value.field == "due_on"


@pytest.mark.parametrize("said", ["", " \n ", "x" * 3001])
def test_a_promise_says_something_and_not_too_much(said: str) -> None:
    with pytest.raises(FormRefused) as refused:
        checked_promise(NewPromise(said=said))
    assert list(refused.value.errors) == ["said"]
    with pytest.raises(RuleBroken) as broken:
        checked_settlement(said)
    assert broken.value.field == "how"


def test_what_is_said_is_kept_without_spaces_around_it() -> None:
    assert checked_promise(NewPromise(said=" a draft \n")).said == "a draft"
    assert checked_settlement(" none \n") == "none"


def test_who_was_named_keeps_it_else_the_owner_else_who_noted_it() -> None:
    named = replace(A_PROMISE, keeper=SAM, of=replace(A_DEAL, owner=SUE))
    assert [promise.kept_by for promise in (named, replace(named, keeper=None), A_PROMISE)] == [SAM, SUE, TOM]
    assert A_PROMISE.code == "D-7"
    assert [replace(A_PROMISE, state=state).is_open for state in PromiseState] == [True, False, False]
