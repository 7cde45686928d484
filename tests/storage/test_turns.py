"""Pieces of work that share a transaction on SQLite: rows that nobody waits for are added together, and each is seen in time."""

import asyncio
import importlib
import pkgutil
import re
import sqlite3
from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import Connection, text

import storage
from domain.leads import Lead, NewLead, PossibleDuplicates
from domain.ports import Work
from storage.fixed import Fixed
from storage.schema import metadata
from storage.sqlite import SqliteDatabase
from storage.turns import MOST_ROWS
from storage.unit_of_work import DatabaseStore
from tests.firm import FirmDesks, FrozenClock, found_firm

FIXED = [
    (module.name, name, fixed)
    for module in pkgutil.iter_modules(storage.__path__)
    if not module.ispkg
    for name, fixed in vars(importlib.import_module(f"storage.{module.name}")).items()
    if isinstance(fixed, Fixed)
]
"""The statements kept as constants, each with its module and its name there."""


@pytest.fixture
async def london(sqlite_database: SqliteDatabase, clock: FrozenClock) -> FirmDesks:
    """A firm on SQLite."""
    return await found_firm(DatabaseStore(sqlite_database, clock), clock)


def keeping(key: str) -> Callable[[Work], None]:
    """Work that keeps a result under a request's key."""
    return lambda work: work.requests.keep(key, "done")


def kept(connection: Connection) -> list[str]:
    """The keys there are results of."""
    return list(connection.execute(text("SELECT key FROM request_results ORDER BY key")).scalars())


async def together(firm: FirmDesks, *bodies: Callable[[Work], Any]) -> list[Any]:
    """What comes of pieces of work that arrive at once; an error where one failed."""
    pieces = [firm.store.write(firm.workspace_id, body, may_repeat=True) for body in bodies]
    return await asyncio.gather(*pieces, return_exceptions=True)


async def test_a_row_that_breaks_a_rule_fails_nobody_but_who_put_it(london: FirmDesks) -> None:
    tried: list[str] = []

    def noted(key: str) -> Callable[[Work], None]:
        def body(work: Work) -> None:
            tried.append(key)
            work.requests.keep(key, "done")

        return body

    keys = ["one", "two", "one", "three"]
    results = await together(london, *map(noted, keys))
    assert tried == [*keys, *keys]  # together, and then each by itself
    assert [type(result) for result in results] == [type(None), type(None), sqlite3.IntegrityError, type(None)]
    assert await london.store.database.read(kept) == ["one", "three", "two"]  # type: ignore[attr-defined]


async def test_whoever_asks_in_the_same_turn_is_not_blamed_for_such_a_row(london: FirmDesks) -> None:
    await together(london, keeping("one"))
    results = await together(london, keeping("one"), lambda work: work.requests.result("one"))
    assert [type(result) for result in results] == [sqlite3.IntegrityError, str]


async def test_what_was_put_in_a_turn_is_there_for_who_asks_next(london: FirmDesks) -> None:
    results = await together(london, keeping("one"), lambda work: work.requests.result("one"))
    assert results == [None, "done"]


async def test_of_two_captures_of_one_company_in_a_turn_the_second_hears_of_the_first(london: FirmDesks) -> None:
    new = NewLead(company="Acme Ltd", channel="web")
    one, other = await asyncio.gather(*(london.leads.capture(london.seller, new) for _time in range(2)))
    assert isinstance(one, Lead)
    assert isinstance(other, PossibleDuplicates)
    assert [match.account for match in other.matches] == [one.account]


async def test_whoever_has_the_connection_itself_sees_what_was_put(london: FirmDesks) -> None:
    database: SqliteDatabase = london.store.database  # type: ignore[attr-defined]
    putting = london.store.write(london.workspace_id, keeping("one"), may_repeat=True)
    _nothing, seen = await asyncio.gather(putting, database.write(kept, may_repeat=True))
    assert seen == ["one"]


async def test_more_rows_than_may_wait_are_all_kept(london: FirmDesks) -> None:
    keys = [f"{number:04}" for number in range(MOST_ROWS + 20)]

    def body(work: Work) -> None:
        for key in keys:
            work.requests.keep(key, "done")

    await together(london, body, keeping("last"))
    assert await london.store.database.read(kept) == [*keys, "last"]  # type: ignore[attr-defined]


@pytest.mark.parametrize("fixed", [pytest.param(fixed, id=f"{module}.{name}") for module, name, fixed in FIXED])
def test_a_statement_knows_its_tables(fixed: Fixed) -> None:
    sql = str(fixed.statement)
    assert fixed.tables == {table for table in metadata.tables if re.search(rf"\b{table}\b(?!\.)", sql)} != set()
