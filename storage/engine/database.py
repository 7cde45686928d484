"""The database: one transaction is a plain function that is given a connection and runs to its commit.

On SQLite all writes of a process take turns (`storage/engine/sqlite.py`); PostgreSQL runs the same plain functions on asyncpg
(`storage/engine/postgres.py`).
"""

from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Protocol, TypeVar

from sqlalchemy import Connection
from sqlalchemy.engine import make_url

from storage.engine.postgres import PostgresDatabase
from storage.engine.sqlite import BUSY_SECONDS, SqliteDatabase

T = TypeVar("T")


class Database(Protocol):
    """Runs plain functions in transactions."""

    dialect: str

    async def write(self, body: Callable[[Connection], T], workspace_id: str | None = None) -> T:
        """Run `body` in a transaction that is committed when this returns; whatever it raises undoes all of it.

        What comes of several is what would come of one after the other: those that name the same workspace wait for each other, and one
        that names none waits for all. `body` may be run again where its transaction could not be committed.
        """
        ...

    async def read(self, body: Callable[[Connection], T]) -> T:
        """Run `body`, which must not write and takes a few milliseconds at the most, on one snapshot of what is committed."""
        ...

    async def read_slow(self, body: Callable[[Connection], T]) -> T:
        """The same for a `body` that may take its time."""
        ...

    async def restructure(self, body: Callable[[Connection], T]) -> T:
        """Run `body`, which may change the tables themselves and take its time, in a transaction that waits for all others."""
        ...

    async def close(self) -> None:
        """Finish what is waiting and let go of all connections."""
        ...


def open_database(url: str, patience: float = BUSY_SECONDS) -> Database:
    """The database behind `sqlite:///file.db`, whose folder is made if need be, or `postgresql://user@host/name`.

    `patience` is for how many seconds a write to SQLite waits for another process.
    Raises ValueError for any other kind.
    """
    kind = make_url(url).get_backend_name()
    if kind == "sqlite":
        _keep_private(Path(make_url(url).database or ""))
        return SqliteDatabase(url, patience)
    if kind == "postgresql":
        return PostgresDatabase(url)
    raise ValueError(f"{kind!r} is not supported; use sqlite:/// or postgresql://")


def _keep_private(path: Path) -> None:
    """Make a file that only its owner may read, or let it be so from now on, with the files that SQLite keeps beside it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.touch(mode=0o600)
    for file in (path, path.with_name(f"{path.name}-wal"), path.with_name(f"{path.name}-shm")):
        with suppress(FileNotFoundError, PermissionError):  # a file of somebody else's is theirs to close
            file.chmod(0o600)
