"""Notes, row by row, what an operation changes, and sets rows back: what undoing stands on.

Whatever goes through a scope that has a change log is noted, so no use case has to say how it is undone. Rows are JSON values, by the
types of their columns.
"""

from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import Date, DateTime, Numeric, Table

from storage.columns import WhenGone
from storage.engine.relations import references_of
from storage.schema import metadata

COUNTING = frozenset({"version"})
"""Columns that count changes: undoing is one more."""

Row = Mapping[str, Any]


class ChangeLog:
    """The steps of one operation, in the order they were taken, as rows of `operation_steps`; they are written as the transaction ends.

    Parts of a row that was made in the same transaction are not noted: they go with it.
    """

    def __init__(self, operation_id: int) -> None:
        self.operation_id = operation_id
        self.steps: list[Row] = []
        self._new: set[tuple[str, int]] = set()

    def made(self, table: Table, row: Row) -> None:
        """Note a new row, given with all its columns."""
        if self._is_part_of_new(table, row):
            return
        if "id" in table.c:
            self._new.add((table.name, row["id"]))
        self._note(table, row, None, _columns(table, row))

    def _is_part_of_new(self, table: Table, row: Row) -> bool:
        return any((whole.name, row[column]) in self._new for column, whole in _wholes(table, row) if whole is not None)

    def removed(self, table: Table, row: Row) -> None:
        """Note a row that is not there any more."""
        if not self._is_part_of_new(table, row):
            self._note(table, row, _columns(table, row), None)

    def changed(self, table: Table, before: Row, after: Row) -> None:
        """Note what is different in a row now; nothing where nothing is."""
        if self._is_part_of_new(table, after):
            return
        differing = [
            column.name
            for column in table.columns
            if column.name not in COUNTING and before[column.name] != after[column.name]
        ]
        if differing:
            then, now = _columns(table, before), _columns(table, after)
            self._note(table, after, {name: then[name] for name in differing}, {name: now[name] for name in differing})

    def _note(self, table: Table, row: Row, before: Row | None, after: Row | None) -> None:
        key = key_of(table, row)
        step = {"operation_id": self.operation_id, "of_table": table.name, "of_row": key}
        self.steps.append({**step, "before": before, "after": after})


def _wholes(table: Table, row: Row) -> Iterator[tuple[str, Table | None]]:
    """The columns of a row that say which record it is a part of, each with the record's table."""
    for reference in references_of(table):
        if reference.when_gone is WhenGone.GOES_ALONG:
            yield reference.column.name, reference.to_in(row)


def key_of(table: Table, row: Row) -> dict[str, Any]:
    """The primary key of a row, without the workspace, as JSON values."""
    names = [column.name for column in table.primary_key.columns if column.name != "workspace_id"]
    return {name: written(row[name]) for name in names}


def _columns(table: Table, row: Row) -> dict[str, Any]:
    return {
        column.name: written(_exact(column.type, row[column.name]))
        for column in table.columns
        if column.name != "workspace_id"
    }


def _exact(kind: Any, value: Any) -> Any:
    """An amount with as many digits as the column keeps, so that what was given and what is read back are the same."""
    return round(value, kind.scale) if isinstance(value, Decimal) and isinstance(kind, Numeric) else value


def written(value: Any) -> Any:
    """A column's value as JSON; moments are UTC."""
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat()
    if isinstance(value, date):
        return value.isoformat()
    return str(value) if isinstance(value, Decimal) else value


def read(table: Table, values: Mapping[str, Any]) -> dict[str, Any]:
    """Values by column as they stand in the table, from their JSON."""
    return {name: _value(table.c[name].type, value) for name, value in values.items()}


def _value(kind: Any, value: Any) -> Any:
    kind = getattr(kind, "impl", kind)  # the type a decorated one stands on
    if value is None:
        return None
    if isinstance(kind, DateTime):
        return datetime.fromisoformat(value)
    if isinstance(kind, Date):
        return date.fromisoformat(value)
    return Decimal(value) if isinstance(kind, Numeric) and not isinstance(value, int) else value


def table_called(name: str) -> Table:
    """The table a step is about."""
    return metadata.tables[name]
