"""References that lead nowhere: the database refuses most of them, and the rest are found and named."""

import pytest
from sqlalchemy import delete, update
from sqlalchemy.exc import IntegrityError

from storage.engine.columns import WhenGone
from storage.engine.database import Database
from storage.engine.relations import JOURNALED, USERS_FIRST, referring_to
from storage.schema import accounts, leads, metadata
from tests.firm import FirmDesks, found_firm


async def test_the_database_itself_refuses_a_reference_to_another_workspace(
    firm: FirmDesks, database: Database
) -> None:
    other = await found_firm(firm.store, firm.clock, "T0PARIS")
    ours, theirs = await firm.captured(), await other.captured("Their Company")
    people = dict.fromkeys(("owner_id", "captured_by", "disqualified_by"), other.seller.member_id)
    for column, number in {"account_id": theirs.account.id, "merged_into_id": theirs.id, **people}.items():
        leads_there = update(leads).where(leads.c.id == ours.id).values({column: number})
        with pytest.raises(IntegrityError, match=r"(?i)foreign key"):
            await database.write(lambda connection, change=leads_there: connection.execute(change))


async def test_the_database_itself_keeps_what_is_referred_to(firm: FirmDesks, database: Database) -> None:
    lead = await firm.captured()
    with pytest.raises(IntegrityError, match=r"(?i)foreign key"):
        await database.write(
            lambda connection: connection.execute(delete(accounts).where(accounts.c.id == lead.account.id))
        )


def test_whatever_a_merge_moves_can_be_moved_back() -> None:
    for table in metadata.tables.values():
        if "merged_into_id" in table.c:
            assert {reference.table for reference in referring_to(table, WhenGone.HOLDS)} <= JOURNALED, table.name


def test_undoing_removes_users_before_what_they_use() -> None:
    for place, name in enumerate(USERS_FIRST):
        holding = {reference.table.name for reference in referring_to(metadata.tables[name], WhenGone.HOLDS)}
        assert holding & set(USERS_FIRST) <= set(USERS_FIRST[: place + 1]), name


async def test_sqlite_removes_no_record_by_reading_through_what_may_refer_to_it(sqlite_database: Database) -> None:
    for name in USERS_FIRST:
        plan = await sqlite_database.read(
            lambda connection, name=name: connection.exec_driver_sql(
                f"EXPLAIN QUERY PLAN DELETE FROM {name} WHERE id = 1"
            ).all()
        )
        assert [step.detail for step in plan if step.detail.startswith("SCAN")] == [], name
