"""The migrations make exactly the tables of the schema, on both databases, and are safe to run again."""

import asyncio
import re
from datetime import datetime, time, timedelta, timezone
from pathlib import Path

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, inspect, select, text, update
from sqlalchemy.exc import IntegrityError
from structlog.testing import capture_logs

from domain.sales.duplicates import KeyKind, keys_of
from storage.engine.database import Database, open_database
from storage.engine.postgres import PostgresDatabase
from storage.engine.sqlite import SqliteDatabase
from storage.migrations import UpgradeRefused, alembic_config, current, newest, upgrade
from storage.migrations.new import name_at
from storage.schema import (
    account_keys,
    accounts,
    audit_events,
    contacts,
    deals,
    leads,
    members,
    metadata,
    operation_steps,
    operations,
)
from tests.firm import TUESDAY_MORNING, dangling_in

A_MEMBER = {
    "id": 1,
    "workspace_id": "T1",
    "slack_id": "U1",
    "name": "Sam",
    "zone": "Europe/London",
    "locale": "en-GB",
    **dict.fromkeys(("is_bot", "is_guest", "is_external", "is_deleted"), False),
    "work_starts": time(9),
    "work_ends": time(17),
    "learned_at": TUESDAY_MORNING,
}
AN_OPERATION = {
    "id": 1,
    "workspace_id": "T1",
    "kind": "account.edited",
    "subject": "account",
    "subject_id": 7,
    "summary": "Edited A-7.",
    "member_id": 1,
    "at": TUESDAY_MORNING,
}


AN_ACCOUNT = {
    "id": 7,
    "workspace_id": "T1",
    "number": 1,
    "name": "Acme Ltd",
    "normal_name": "acme",
    "created_at": TUESDAY_MORNING,
}
A_KEY = {"workspace_id": "T1", "value": "acme", "kind": "head", "account_id": 7, "normal_name": "acme"}
A_LEAD = {
    "id": 3,
    "workspace_id": "T1",
    "number": 1,
    "account_id": 7,
    "channel": "web",
    "said": "hello",
    "status": "open",
    "captured_by": 1,
    "captured_at": TUESDAY_MORNING,
    "answers": {"need": "clear"},
    "version": 1,
}


def begin_at(connection: Connection, revision: str) -> None:
    """Empty the database, and make the tables as they were at an earlier revision."""
    metadata.drop_all(connection)
    connection.exec_driver_sql("DROP TABLE alembic_version")
    command.upgrade(alembic_config(connection), revision)


async def test_the_migrations_make_the_tables_of_the_schema(database: Database) -> None:
    differences = await database.read(
        lambda connection: compare_metadata(
            MigrationContext.configure(connection, opts={"compare_type": True}), metadata
        )
    )
    assert differences == []


async def test_every_index_of_the_schema_is_there_with_its_condition(database: Database) -> None:
    def indexes(connection: object) -> dict[str, bool]:
        found = inspect(connection)
        return {
            str(index["name"]): bool(index.get("dialect_options", {}).get(f"{database.dialect}_where") is not None)
            for table in metadata.tables
            for index in found.get_indexes(table)
        }

    there = await database.read(indexes)
    for table in metadata.tables.values():
        for index in table.indexes:
            is_partial = index.dialect_options[database.dialect]["where"] is not None
            assert there[str(index.name)] == is_partial, index.name


async def test_an_upgrade_of_the_newest_changes_nothing(database: Database) -> None:
    assert await current(database) == newest()
    await upgrade(database)
    assert await current(database) == newest()


async def test_accounts_stay_filed_under_their_keys(database: Database) -> None:
    """From revision 0003 on, when the key began with the kind and the name was kept with the account alone."""

    def as_before(connection: Connection) -> None:
        begin_at(connection, "0003")
        account = {"id": 7, "workspace_id": "T1", "number": 1, "name": "Acme Ltd", "normal_name": "acme"}
        connection.execute(accounts.insert(), {**account, "created_at": TUESDAY_MORNING})
        connection.exec_driver_sql("INSERT INTO account_keys VALUES ('T1', 'head', 'acme', 7)")

    await database.write(as_before)
    await upgrade(database)
    kept = await database.read(lambda c: [tuple(row) for row in c.execute(account_keys.select())])
    assert kept == [("T1", "acme", "head", 7, "acme"), ("T1", "me", "tail", 7, "acme")]
    key = await database.read(lambda c: inspect(c).get_pk_constraint("account_keys"))
    assert key["constrained_columns"] == ["workspace_id", "value", "kind", "account_id"]


async def test_accounts_are_filed_by_their_seam_and_so_are_steps_that_are_undone(database: Database) -> None:
    """From revision 0012 on, when all were filed by how their names end, and one was renamed and one merged."""
    names = {7: "Fjordline Ferries", 8: "Fjord Lines", 9: "Acme"}
    tails = {"ries": 7, "ines": 7, "me": 9}
    renamed = {"value": "ries", "kind": "tail", "account_id": 7, "normal_name": "fjordline ferries"}
    merged = {"value": "ines", "kind": "tail", "account_id": 7, "normal_name": "fjordline ferries"}

    def as_before(connection: Connection) -> None:
        begin_at(connection, "0012")
        for number, name in names.items():
            account = {"id": number, "workspace_id": "T1", "number": number, "name": name}
            known = {"normal_name": name.casefold(), "merged_into_id": 7 if number == 8 else None}
            connection.execute(accounts.insert(), {**account, **known, "created_at": TUESDAY_MORNING})
        for value, number in tails.items():
            key = {"workspace_id": "T1", "value": value, "kind": "tail", "account_id": number}
            connection.execute(account_keys.insert(), {**key, "normal_name": names[number].casefold()})
        connection.execute(members.insert(), A_MEMBER)
        connection.execute(operations.insert(), AN_OPERATION)
        for row in (renamed, merged):
            of_row = {name: row[name] for name in ("value", "kind", "account_id")}
            step = {"workspace_id": "T1", "operation_id": 1, "of_table": "account_keys", "of_row": of_row}
            connection.execute(operation_steps.insert(), {**step, "before": None, "after": row})

    await database.write(as_before)
    await upgrade(database)
    kept = await database.read(lambda c: {tuple(row) for row in c.execute(account_keys.select())})
    assert kept == {
        ("T1", value, kind.value, number, names[number].casefold())
        for number, name in ((7, "Fjordline Ferries"), (7, "Fjord Lines"), (9, "Acme"))
        for kind, value in keys_of(name)
        if kind in {KeyKind.TAIL, KeyKind.SEAM}
    }
    [step] = await database.read(lambda c: c.execute(operation_steps.select()).all())
    assert (step.before, step.after) == (None, {**renamed, "value": "ne fe", "kind": "seam"})
    assert step.of_row == {"value": "ne fe", "kind": "seam", "account_id": 7}


def test_a_step_is_named_by_the_moment_it_is_written_wherever_that_is() -> None:
    evening = datetime(2026, 11, 30, 18, 10, tzinfo=timezone(timedelta(hours=1)))
    assert name_at(evening) == "20261130_1710"


def test_every_step_since_0013_is_named_by_its_moment_and_so_is_its_file() -> None:
    for step in ScriptDirectory.from_config(alembic_config()).walk_revisions():
        assert Path(step.path).name.startswith(f"{step.revision}_"), step.path
        assert re.fullmatch(r"00(0[1-9]|1[0-3])|\d{8}_\d{4}", step.revision), step.path


async def test_references_that_lead_nowhere_are_emptied_or_stop_the_upgrade(database: Database) -> None:
    """From revision 0013 on, when no foreign key kept them from it."""
    needed = update(leads).values(account_id=404)

    def as_before(connection: Connection) -> None:
        begin_at(connection, "0013")
        connection.execute(members.insert(), A_MEMBER)
        connection.execute(accounts.insert(), AN_ACCOUNT | {"confirmed_by": 404})
        connection.execute(account_keys.insert(), [A_KEY, A_KEY | {"account_id": 404}])
        connection.execute(leads.insert(), A_LEAD | {"owner_id": 404, "merged_into_id": 3})
        connection.execute(needed)

    await database.write(as_before)
    with pytest.raises(
        UpgradeRefused, match=r"In leads, 1 row \(id 3\) refer by account_id to accounts that are not there"
    ):
        await upgrade(database)
    assert await current(database) == "0013"
    [kept] = await database.read(lambda connection: connection.execute(select(leads.c.owner_id)).all())
    assert kept.owner_id == 404
    await database.write(lambda connection: connection.execute(needed.values(account_id=7)))
    with capture_logs() as logged:
        await upgrade(database)
    held = {(line["table"], line["column"]): line["held"] for line in logged if "held" in line}
    assert held == {("accounts", "confirmed_by"): {7: 404}, ("leads", "owner_id"): {3: 404}}
    assert await dangling_in(database) == []
    [lead] = await database.read(lambda connection: connection.execute(leads.select()).all())
    assert {**lead._mapping} == dict.fromkeys(leads.c.keys()) | A_LEAD | {"merged_into_id": 3}
    assert await database.read(
        lambda connection: connection.execute(select(account_keys.c.account_id)).scalars().all()
    ) == [7]


async def test_a_table_is_copied_with_all_that_is_special_about_it(sqlite_database: SqliteDatabase) -> None:
    """As SQLite changes it: keys as rows, and ids that are never given twice."""

    def as_before(connection: Connection) -> None:
        begin_at(connection, "0013")
        for number in (1, 2):
            event = {"workspace_id": "T1", "at": TUESDAY_MORNING, "source": "x", "event": "lead.won"}
            connection.execute(audit_events.insert(), {**event, "id": number, "subject": "lead", "subject_id": 1})
        connection.exec_driver_sql("DELETE FROM audit_events WHERE id = 2")

    await sqlite_database.write(as_before)
    await upgrade(sqlite_database)
    without_rowid = "SELECT name FROM pragma_table_list WHERE wr = 1"
    assert await sqlite_database.read(lambda c: c.exec_driver_sql(without_rowid).scalars().all()) == ["account_keys"]
    latest = "SELECT seq FROM sqlite_sequence WHERE name = 'audit_events'"
    assert await sqlite_database.read(lambda c: c.exec_driver_sql(latest).scalar()) == 2


async def test_foreign_keys_are_looked_after_again_once_the_upgrade_is_done(sqlite_database: SqliteDatabase) -> None:
    await upgrade(sqlite_database)
    stray = contacts.insert().values(workspace_id="T1", account_id=404)
    for _connection in range(6):
        with pytest.raises(IntegrityError):
            await sqlite_database.write(lambda connection: connection.execute(stray))


async def test_what_named_a_deal_or_a_lead_belongs_to_it_still(database: Database) -> None:
    """From revision 0013 on, when touches and the like had a column for each kind of record."""
    at = TUESDAY_MORNING.isoformat(" ")
    rows = {
        "touches (id, lead_id, deal_id, kind, key_points, at, by)": [
            f"1, 3, NULL, 'call', 'hello', '{at}', 1",
            f"2, NULL, 5, 'mail', 'bye', '{at}', 1",
        ],
        "meetings (id, deal_id, about, at, minutes, state, planned_by, version)": [
            f"1, 5, 'scope', '{at}', 60, 'planned', 1, 1"
        ],
        "needs_briefs (id, deal_id, version, needs, pains, goals, at, by)": [f"1, 5, 1, 'x', 'y', 'z', '{at}', 1"],
        "documents (id, deal_id, kind, title, slack_file, sha256, size, at, by)": [
            f"1, 5, 'solution', 'x', 'F1', '0', 1, '{at}', 1"
        ],
        "promises (id, deal_id, said, state, noted_at, noted_by)": [f"1, 5, 'by May', 'open', '{at}', 1"],
        "deal_channels (id, deal_id, state, name, take, is_private, archives, invites, is_described, invited, is_pinned, "
        "attempts, tries)": [
            "1, 5, 'open', 'deal-5', 1, true, true, '[]', false, '[]', false, 0, 0",
            "2, NULL, 'open', 'deal-6', 1, true, true, '[]', false, '[]', false, 0, 0",
        ],
    }
    logged = {"id": 1, "lead_id": 3, "deal_id": None, "kind": "call"}
    promised = {"id": 1, "deal_id": 5, "said": "by May"}

    def as_before(connection: Connection) -> None:
        begin_at(connection, "0013")
        connection.execute(members.insert(), A_MEMBER)
        connection.execute(accounts.insert(), AN_ACCOUNT)
        connection.execute(leads.insert(), A_LEAD)
        deal = {"id": 5, "workspace_id": "T1", "number": 1, "title": "x", "outcome": "open"}
        connection.execute(deals.insert(), {**deal, "created_at": TUESDAY_MORNING})
        connection.execute(operations.insert(), AN_OPERATION)
        for table, several in rows.items():
            for values in several:
                into = table.replace("(", "(workspace_id, ")
                connection.exec_driver_sql(f"INSERT INTO {into} VALUES ('T1', {values})")
        for table, before, after in (
            ("touches", None, logged),
            ("touches", {"lead_id": 9}, {"lead_id": 3}),
            ("promises", promised, None),
            ("leads", {"deal_id": None}, {"deal_id": 5}),
        ):
            step = {"workspace_id": "T1", "operation_id": 1, "of_table": table, "of_row": {"id": 1}}
            connection.execute(operation_steps.insert(), {**step, "before": before, "after": after})

    await database.write(as_before)
    await upgrade(database)
    assert await dangling_in(database) == []

    def belonging(connection: Connection) -> dict[str, list[tuple[str | None, int | None]]]:
        return {
            name: [
                (row.subject, row.subject_id)
                for row in connection.exec_driver_sql(f"SELECT subject, subject_id FROM {name} ORDER BY id")
            ]
            for name in (table.partition(" ")[0] for table in rows)
        }

    found = await database.read(belonging)
    assert found.pop("touches") == [("lead", 3), ("deal", 5)]
    assert found.pop("deal_channels") == [("deal", 5), (None, None)]
    assert found == {name: [("deal", 5)] for name in ("meetings", "needs_briefs", "documents", "promises")}
    steps = await database.read(lambda c: c.execute(operation_steps.select().order_by(operation_steps.c.id)).all())
    assert [(step.before, step.after) for step in steps] == [
        (None, {"id": 1, "subject": "lead", "subject_id": 3, "kind": "call"}),
        ({"subject_id": 9}, {"subject_id": 3}),
        ({"id": 1, "subject": "deal", "subject_id": 5, "said": "by May"}, None),
        ({"deal_id": None}, {"deal_id": 5}),
    ]


async def test_an_empty_database_has_no_revision(tmp_path: Path) -> None:
    database = open_database(f"sqlite:///{tmp_path / 'empty.db'}")
    assert await current(database) is None
    await upgrade(database)
    assert await current(database) == newest()
    await database.close()


@pytest.mark.postgres
async def test_processes_that_start_together_upgrade_once(postgres_database: PostgresDatabase) -> None:
    others = [PostgresDatabase(postgres_database.url) for _process in range(3)]
    await postgres_database.write(metadata.drop_all)
    await postgres_database.write(lambda c: c.exec_driver_sql("DROP TABLE alembic_version"))
    await asyncio.gather(*(upgrade(other) for other in others))
    assert await current(postgres_database) == newest()
    for other in others:
        await other.close()


async def test_sqlite_looks_records_up_by_their_ids_however_many_a_workspace_has(tmp_path: Path) -> None:
    """Not through an index that begins with the workspace, of which every row may be."""
    database = open_database(f"sqlite:///{tmp_path / 'firm.db'}")
    await upgrade(database)
    await upgrade(database)
    await database.close()
    database = open_database(database.url)
    ids = ", ".join(str(number) for number in range(1, 101))
    for name, table in metadata.tables.items():
        if "id" in table.c and "workspace_id" in table.c:
            asked = f"EXPLAIN QUERY PLAN SELECT * FROM {name} WHERE id IN ({ids}) AND workspace_id = 'T1'"
            plan = await database.read(lambda connection, asked=asked: connection.execute(text(asked)).all())
            assert [row.detail for row in plan] == [f"SEARCH {name} USING INTEGER PRIMARY KEY (rowid=?)"]
    await database.close()
