"""The migrations make exactly the tables of the schema, on both databases, and are safe to run again."""

import asyncio
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import inspect

from storage.database import Database, PostgresDatabase, open_database
from storage.migrations import current, newest, upgrade
from storage.schema import metadata


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
