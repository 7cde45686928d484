"""The one door to the tables: whatever goes through it stays inside one workspace.

Statements are built with `select_here`, `update_here` and `delete_here`, which leave the workspace open as a parameter; only a `Scope`
fills it. A statement that never changes but for its parameters is kept as a `Fixed` constant, which costs a tenth of one that is
built for each use.
"""

import operator
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
    and_,
    bindparam,
    delete,
    insert,
    select,
    update,
)
from sqlalchemy.dialects import postgresql, sqlite

from storage.engine.change_log import ChangeLog
from storage.engine.drivers import Driver
from storage.engine.prepared import Fixed
from storage.engine.relations import UNDOABLE
from storage.schema import counters, operation_steps

Values = Mapping[str, Any]

IN_WORKSPACE = "in_workspace"
"""Name of the parameter that a scope fills; it differs from the column's, which SQLAlchemy keeps for new values."""


def here(table: FromClause) -> ColumnElement[bool]:
    """The condition that rows of `table` belong to the scope's workspace, for joins."""
    return table.c.workspace_id == bindparam(IN_WORKSPACE)


def about(table: FromClause, noun: Any, record_id: Any) -> ColumnElement[bool]:
    """The condition that rows of `table` belong to a record, such as ("deal", 7)."""
    return and_(table.c.subject == noun, table.c.subject_id == record_id)


def select_here(table: FromClause, *columns: Any) -> Select[Any]:
    """A SELECT on the workspace's rows of `table`; of all its columns unless some are named."""
    return select(*(columns or (table,))).where(here(table))


def update_here(table: Table) -> Update:
    """An UPDATE of the workspace's rows of `table`."""
    return update(table).where(here(table))


def delete_here(table: Table) -> Delete:
    """A DELETE of the workspace's rows of `table`."""
    return delete(table).where(here(table))


def changed_table(statement: Update | Delete | Fixed) -> Table:
    """The table an UPDATE or DELETE is about."""
    inner = statement.statement if isinstance(statement, Fixed) else statement
    table = inner.table  # type: ignore[union-attr]
    assert isinstance(table, Table)
    return table


class Scope:
    """A connection bound to one workspace; repositories have no other way to the database."""

    def __init__(self, connection: Connection, workspace_id: str, dialect: str) -> None:
        self._connection = connection
        self._driver = Driver(connection)
        self.workspace_id = workspace_id
        self.dialect = dialect
        self.changes: ChangeLog | None = None
        """Where the changes of an operation that can be undone are noted, while there is one."""

    def add(self, table: Table, **values: Any) -> int:
        """Insert one row and return its id."""
        values["workspace_id"] = self.workspace_id
        new_id: int = _insert(table).rows(self._driver, values)[0].id
        if self._is_noted(table):
            self._note_made(table, **{**values, "id": new_id})
        return new_id

    def add_numbered(self, table: Table, noun: str, **values: Any) -> tuple[int, int]:
        """Insert one row with the next number of its noun; returns its id and number."""
        number: int = _next_number(self.dialect).rows(self._driver, self._here({"noun": noun, "last": 1}))[0].last
        return self.add(table, number=number, **values), number

    def add_all(self, table: Table, rows: Sequence[Values]) -> None:
        """Insert rows whose ids nobody asks for; all have the same columns."""
        if self._is_noted(table):
            for row in rows:
                self.add(table, **row) if "id" in table.c else self.add_new(table, **row)
        elif rows:
            _insert_many(table).each(self._driver, [self._here(row) for row in rows])

    def add_new(self, table: Table, *key: str, **values: Any) -> bool:
        """Insert one row unless one with the same `key` (column names; without any, the primary key) is there; whether it was."""
        values["workspace_id"] = self.workspace_id
        is_new = _insert_unless_there(table, self.dialect, key).count(self._driver, values) > 0
        if is_new and self._is_noted(table):
            self._note_made(table, **values)
        return is_new

    def write_changes(self) -> None:
        """Keep the steps of the operation that were noted so far."""
        if self.changes is not None and self.changes.steps:
            steps, self.changes.steps = self.changes.steps, []
            self.add_all(operation_steps, steps)

    def rows(self, statement: Select[Any] | Fixed, **values: Any) -> Sequence[Any]:
        """All rows of a SELECT."""
        if isinstance(statement, Fixed):
            return statement.rows(self._driver, self._filled(values))
        return self._connection.execute(statement, self._filled(values)).all()

    def row(self, statement: Select[Any] | Fixed, **values: Any) -> Any | None:
        """The first row, or None."""
        if isinstance(statement, Fixed):
            return next(iter(statement.rows(self._driver, self._filled(values))), None)
        return self._connection.execute(statement, self._filled(values)).first()

    def scalar(self, statement: Select[Any] | Fixed, **values: Any) -> Any:
        """The first column of the first row, or None."""
        row = self.row(statement, **values)
        return row[0] if row is not None else None

    def change(self, statement: Update | Delete | Fixed, **values: Any) -> int:
        """Carry out an UPDATE or DELETE; how many rows it met. Values named as columns are the new ones."""
        if self._is_noted(changed_table(statement)):
            return self._change_and_note(statement, values)
        return self._change(statement, values)

    def _change(self, statement: Update | Delete | Fixed, values: dict[str, Any]) -> int:
        if isinstance(statement, Fixed):
            return statement.count(self._driver, self._filled(values))
        return self._connection.execute(statement, self._filled(values)).rowcount

    def _is_noted(self, table: Any) -> bool:
        return self.changes is not None and table in UNDOABLE

    def _note_made(self, table: Table, **values: Any) -> None:
        """Note a new row by the values it was given; columns that were given none are empty, since no table has defaults."""
        assert self.changes is not None
        self.changes.made(table, {column.name: values.get(column.name) for column in table.columns})

    def _change_and_note(self, statement: Update | Delete | Fixed, values: dict[str, Any]) -> int:
        """Read the rows before, which costs a question; the change itself tells how they are afterwards."""
        assert self.changes is not None
        table, inner = changed_table(statement), statement.statement if isinstance(statement, Fixed) else statement
        before = self.rows(select(table).where(*inner._where_criteria), **values)  # type: ignore[union-attr]
        telling = inner.returning(*table.columns) if isinstance(inner, Update) else inner
        changed = self._connection.execute(telling, self._filled(values))
        key = operator.itemgetter(*(column.name for column in table.primary_key.columns))
        after: dict[Any, Values] = (
            {key(row._mapping): dict(row._mapping) for row in changed} if isinstance(inner, Update) else {}
        )
        for row in before:
            now = after.get(key(row._mapping))
            if now is None:
                self.changes.removed(table, row._mapping)
            else:
                self.changes.changed(table, row._mapping, now)
        return len(before)

    def _here(self, row: Values) -> dict[str, Any]:
        return {"workspace_id": self.workspace_id, **row}

    def _filled(self, values: dict[str, Any]) -> dict[str, Any]:
        values[IN_WORKSPACE] = self.workspace_id
        return values


@cache
def _next_number(dialect: str) -> Fixed:
    new = postgresql.insert(counters) if dialect == "postgresql" else sqlite.insert(counters)
    one_more = {"last": counters.c.last + 1}
    key = [counters.c.workspace_id, counters.c.noun]
    return Fixed(new.on_conflict_do_update(index_elements=key, set_=one_more).returning(counters.c.last))


@cache
def _insert(table: Table) -> Fixed:
    return Fixed(insert(table).returning(table.c.id))


@cache
def _insert_many(table: Table) -> Fixed:
    return Fixed(insert(table).inline())  # without the RETURNING that SQLAlchemy would add


@cache
def _insert_unless_there(table: Table, dialect: str, key: tuple[str, ...]) -> Fixed:
    new = postgresql.insert(table) if dialect == "postgresql" else sqlite.insert(table)
    return Fixed(new.on_conflict_do_nothing(index_elements=list(key) or None).inline())
