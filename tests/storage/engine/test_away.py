"""A database that cannot be reached: whoever asks hears of it, together and soon, and nothing is written where nobody finds it."""

import asyncio
import sqlite3
import time
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from domain.core.refusals import RecordsAway
from storage.engine.database import Database, open_database
from storage.migrations import upgrade
from storage.unit_of_work import Store
from tests.firm import FirmDesks, FrozenClock, found_firm

PATIENCE = 0.3


@pytest.fixture
async def database(tmp_path: Path) -> AsyncIterator[Database]:
    """A database in a file, for which writes wait less than a second."""
    database = open_database(f"sqlite:///{tmp_path}/rain.db", PATIENCE)
    await upgrade(database)
    yield database
    await database.close()


@pytest.fixture
async def firm(database: Database) -> FirmDesks:
    """A firm on it."""
    return await found_firm(Store(database, FrozenClock()), FrozenClock())


async def test_writes_that_wait_for_a_lock_give_up_together(firm: FirmDesks, tmp_path: Path) -> None:
    other = sqlite3.connect(tmp_path / "rain.db")
    other.execute("BEGIN IMMEDIATE")
    began = time.monotonic()
    asked = [firm.captured(f"Company {number}") for number in range(8)]
    outcomes = await asyncio.gather(*asked, return_exceptions=True)
    assert {type(one) for one in outcomes} == {RecordsAway}
    assert time.monotonic() - began < 4 * PATIENCE
    other.rollback()
    other.close()
    assert (await firm.captured("Company 9")).number == 1


@pytest.mark.parametrize("replaced", [False, True], ids=["deleted", "replaced"])
async def test_nothing_is_written_to_a_file_that_is_not_there_any_more(
    firm: FirmDesks, tmp_path: Path, *, replaced: bool
) -> None:
    path = tmp_path / "rain.db"
    kept = path.rename(tmp_path / "elsewhere.db")
    if replaced:
        path.touch()
    for asked in (firm.captured("Acme Ltd"), firm.leads.mine(firm.seller), firm.upkeep.backlog()):
        with pytest.raises(RecordsAway):
            await asked
    kept.replace(path)
    assert (await firm.captured("Acme Ltd")).number == 1


async def test_a_postgresql_that_does_not_answer_is_away() -> None:
    database = open_database("postgresql://nobody@127.0.0.1:9/nothing")
    with pytest.raises(RecordsAway):
        await Store(database, FrozenClock()).read("T1", lambda work: work.workspaces.get())
    await database.close()


async def test_what_is_our_own_fault_is_no_absence(firm: FirmDesks) -> None:
    with pytest.raises(ZeroDivisionError):
        await firm.store.write(firm.workspace_id, lambda _work: 1 // 0)
