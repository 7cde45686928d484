"""The migrations make exactly the tables of the schema, on both databases, and are safe to run again."""

import asyncio
from pathlib import Path

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import Connection, inspect, text

from storage.database import Database, open_database
from storage.migrations import alembic_config, current, newest, upgrade
from storage.postgres import PostgresDatabase
from storage.schema import account_keys, accounts, metadata
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
    assert kept == [("T1", "acme", "head", 7, "acme")]
    key = await database.read(lambda c: inspect(c).get_pk_constraint("account_keys"))
    assert key["constrained_columns"] == ["workspace_id", "value", "kind", "account_id"]


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
