"""The migrations make exactly the tables of the schema, on both databases, and are safe to run again."""

import asyncio
import re
from datetime import datetime, timedelta, timezone
from pathlib import Path

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, inspect, text

from domain.sales.duplicates import KeyKind, keys_of
from storage.engine.database import Database, open_database
from storage.engine.postgres import PostgresDatabase
from storage.migrations import alembic_config, current, newest, upgrade
from storage.migrations.new import name_at
from storage.schema import account_keys, accounts, metadata, operation_steps
from tests.firm import TUESDAY_MORNING


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
        metadata.drop_all(connection)
        connection.exec_driver_sql("DROP TABLE alembic_version")
        command.upgrade(alembic_config(connection), "0003")
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
        metadata.drop_all(connection)
        connection.exec_driver_sql("DROP TABLE alembic_version")
        command.upgrade(alembic_config(connection), "0012")
        for number, name in names.items():
            account = {"id": number, "workspace_id": "T1", "number": number, "name": name}
            known = {"normal_name": name.casefold(), "merged_into_id": 7 if number == 8 else None}
            connection.execute(accounts.insert(), {**account, **known, "created_at": TUESDAY_MORNING})
        for value, number in tails.items():
            key = {"workspace_id": "T1", "value": value, "kind": "tail", "account_id": number}
            connection.execute(account_keys.insert(), {**key, "normal_name": names[number].casefold()})
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
