"""References that lead nowhere: the database refuses most of them, and the rest are found and named."""

import asyncio
from pathlib import Path

import pytest
from sqlalchemy import Connection, delete, update
from sqlalchemy.exc import IntegrityError
from typer.testing import CliRunner

from bot.cli import app
from storage.columns import WhenGone
from storage.engine.database import Database, open_database
from storage.engine.relations import UNDOABLE, USERS_FIRST, references, referring_to
from storage.migrations import upgrade
from storage.schema import accounts, audit_events, cards, leads, metadata, reminders
from storage.unit_of_work import Store
from tests.firm import FirmDesks, FrozenClock, dangling_in, found_firm

pytestmark = pytest.mark.both


def test_every_column_with_ids_of_one_table_has_a_foreign_key_with_the_workspace() -> None:
    guarded = {
        (key.parent.table.name, tuple(column.name for column in key.constraint.columns))
        for table in metadata.tables.values()
        for key in table.foreign_keys
        if key.constraint
    }
    for reference in references():
        if reference.to is not None and reference.when_gone is not WhenGone.REMEMBERS:
            assert (reference.table.name, ("workspace_id", reference.column.name)) in guarded, str(reference.column)


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


async def test_what_no_key_guards_is_found_and_named(firm: FirmDesks, database: Database) -> None:
    lead = await firm.captured()
    assert await dangling_in(database) == []

    def spoil(connection: Connection) -> None:
        card = {"workspace_id": firm.workspace_id, "channel": "C1", "kind": "LeadCaptured"}
        for number, subject in enumerate(("lead", "lead", "lead", "lead", "lead", "lead", "riddle")):
            connection.execute(cards.insert(), {**card, "ts": f"1.{number}", "subject": subject, "subject_id": 99})
        connection.execute(update(reminders).where(reminders.c.kind == "lead.first_answer").values(subject_id=98))
        connection.execute(update(audit_events).where(audit_events.c.event == "lead.captured").values(actor_id=97))
        connection.execute(update(audit_events).values(subject_id=96))  # the log may name what is no longer there

    await database.write(spoil)
    assert [str(dangling).partition(" Look at")[0] for dangling in await dangling_in(database)] == [
        "reminders.subject_id: 1 row refers to a record (lead.first_answer) that is not there.",
        "audit_events.actor_id: 1 row refers to a record (member) that is not there.",
        "cards.subject_id: 6 rows refer to a record (lead) that is not there.",
        "cards.subject_id: 1 row refers to a record (riddle) that is not there.",
    ]
    assert lead.id != 98


async def test_a_record_of_another_workspace_is_none_of_ours(firm: FirmDesks, database: Database) -> None:
    other = await found_firm(firm.store, firm.clock, "T0PARIS")
    theirs = await other.captured("Their Company")
    await firm.store.write(
        firm.workspace_id, lambda work: work.cards.register("lead", theirs.id, "C1", "1.1", "LeadCaptured")
    )
    [found] = await dangling_in(database)
    assert (found.table, found.noun, found.count) == ("cards", "lead", 1)


def test_the_terminal_names_what_dangles_and_ends_with_1(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'firm.db'}"

    def checked() -> tuple[int, str]:
        result = CliRunner().invoke(app, ["db", "check"], env={"RAINMAKER_DATABASE_URL": url})
        return result.exit_code, result.output

    async def founded(*, is_spoilt: bool) -> None:
        database, clock = open_database(url), FrozenClock()
        await upgrade(database)
        firm = await found_firm(Store(database, clock), clock)
        if is_spoilt:
            await firm.store.write(firm.workspace_id, lambda work: work.cards.register("lead", 7, "C1", "1.1", "x"))
        await database.close()

    assert checked() == (2, "The database does not have the newest tables: run `rainmaker db upgrade` first.\n")
    asyncio.run(founded(is_spoilt=False))
    assert checked() == (0, "T0LONDON: Every reference leads to a record of this workspace.\n")
    asyncio.run(founded(is_spoilt=True))
    named = "T0LONDON: cards.subject_id: 1 row refers to a record (lead) that is not there. Look at 1.\n"
    assert checked() == (1, named)


def test_whatever_a_merge_moves_can_be_moved_back() -> None:
    for table in metadata.tables.values():
        if "merged_into_id" in table.c:
            assert {reference.table for reference in referring_to(table, WhenGone.HOLDS)} <= UNDOABLE, table.name


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
