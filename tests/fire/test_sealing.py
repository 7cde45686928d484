"""Two processes seal the same events at the same moment: each event gets one seal, and the chain verifies."""

import asyncio
from datetime import timedelta

import pytest
from sqlalchemy import Connection, literal, select, text
from sqlalchemy.ext.asyncio import create_async_engine

from domain.core.audit import SEAL_AFTER
from domain.core.audit_chain import AuditCheck
from storage.engine.database import Database, open_database
from storage.engine.postgres import PostgresDatabase
from storage.schema import audit_events
from storage.unit_of_work import Store, UnitOfWork
from tests.fire.processes import FORKS
from tests.fire.sealer import seal_each
from tests.firm import TUESDAY_MORNING, WHOLE, FrozenClock
from tests.sealing import ends_of_seals, seal_late
from usecases.core.maintenance import BATCH, UpkeepDesk

EVENTS = 4000
NOW = TUESDAY_MORNING + SEAL_AFTER
WAITING = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"


async def fill(database: Database, workspace_id: str, count: int) -> None:
    """Events that all happened in the same second."""
    numbers = select(literal(1).label("n")).cte("numbers", recursive=True)
    numbers = numbers.union_all(select(numbers.c.n + 1).where(numbers.c.n < count))
    columns = ("workspace_id", "at", "source", "event", "subject", "subject_id")
    at = literal(TUESDAY_MORNING, audit_events.c.at.type)
    rows = select(literal(workspace_id), at, literal("test"), literal("lead.captured"), literal("lead"), numbers.c.n)
    await database.write(lambda c: c.execute(audit_events.insert().from_select(columns, rows)).rowcount, workspace_id)


def upkeep_of(database: Database) -> UpkeepDesk:
    """The desk of a process, a minute after the events."""
    return UpkeepDesk(Store(database, FrozenClock(NOW)), WHOLE)


async def check(database: Database, workspace_id: str, count: int) -> AuditCheck:
    """What the verification says, ten minutes later; all events must be covered, once each."""
    later = FrozenClock(NOW + timedelta(minutes=10))
    found = await UpkeepDesk(Store(database, later), WHOLE).verify_audit(workspace_id)
    assert (found.wrong, found.covered, found.unsealed) == (None, count, 0), workspace_id
    return found


async def seal_in_two_processes(database: Database, rounds: int) -> None:
    """Let two processes seal so many workspaces."""
    workspaces = [f"T{number}" for number in range(rounds)]
    for workspace_id in workspaces:
        await fill(database, workspace_id, EVENTS)
    together = FORKS.Barrier(2)
    processes = [
        FORKS.Process(target=seal_each, args=(together, database.url, workspaces, NOW), daemon=True)
        for _process in range(2)
    ]
    for process in processes:
        process.start()
    for process in processes:
        await asyncio.to_thread(process.join)
        assert process.exitcode == 0
    for workspace_id in workspaces:
        found = await check(database, workspace_id, EVENTS)
        assert found.head is not None
        assert found.head.number >= EVENTS // BATCH


async def test_two_processes_that_seal_at_the_same_moment_leave_one_chain(database: Database) -> None:
    await seal_in_two_processes(database, rounds=3)


@pytest.mark.slow
@pytest.mark.timeout(300)
async def test_two_processes_that_seal_at_the_same_moment_again_and_again_leave_one_chain(database: Database) -> None:
    await seal_in_two_processes(database, rounds=50)


def seal_unlocked(connection: Connection) -> None:
    """Seal as a replica of an older version does, which takes no lock."""
    work = UnitOfWork(connection, "T1", "postgresql", NOW)
    seal_late(ends_of_seals(work)[-1], BATCH, work)


async def until_waiting(database: Database, count: int) -> None:
    """Return once so many transactions wait for a lock."""
    while True:
        if await database.read(lambda connection: connection.execute(text(WAITING)).scalar_one()) >= count:
            return
        await asyncio.sleep(0.02)


@pytest.mark.postgres
async def test_one_that_seals_between_anothers_reads_leaves_one_chain(postgres_database: PostgresDatabase) -> None:
    """The other has read the end of the chain, and is held up before it reads the events; a third one comes meanwhile."""
    await fill(postgres_database, "T1", 3 * BATCH)
    await upkeep_of(postgres_database).seal_audit("T1")
    third = open_database(postgres_database.url)
    engine = create_async_engine(postgres_database.url.replace("postgresql:", "postgresql+asyncpg:"))
    async with engine.begin() as connection:
        await connection.execute(text("LOCK TABLE audit_events IN ACCESS EXCLUSIVE MODE"))
        others = [asyncio.create_task(upkeep_of(database).seal_audit("T1")) for database in (postgres_database, third)]
        await until_waiting(postgres_database, len(others))
        await connection.run_sync(seal_unlocked)
    await asyncio.gather(*others)
    while await upkeep_of(third).seal_audit("T1"):
        pass
    await check(postgres_database, "T1", 3 * BATCH)
    await engine.dispose()
    await third.close()
