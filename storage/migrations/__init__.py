"""Brings a database to the tables of today, one recorded step after the other; steps are only ever added.

A new step: change `storage/schema/`, then `make migration NAME="what it does"`, and read what was written.
"""

from functools import cache
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection

from storage.engine.database import Database
from storage.migrations.planner import tell_planner

ONE_AT_A_TIME = 7246_6255
"""Key of the lock that migrations take on PostgreSQL; any number of our own."""
HERE = Path(__file__).parent


class UpgradeRefused(Exception):
    """The database holds something that people must decide about first; the words say what."""


def alembic_config(connection: Connection | None = None) -> Config:
    """What Alembic needs to know of us; `connection` is the one to work on."""
    config = Config()
    config.set_main_option("script_location", str(HERE))
    config.set_main_option("path_separator", "os")
    config.attributes["connection"] = connection
    return config


@cache
def newest() -> str:
    """The revision the code needs; its steps are read once."""
    head = ScriptDirectory.from_config(alembic_config()).get_current_head()
    assert head is not None
    return head


async def upgrade(database: Database) -> None:
    """Bring the database to the newest revision, in one transaction; of several processes that start together, one does.

    Raises UpgradeRefused, and then nothing was changed.
    """

    def body(connection: Connection) -> None:
        if database.dialect == "postgresql":
            connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({ONE_AT_A_TIME})")
        if _revision(connection) != newest():
            command.upgrade(alembic_config(connection), "head")
        if database.dialect == "sqlite":
            tell_planner(connection)

    await database.restructure(body)


async def current(database: Database) -> str | None:
    """The revision the database is at, or None when it is empty."""
    return await database.read(_revision)


def _revision(connection: Connection) -> str | None:
    return MigrationContext.configure(connection).get_current_revision()
