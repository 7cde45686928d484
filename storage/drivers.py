"""The two drivers, spoken to directly where SQLAlchemy's own way of executing would cost more than the statement."""

import sqlite3
from collections.abc import Sequence
from typing import Any, Protocol

from pydantic_core import to_json
from sqlalchemy import Connection, Dialect
from sqlalchemy.util import await_only

Row = Sequence[Any]


class Driver(Protocol):
    """What carries out SQL on the connection of one piece of work."""

    dialect: Dialect

    def begin(self) -> None:
        """Be in a transaction from now on."""
        ...

    def rows(self, sql: str, parameters: Row) -> Sequence[Row]:
        """What a question finds."""
        ...

    def count(self, sql: str, parameters: Row) -> int:
        """Carry out a change; how many rows it met."""
        ...

    def each(self, sql: str, many: Sequence[Row]) -> None:
        """Carry out a change once for each of `many`."""
        ...


class SqliteDriver:
    """SQLite; its transactions are begun and ended by `SqliteDatabase`."""

    def __init__(self, connection: Connection) -> None:
        self.dialect = connection.dialect
        self._cursor = sqlite_of(connection).cursor()

    def begin(self) -> None:
        """Nothing: every piece of work is in a transaction."""

    def rows(self, sql: str, parameters: Row) -> Sequence[Row]:
        """What a question finds."""
        return self._cursor.execute(sql, parameters).fetchall()

    def count(self, sql: str, parameters: Row) -> int:
        """Carry out a change; how many rows it met."""
        return self._cursor.execute(sql, parameters).rowcount

    def new_id(self, sql: str, parameters: Row) -> int:
        """Insert a row; the id it got."""
        return self._cursor.execute(sql, parameters).lastrowid or 0

    def each(self, sql: str, many: Sequence[Row]) -> None:
        """Carry out a change once for each of `many`."""
        if len(many) == 1:
            self._cursor.execute(sql, many[0])
        else:
            self._cursor.executemany(sql, many)


class PostgresDriver:
    """PostgreSQL through asyncpg, inside SQLAlchemy's `run_sync`; every call is a trip over the network.

    The connection is in no transaction until one is begun: what is asked before the first change would be answered the same in one,
    since each statement sees what was committed when it began.
    """

    def __init__(self, connection: Connection) -> None:
        self.dialect = connection.dialect
        self._asyncpg = asyncpg_of(connection)

    def begin(self) -> None:
        """Be in a transaction from now on."""
        if not self._asyncpg.is_in_transaction():
            await_only(self._asyncpg.execute("BEGIN"))

    def end(self, how: str) -> None:
        """COMMIT or ROLLBACK, if a transaction was begun."""
        if self._asyncpg.is_in_transaction():
            await_only(self._asyncpg.execute(how))

    def rows(self, sql: str, parameters: Row) -> Sequence[Row]:
        """What a question finds."""
        return await_only(self._asyncpg.fetch(sql, *parameters))

    def count(self, sql: str, parameters: Row) -> int:
        """Carry out a change; how many rows it met."""
        status: str = await_only(self._asyncpg.execute(sql, *parameters))
        return int(status.rpartition(" ")[2])  # such as `INSERT 0 1`

    def each(self, sql: str, many: Sequence[Row]) -> None:
        """Carry out a change once for each of `many`."""
        await_only(self._asyncpg.executemany(sql, many))


def driver_of(connection: Connection) -> SqliteDriver | PostgresDriver:
    """The driver behind a connection."""
    return PostgresDriver(connection) if connection.dialect.name == "postgresql" else SqliteDriver(connection)


def sqlite_of(connection: Connection) -> sqlite3.Connection:
    """SQLite's own connection."""
    driver = connection.connection.driver_connection
    assert isinstance(driver, sqlite3.Connection)
    return driver


def asyncpg_of(connection: Connection) -> Any:
    """Asyncpg's own connection."""
    return connection.connection.driver_connection


def as_json(value: Any) -> str:
    """JSON in a quarter of the time the standard library takes."""
    return to_json(value).decode()
