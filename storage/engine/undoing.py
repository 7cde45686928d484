"""Takes the steps of an operation back: rows it made are removed many at a time, all else is set back step by step."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from typing import Any

from sqlalchemy import ColumnElement, Table

from domain.core.operations import Step, is_changed_since, restored
from storage.columns import WhenGone
from storage.engine.change_log import read, table_called, written
from storage.engine.relations import USERS_FIRST, Reference, references_of, referring_to
from storage.engine.scope import Scope, delete_here, select_here, update_here
from storage.schema import reminders

PASSING = {"reminders": frozenset({"state", "told_at", "told_to", "due_at"})}
"""Columns by table that change because time passes, not because somebody works on the record."""
COUNTED = "version"


class Undoing:
    """Takes back steps given from the last to the first."""

    def __init__(self, scope: Scope) -> None:
        self.scope = scope
        self._made: dict[str, dict[int, Step]] = {}
        """Rows that the operation made and that wait to be removed together, by table and id."""

    def take_back(self, steps: Sequence[Step]) -> list[Step]:
        """Take them back; those of which something was kept for what happened since."""
        made = {_key(step) for step in steps if _is_made(step)}
        changed: dict[tuple[str, int], dict[str, Any]] = {}
        kept = []
        for step in steps:
            key = _key(step)
            if _is_made(step):
                after = {**(step.after or {}), **changed.pop(key, {})}
                self._made.setdefault(step.table, {})[key[1]] = replace(step, after=after)
            elif key in made and step.after is not None:
                changed[key] = {
                    **step.after,
                    **changed.get(key, {}),
                }  # what the row came to say before it was left alone
            else:
                if step.table in USERS_FIRST:
                    kept += self._remove_made()
                kept += [] if self._undo(step) else [step]
        return kept + self._remove_made()

    def remove(self, table: Table, row_id: int) -> bool:
        """Remove a record with its parts, unless others say that it is in use; whether it is gone."""
        free = {row_id} - self._in_use(table, {row_id})
        self._clear(table, free)
        return bool(free)

    def _undo(self, step: Step) -> bool:
        """Whether the row stands as it did before the step; False where something of it was kept for what happened since."""
        if step.after is None:
            return self._put_back(step)
        present = self._present(step)
        if present is None:
            return False
        return self._remove(step, present) if step.before is None else self._set_back(step, present)

    def _put_back(self, step: Step) -> bool:
        table = table_called(step.table)
        assert step.before is not None
        return self.scope.add_new(table, **read(table, step.before))

    def _set_back(self, step: Step, present: dict[str, Any]) -> bool:
        table = table_called(step.table)
        columns = restored(step, present)
        if self._is_replaced(table, columns, present):
            return False
        if self._is_taken(table, columns.get("own_key"), present):
            del columns["own_key"]
        gone = self._gone(table, present | columns, columns)
        columns = {name: value for name, value in columns.items() if name not in gone}
        if columns:
            values: dict[str, Any] = read(table, columns)
            if COUNTED in table.c:
                values[COUNTED] = table.c[COUNTED] + 1
            self.scope.change(self._of(step, update_here(table)).values(**values))
        return step.before is not None and len(columns) == len(step.before)

    def _gone(self, table: Table, row: Mapping[str, Any], names: Collection[str]) -> set[str]:
        """Those of the named columns that refer to a record which is not there any more."""
        asked = (reference for reference in references_of(table) if reference.column.name in names)
        return {name for reference in asked if self._is_gone(reference, row) for name in reference.column_names}

    def _is_gone(self, reference: Reference, row: Mapping[str, Any]) -> bool:
        number, record = row[reference.column.name], reference.to_in(row)
        if number is None or record is None:
            return False
        return self.scope.row(select_here(record, record.c.id).where(record.c.id == number)) is None

    def _is_taken(self, table: Table, own_key: Any, present: Mapping[str, Any]) -> bool:
        """Whether another record has this key of another system's by now, which no two have."""
        if own_key is None:
            return False
        others = select_here(table, table.c.id).where(table.c.own_key == own_key, table.c.id != present["id"])
        return self.scope.row(others) is not None

    def _is_replaced(self, table: Table, columns: Mapping[str, Any], present: Mapping[str, Any]) -> bool:
        """Whether a reminder would be opened again though another of its kind is open about the same record by now."""
        if table is not reminders or columns.get("closed_at", present["closed_at"]) is not None:
            return False
        alike = [table.c[name] == present[name] for name in ("kind", "subject_id")]
        others = select_here(table, table.c.id).where(*alike, table.c.closed_at.is_(None), table.c.id != present["id"])
        return self.scope.row(others) is not None

    def _remove(self, step: Step, present: dict[str, Any]) -> bool:
        if is_changed_since(step, present, _passing(step.table)):
            return False
        return self.scope.change(self._of(step, delete_here(table_called(step.table)))) > 0

    def _remove_made(self) -> list[Step]:
        """Remove all rows that wait for it, those first that say that others are in use."""
        made, self._made = self._made, {}
        return [step for name in USERS_FIRST if name in made for step in self._remove_all(name, made[name])]

    def _remove_all(self, name: str, made: Mapping[int, Step]) -> list[Step]:
        """Remove rows of one table with their parts, unless they have changed or are in use; those that stay."""
        table = table_called(name)
        rows = self.scope.rows(select_here(table).where(table.c.id.in_(made)))
        present = {row.id: {name: written(value) for name, value in row._mapping.items()} for row in rows}
        same = {number for number, row in present.items() if not is_changed_since(made[number], row, _passing(name))}
        free = same - self._in_use(table, same)
        self._clear(table, free)
        return [step for number, step in made.items() if number not in free]

    def _in_use(self, table: Table, ids: Collection[int]) -> set[int]:
        return {
            row[0]
            for reference in referring_to(table, WhenGone.HOLDS)
            for row in self.scope.rows(
                select_here(reference.table, reference.column)
                .where(reference.column.in_(ids), reference.is_about(table))
                .distinct()
            )
        }

    def _clear(self, table: Table, ids: Collection[int]) -> None:
        """Remove rows with everything that goes along, and let go of them elsewhere."""
        if not ids:
            return
        for reference in referring_to(table, WhenGone.GOES_ALONG):
            self._clear_parts(reference, reference.column.in_(ids) & reference.is_about(table))
        for reference in referring_to(table, WhenGone.LETS_GO):
            of_these = update_here(reference.table).where(reference.column.in_(ids), reference.is_about(table))
            self.scope.change(of_these.values(dict.fromkeys(reference.column_names)))
        self.scope.change(delete_here(table).where(table.c.id.in_(ids)))

    def _clear_parts(self, reference: Reference, condition: ColumnElement[bool]) -> None:
        part = reference.table
        if "id" in part.c:
            self._clear(part, {row.id for row in self.scope.rows(select_here(part, part.c.id).where(condition))})
        else:
            self.scope.change(delete_here(part).where(condition))

    def _present(self, step: Step) -> dict[str, Any] | None:
        row = self.scope.row(self._of(step, select_here(table_called(step.table))))
        return None if row is None else {name: written(value) for name, value in row._mapping.items()}

    def _of(self, step: Step, statement: Any) -> Any:
        table = table_called(step.table)
        return statement.where(*(table.c[name] == value for name, value in read(table, step.row).items()))


def _key(step: Step) -> tuple[str, int]:
    return step.table, step.row.get("id", 0)


def _is_made(step: Step) -> bool:
    return step.before is None and step.table in USERS_FIRST


def _passing(table: str) -> frozenset[str]:
    return PASSING.get(table, frozenset()) | {COUNTED}
