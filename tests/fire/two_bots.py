"""Two bots on one PostgreSQL, in one event loop: what comes of doing things on both at the same moment, and of one after the other."""

import asyncio
import difflib
import hashlib
import json
import re
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from functools import partial
from itertools import permutations
from typing import Any

import asyncpg  # type: ignore[import-untyped]

from domain.core.refusals import Refusal
from storage.engine.database import Database, open_database
from storage.schema import metadata
from storage.unit_of_work import Store
from tests.fire.busy_firm import FIRST_NUMBER, BusyFirm, a_busy_firm
from tests.firm import FrozenClock
from tests.scenes import PostgresScenes

A_NUMBER = re.compile(rf"\b\d{{{len(str(FIRST_NUMBER))},}}\b")
"""What in a text may be the id or the number of a new row."""
LONGEST_CHAIN = 3
"""Rows that refer to each other in a line, at the most."""

ALL_ROWS = " UNION ALL ".join(
    f"SELECT '{name}' AS of_table, to_jsonb({name}) AS row FROM {name}" for name in metadata.tables
)
Row = tuple[str, dict[str, Any]]
Act = Callable[[Store], Awaitable[Any]]
"""What somebody does, on the store of one of the bots."""


@dataclass(frozen=True)
class Outcome:
    """What people got, and all that is in the database then; where a new row is named, so is what is in it instead of its number."""

    answers: list[str]
    state: list[str]
    came_to: list[Any] = field(compare=False)
    """The answers as they were given: results, refusals, and failures."""

    @property
    def tickets(self) -> list[Any]:
        """Failures that nobody was prepared for."""
        return [one for one in self.came_to if isinstance(one, BaseException) and not isinstance(one, Refusal)]

    @property
    def done(self) -> list[Any]:
        """What was not refused came to."""
        return [one for one in self.came_to if not isinstance(one, BaseException)]

    def unlike(self, other: "Outcome") -> list[str]:
        """Where they differ: what only the other has after a -, what only this one has after a +."""
        ours, theirs = ([*enumerate(one.answers), *one.state] for one in (self, other))
        lines = difflib.unified_diff([str(line) for line in theirs], [str(line) for line in ours], lineterm="", n=0)
        return [line for line in lines if not line.startswith(("---", "+++", "@@"))]


class TwoBots:
    """Two stores on one database, which is put back as it was before each time; `beside` is a connection of asyncpg's to it."""

    def __init__(self, databases: Sequence[Database], beside: Any, putting_back: str) -> None:
        self._beside, self._putting_back = beside, putting_back
        self.clock = FrozenClock()
        self.clock.advance(hours=47, minutes=5)  # a morning on which there are exceptions to be told
        self.stores = [Store(database, self.clock) for database in databases]

    async def together(self, acts: Sequence[Act]) -> list[Any]:
        """Do all of this at the same moment, by turns on the bots; what each of them came to, or how it failed."""
        doing = (act(self.stores[place % len(self.stores)]) for place, act in enumerate(acts))
        return await asyncio.gather(*doing, return_exceptions=True)

    async def at_once(self, acts: Sequence[Act]) -> Outcome:
        """What comes of doing this at the same moment."""
        await self._beside.execute(self._putting_back)
        return await self._outcome(await self.together(acts))

    async def one_by_one(self, acts: Sequence[Act], order: Sequence[int]) -> Outcome:
        """What comes of doing one after the other."""
        await self._beside.execute(self._putting_back)
        answers = {place: (await self.together([acts[place]]))[0] for place in order}
        return await self._outcome([answers[place] for place in range(len(acts))])

    async def _outcome(self, answers: Sequence[Any]) -> Outcome:
        rows = _with_places(await self._beside.fetch(ALL_ROWS))
        told = partial(_told, _names(rows))
        return Outcome(
            answers=[told(_answer(answer)) for answer in answers],
            state=sorted(f"{table} {told(repr(row))}" for table, row in rows),
            came_to=list(answers),
        )

    async def orders(self, acts: Sequence[Act]) -> list[Outcome]:
        """What comes of doing one after the other, in every order."""
        return [await self.one_by_one(acts, order) for order in permutations(range(len(acts)))]


def strange(outcome: Outcome, orders: Sequence[Outcome]) -> str | None:
    """How an outcome is not what comes of any order; None where it is."""
    if outcome.tickets:
        return f"asks for a ticket: {outcome.tickets}"
    if outcome in orders:
        return None
    return "\n".join(min((outcome.unlike(order) for order in orders), key=len))


@asynccontextmanager
async def two_bots(scenes: PostgresScenes) -> AsyncIterator[tuple[TwoBots, BusyFirm]]:
    """Two bots at the busy firm."""
    first = await scenes.open(a_busy_firm)
    databases = [first, open_database(first.url)]
    beside = await asyncpg.connect(first.url)
    try:
        yield TwoBots(databases, beside, scenes.putting_back(a_busy_firm)), scenes.facts[a_busy_firm]
    finally:
        await beside.close()
        for database in databases:
            await database.close()


def _answer(answer: Any) -> str:
    return f"{type(answer).__name__}: {answer.sentence}" if isinstance(answer, Refusal) else repr(answer)


def _with_places(found: Sequence[Sequence[str]]) -> list[Row]:
    """Rows as facts, the oldest first; events with their place among those of the same record."""
    rows: list[Row] = sorted(((table, json.loads(row)) for table, row in found), key=lambda row: row[1].get("id", 0))
    places = Counter[tuple[str, int]]()
    for table, row in rows:
        if table == "audit_events":
            about = (row["subject"], row["subject_id"])
            places[about] += 1
            row["place"] = places[about]
    return rows


def _names(rows: Sequence[Row]) -> Mapping[str, str]:
    """By the ids and numbers of new rows, what is in them, named in turn."""
    names = {own: table for table, row in rows for own in _own(row)}
    for _link in range(LONGEST_CHAIN):
        names = {own: f"{table}:{_digest(row, names)}" for table, row in rows for own in _own(row)}
    return names


def _own(row: Mapping[str, Any]) -> Iterator[str]:
    """The id and the number that a row was given."""
    return (str(row[name]) for name in ("id", "number") if (row.get(name) or 0) > FIRST_NUMBER)


def _digest(row: Mapping[str, Any], names: Mapping[str, str]) -> str:
    told = _told({**names, **dict.fromkeys(_own(row), "its own")}, repr(row))
    return hashlib.md5(told.encode(), usedforsecurity=False).hexdigest()[:8]


def _told(names: Mapping[str, str], words: str) -> str:
    return A_NUMBER.sub(lambda found: names.get(found[0], found[0]), words)
