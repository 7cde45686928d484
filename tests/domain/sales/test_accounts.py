"""What of an account is old, what its history says, and what becomes of two records that are one."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from domain.core.countries import checked_country_code, country_title
from domain.core.refusals import RuleBroken
from domain.core.working_time import WorkingHours
from domain.sales.accounts import (
    Account,
    Contact,
    ask_at,
    called,
    is_old,
    plan_account_merge,
    plan_contact_merge,
    survivor,
    with_entry,
)
from domain.sales.duplicates import KeyKind, keys_meant

NOW = datetime(2026, 3, 3, 10, 0, tzinfo=UTC)  # a Tuesday
LONDON = WorkingHours(zone="Europe/London", country="GB")
ACME = Account(id=1, number=1, name="Acme Ltd", created_at=NOW)
TOM = Contact(id=1, account_id=1, name="Tom Bradley", email="tom@acme.example", phone="+442079460000")


@pytest.mark.parametrize(
    ("confirmed_days_ago", "created_days_ago", "expected"),
    [(None, 89, False), (None, 90, True), (89, 500, False), (90, 500, True), (0, 0, False)],
)
def test_a_record_is_old_once_nobody_has_confirmed_it_for_so_many_days(
    confirmed_days_ago: int | None, created_days_ago: int, expected: bool
) -> None:
    confirmed = None if confirmed_days_ago is None else NOW - timedelta(days=confirmed_days_ago)
    account = replace(ACME, created_at=NOW - timedelta(days=created_days_ago), confirmed_at=confirmed)
    assert is_old(account, 90, NOW) is expected


@pytest.mark.parametrize(
    ("now", "asked"),
    [
        ("2026-03-03 06:00", "2026-03-03 09:00"),  # before work: this morning
        ("2026-03-03 09:00", "2026-03-04 09:00"),
        ("2026-03-06 12:00", "2026-03-09 09:00"),  # on a Friday: on Monday
        ("2026-04-02 12:00", "2026-04-06 09:00"),  # before Good Friday: after the week-end
    ],
)
def test_owners_are_asked_as_their_next_working_day_begins(now: str, asked: str) -> None:
    london = LONDON.local(datetime.fromisoformat(now).replace(tzinfo=UTC))
    moment = london.replace(hour=int(now[11:13]), minute=0)
    assert LONDON.local(ask_at(moment, LONDON)).strftime("%Y-%m-%d %H:%M") == asked


@pytest.mark.parametrize(
    ("history", "expected"),
    [(None, "2026-03-03 Sam: Met."), ("Old.", "2026-03-03 Sam: Met.\nOld."), ("", "2026-03-03 Sam: Met.")],
)
def test_what_is_new_in_a_history_stands_on_top(history: str | None, expected: str) -> None:
    assert with_entry(history, "Met.", "Sam", date(2026, 3, 3)) == expected


@pytest.mark.parametrize(
    ("stays", "goes", "filled", "differing"),
    [
        ({}, {}, {}, {}),
        ({}, {"country": "NO"}, {"country": "NO"}, {}),
        ({"country": "SE"}, {"country": "NO"}, {}, {"country": "NO"}),
        ({"country": "NO"}, {"country": "NO"}, {}, {}),
        ({"country": "NO"}, {}, {}, {}),
        ({}, {"own_key": "K1"}, {"own_key": "K1"}, {}),
        ({"own_key": "K2"}, {"own_key": "K1"}, {}, {}),
        ({"tier": "key"}, {"tier": "standard", "owner_id": 7}, {"owner_id": 7}, {"tier": "standard"}),
    ],
)
def test_the_account_that_stays_takes_over_only_what_it_lacks(
    stays: dict[str, object], goes: dict[str, object], filled: dict[str, object], differing: dict[str, object]
) -> None:
    plan = plan_account_merge(replace(ACME, **stays), replace(ACME, id=2, **goes), (), ())  # type: ignore[arg-type]
    assert (plan.filled, plan.differing) == (filled, differing)


@pytest.mark.parametrize(
    ("merged", "expected"),
    [({}, 1), ({1: 2}, 2), ({1: 2, 2: 3}, 3), ({1: 1}, 1), ({1: 2, 2: 1}, 2), ({1: 2, 2: 3, 3: 2}, 3)],
)
def test_whoever_looks_for_the_survivor_comes_to_an_end(merged: dict[int, int], expected: int) -> None:
    accounts = {number: replace(ACME, id=number, merged_into_id=merged.get(number)) for number in (1, 2, 3)}
    assert survivor(accounts[1], accounts.__getitem__).id == expected


@pytest.mark.parametrize(
    ("other", "same", "moving"),
    [
        (replace(TOM, id=2, phone=None), 1, 0),
        (Contact(id=2, account_id=2, name="tom bradley"), 1, 0),
        (Contact(id=2, account_id=2, name="Tom Bradley", email="other@acme.example"), 0, 1),
        (Contact(id=2, account_id=2, name="Ingrid"), 0, 1),
    ],
)
def test_people_whom_both_accounts_know_become_one(other: Contact, same: int, moving: int) -> None:
    plan = plan_account_merge(ACME, replace(ACME, id=2), [TOM], [other])
    assert (len(plan.same_people), len(plan.moving)) == (same, moving)


def test_two_records_of_a_third_fill_it_one_after_the_other() -> None:
    known = Contact(id=1, account_id=1, name="Tom Bradley")
    others = [
        Contact(id=2, account_id=2, name="Tom Bradley", email="tom@acme.example"),
        Contact(id=3, account_id=2, email="tom@acme.example", phone="+442079460000"),
    ]
    plan = plan_account_merge(ACME, replace(ACME, id=2), [known], others)
    assert [merge.filled for merge in plan.same_people] == [{"email": "tom@acme.example"}, {"phone": "+442079460000"}]
    assert plan.same_people[1].merged == replace(TOM, id=1)


def test_a_contact_says_what_the_other_record_said_differently() -> None:
    plan = plan_contact_merge(TOM, replace(TOM, id=2, name="T. Bradley", email="TOM@acme.example", position="COO"))
    assert (plan.filled, plan.differing) == ({"position": "COO"}, {"name": "T. Bradley"})


@pytest.mark.parametrize(
    ("contact", "name"),
    [
        (TOM, "Tom Bradley"),
        (replace(TOM, name=None), "tom@acme.example"),
        (replace(TOM, name=None, email=None), "+44 20 7946 0000"),
    ],
)
def test_a_contact_is_called_by_what_is_known(contact: Contact, name: str) -> None:
    assert called(contact) == name


@pytest.mark.parametrize(
    ("typed", "key"),
    [
        ("tom@Acme.example", (KeyKind.DOMAIN, "acme.example")),
        ("acme.example", (KeyKind.DOMAIN, "acme.example")),
        ("@acme.co.uk", (KeyKind.DOMAIN, "acme.co.uk")),
        ("tom@gmail.com", None),
        ("020 7946 0000", (KeyKind.PHONE, "+442079460000")),
        ("+47 22 12 34 56", (KeyKind.PHONE, "+4722123456")),
        ("+12345", None),
        ("Acme Ltd", None),
        ("", None),
    ],
)
def test_an_address_or_number_is_looked_up_as_such(typed: str, key: tuple[KeyKind, str] | None) -> None:
    assert keys_meant(typed, "GB") == (frozenset({key}) if key else frozenset())


def test_a_misspelt_country_is_asked_back() -> None:
    assert checked_country_code("norway", "country") == "NO"
    with pytest.raises(RuleBroken, match="Norway\\?"):
        checked_country_code("Norwya", "country")
    with pytest.raises(RuleBroken, match="no country called Atlantis"):
        checked_country_code("Atlantis", "country")


@pytest.mark.parametrize(
    ("code", "locale", "title"),
    [
        ("NO", "en-GB", "Norway"),
        ("NO", "de-DE", "Norwegen"),
        ("NO", "xx-XX", "NO"),
        ("Atlantis", "en-US", "Atlantis"),
        (None, "en-US", None),
    ],
)
def test_a_country_is_read_in_ones_own_language(code: str | None, locale: str, title: str | None) -> None:
    assert country_title(code, locale) == title
