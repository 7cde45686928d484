"""The one door to the tables: whatever goes through it stays inside one workspace.

Statements are built with `select_here`, `update_here` and `delete_here`, which leave the workspace open as a parameter; only a `Scope`
fills it. A statement that never changes but for its parameters is kept as a `Fixed` constant, which costs a tenth of one that is
built for each use.
"""

from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    Delete,
    FromClause,
    Select,
    Table,
    Update,
    bindparam,
    delete,
    insert,
    select,
    update,
)
from sqlalchemy.dialects import postgresql, sqlite

from storage.fixed import Fixed
from storage.schema import counters

Values = Mapping[str, Any]

IN_WORKSPACE = "in_workspace"
"""Name of the parameter that a scope fills; it differs from the column's, which SQLAlchemy keeps for new values."""


def here(table: FromClause) -> ColumnElement[bool]:
    """The condition that rows of `table` belong to the scope's workspace, for joins."""
    return table.c.workspace_id == bindparam(IN_WORKSPACE)


def select_here(table: FromClause, *columns: Any) -> Select[Any]:
    """A SELECT on the workspace's rows of `table`; of all its columns unless some are named."""
    return select(*(columns or (table,))).where(here(table))


def update_here(table: Table) -> Update:
    """An UPDATE of the workspace's rows of `table`."""
    return update(table).where(here(table))


def delete_here(table: Table) -> Delete:
    """A DELETE of the workspace's rows of `table`."""
    return delete(table).where(here(table))


class Scope:
    """A connection bound to one workspace; repositories have no other way to the database."""

    def __init__(self, connection: Connection, workspace_id: str, dialect: str) -> None:
        self._connection = connection
        self.workspace_id = workspace_id
        self.dialect = dialect

    def add(self, table: Table, **values: Any) -> int:
        """Insert one row and return its id."""
        row = _insert(table).rows(self._connection, {"workspace_id": self.workspace_id, **values})[0]
        return row.id  # type: ignore[no-any-return]

    def add_all(self, table: Table, rows: Sequence[Values]) -> None:
        """Insert rows in one go; all have the same columns."""
        if rows:
            _insert_many(table).each(self._connection, [{"workspace_id": self.workspace_id, **row} for row in rows])

    def add_new(self, table: Table, *key: str, **values: Any) -> bool:
        """Insert one row unless one with the same `key` (column names; without any, the primary key) is there; whether it was."""
        new = _insert_unless_there(table, self.dialect, key)
        return new.count(self._connection, {"workspace_id": self.workspace_id, **values}) > 0

    def next_number(self, noun: str) -> int:
        """Count up the codes of a noun in this workspace, from 1."""
        values = {"workspace_id": self.workspace_id, "noun": noun, "last": 1}
        return _count_up(self.dialect).rows(self._connection, values)[0].last  # type: ignore[no-any-return]

    def rows(self, statement: Select[Any] | Fixed, **values: Any) -> Sequence[Any]:
        """All rows of a SELECT."""
        if isinstance(statement, Fixed):
            return statement.rows(self._connection, self._filled(values))
        return self._connection.execute(statement, self._filled(values)).all()

    def row(self, statement: Select[Any] | Fixed, **values: Any) -> Any | None:
        """The first row, or None."""
        if isinstance(statement, Fixed):
            return next(iter(statement.rows(self._connection, self._filled(values))), None)
        return self._connection.execute(statement, self._filled(values)).first()

    def scalar(self, statement: Select[Any] | Fixed, **values: Any) -> Any:
        """The first column of the first row, or None."""
        row = self.row(statement, **values)
        return row[0] if row is not None else None

    def change(self, statement: Update | Delete | Fixed, **values: Any) -> int:
        """Carry out an UPDATE or DELETE; how many rows it met. Values named as columns are the new ones."""
        if isinstance(statement, Fixed):
            return statement.count(self._connection, self._filled(values))
        return self._connection.execute(statement, self._filled(values)).rowcount

    def _filled(self, values: Values) -> dict[str, Any]:
        return {IN_WORKSPACE: self.workspace_id, **values}


@cache
def _insert(table: Table) -> Fixed:
    return Fixed(insert(table).returning(table.c.id))


@cache
def _insert_many(table: Table) -> Fixed:
    return Fixed(insert(table))


@cache
def _insert_unless_there(table: Table, dialect: str, key: tuple[str, ...]) -> Fixed:
    new = postgresql.insert(table) if dialect == "postgresql" else sqlite.insert(table)
    return Fixed(new.on_conflict_do_nothing(index_elements=list(key) or None))


@cache
def _count_up(dialect: str) -> Fixed:
    new = postgresql.insert(counters) if dialect == "postgresql" else sqlite.insert(counters)
    counting = new.on_conflict_do_update(index_elements=["workspace_id", "noun"], set_={"last": counters.c.last + 1})
    return Fixed(counting.returning(counters.c.last))
