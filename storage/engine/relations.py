"""What the schema says of how rows belong together, as change logs, undoing, merges and checks ask for it."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from sqlalchemy import Column, ColumnElement, Table, true

from storage.columns import REFERS, Refers, WhenGone
from storage.schema import metadata


@dataclass(frozen=True, kw_only=True, eq=False)
class Reference:
    """A column that holds ids: of the table `to`, or, where that is None, of the one that `noun` names in the same row."""

    column: Column[Any]
    when_gone: WhenGone
    to: Table | None = None
    noun: Column[Any] | None = None

    @property
    def table(self) -> Table:
        """Whose column it is."""
        return self.column.table

    @property
    def column_names(self) -> list[str]:
        """The column, with the one beside it that says of which kind the record is."""
        return [column.name for column in (self.noun, self.column) if column is not None]

    def to_in(self, row: Mapping[str, Any]) -> Table | None:
        """The table that the id in a row is of; None where the row names a kind of record that has none."""
        if self.noun is None:
            return self.to
        noun = row[self.noun.name]
        return named(noun) if noun else None

    def is_about(self, record: Table) -> ColumnElement[bool]:
        """The condition that its ids are of this table."""
        if self.noun is None:
            return true()
        noun = noun_of(record)
        if self.noun.name == "subject":
            return self.noun == noun
        return self.noun.startswith(f"{noun}.", autoescape=True)


@cache
def references() -> Sequence[Reference]:
    """All columns that hold ids of other rows, in the order of the schema."""
    return tuple(
        Reference(
            column=column,
            when_gone=refers.when_gone,
            to=metadata.tables[refers.table] if refers.table else None,
            noun=table.c[refers.noun] if refers.noun else None,
        )
        for table in metadata.tables.values()
        for column in table.c
        if (refers := _said_of(column))
    )


@cache
def references_of(table: Table) -> Sequence[Reference]:
    """The columns of a table that hold ids of other rows."""
    return tuple(reference for reference in references() if reference.table is table)


def _said_of(column: Column[Any]) -> Refers | None:
    return column.info.get(REFERS)


@cache
def referring_to(record: Table, *fates: WhenGone) -> Sequence[Reference]:
    """The columns that may hold ids of this table, of those with one of these fates."""
    return tuple(
        reference for reference in references() if reference.when_gone in fates and record in _may_name(reference)
    )


@cache
def _may_name(reference: Reference) -> frozenset[Table]:
    """The tables whose ids a column may hold. What may belong to any record may belong to those that the schema has before it."""
    if reference.to is not None:
        return frozenset({reference.to})
    tables = list(metadata.tables.values())
    return frozenset(table for table in tables[: tables.index(reference.table)] if "id" in table.c)


def noun_of(record: Table) -> str:
    """What a record of this table is called in a column that names kinds of records."""
    return str(record.info.get("noun", record.name.removesuffix("s")))


def named(noun: str) -> Table | None:
    """The table of the records that are called so, or of which a kind such as `deal.next_step` is; None where there is none."""
    return _by_noun().get(noun.partition(".")[0])


@cache
def _by_noun() -> Mapping[str, Table]:
    return {noun_of(table): table for table in metadata.tables.values() if "id" in table.c}


UNDOABLE = frozenset(table for table in metadata.tables.values() if "undo" in table.info)
"""Tables whose changes can be undone; all others are settings, or say what was told and logged, which no undoing can take back."""


def _users_first() -> Iterator[str]:
    for reference in references():
        if reference.when_gone is not WhenGone.REMEMBERS:
            for record in _may_name(reference) - {reference.table}:
                reference.table.add_is_dependent_on(record)
    for table in reversed(metadata.sorted_tables):
        if table in UNDOABLE and "id" in table.c:
            yield table.name


USERS_FIRST = tuple(_users_first())
"""Tables whose changes can be undone and whose rows have an id, each before those it refers to."""
