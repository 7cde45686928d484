"""The database: one transaction is a plain function that is given a connection and runs to its commit.

On SQLite all writes of a process take turns (`storage/sqlite.py`); PostgreSQL runs the same plain functions on asyncpg
(`storage/postgres.py`).
"""

from collections.abc import Callable
from pathlib import Path
from typing import Protocol, TypeVar

from sqlalchemy import Connection
from sqlalchemy.engine import make_url

from storage.postgres import PostgresDatabase
from storage.sqlite import SqliteDatabase

T = TypeVar("T")


class Database(Protocol):
    """Runs plain functions in transactions."""

    dialect: str

    async def write(self, body: Callable[[Connection], T], *, may_repeat: bool = False) -> T:
        """Run `body` in a transaction that is committed when this returns; whatever it raises undoes all of it.

        One that `may_repeat` may share a transaction with others, and then be carried out again.
        """
        ...

    async def write_late(self, body: Callable[[Connection], T], *, may_repeat: bool = False) -> T:
        """Like `write`, for a `body` that changes something only through a `Scope`, which begins the transaction when it must."""
        ...

    async def glance(self, body: Callable[[Connection], T]) -> T:
        """Run `body`, which must not write and takes a few milliseconds at the most, in a transaction of its own."""
        ...

    async def read(self, body: Callable[[Connection], T]) -> T:
        """Run `body`, which must not write, in a transaction of its own; it may take its time."""
        ...

    async def close(self) -> None:
        """Finish what is waiting and let go of all connections."""
        ...


def open_database(url: str) -> Database:
    """The database behind `sqlite:///file.db`, whose folder is made if need be, or `postgresql://user@host/name`.

    Raises ValueError for any other kind.
    """
    kind = make_url(url).get_backend_name()
    if kind == "sqlite":
        Path(make_url(url).database or "").parent.mkdir(parents=True, exist_ok=True)
        return SqliteDatabase(url)
    if kind == "postgresql":
        return PostgresDatabase(url)
    raise ValueError(f"{kind!r} is not supported; use sqlite:/// or postgresql://")
