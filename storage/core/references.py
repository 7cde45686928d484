"""Finds rows that refer to a record which is not there, or is another workspace's.

Foreign keys keep most columns from it. No key can guard a column that refers to records of any kind, and none guards a file that somebody
changed by hand.
"""

from collections.abc import Iterator
from typing import Any

from sqlalchemy import Column, ColumnElement, Table, and_, exists, func, true

from domain.core.references import Dangling
from storage.columns import WhenGone
from storage.engine.relations import Reference, named, noun_of, references
from storage.engine.scope import Scope, here, select_here

MOST_NAMED = 5
"""Rows of a column that are named; of the others it is only said how many there are."""


class ReferenceRepository:
    """What the rows of this workspace refer to."""

    def __init__(self, scope: Scope) -> None:
        self.scope = scope

    def dangling(self) -> list[Dangling]:
        """Those that lead nowhere, in the order of the schema. The log and other history may name what is no longer there."""
        return [found for reference in references() for found in self._of_reference(reference)]

    def _of_reference(self, reference: Reference) -> Iterator[Dangling]:
        if reference.noun is not None and reference.when_gone is not WhenGone.REMEMBERS:
            yield from self._of_any_kind(reference, reference.noun)
        elif reference.to is not None:
            yield from self._of_column(reference, noun_of(reference.to), reference.to, true())

    def _of_any_kind(self, reference: Reference, noun: Column[Any]) -> Iterator[Dangling]:
        for row in self.scope.rows(select_here(reference.table, noun.label("kind")).distinct().order_by(noun)):
            of = named(row.kind) if row.kind else None
            yield from self._of_column(reference, str(row.kind), of, noun == row.kind)

    def _of_column(
        self, reference: Reference, noun: str, of: Table | None, condition: ColumnElement[bool]
    ) -> Iterator[Dangling]:
        """What dangles of one column among the rows that meet the condition; without a table, all of them do."""
        table, key = reference.table, reference.table.primary_key.columns
        leads = _is_there(reference, of) if of is not None else ~true()
        nowhere = and_(reference.column.is_not(None), condition, ~leads)
        rows = self.scope.rows(select_here(table, *key).where(nowhere).order_by(*key).limit(MOST_NAMED))
        if rows:
            count: int = self.scope.scalar(select_here(table, func.count()).where(nowhere))
            keys = tuple(" ".join(str(part) for part in row) for row in rows)
            yield Dangling(table=table.name, column=reference.column.name, noun=noun, count=count, keys=keys)


def _is_there(reference: Reference, of: Table) -> ColumnElement[bool]:
    there = of.alias("there")
    return exists().where(there.c.id == reference.column, here(there))
