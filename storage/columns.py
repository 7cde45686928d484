"""What tables are made of: types of values, and columns that hold ids, with what they refer to."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from functools import lru_cache
from typing import Any

from sqlalchemy import (
    JSON,
    BigInteger,
    Column,
    DateTime,
    Dialect,
    ForeignKeyConstraint,
    Index,
    Integer,
    String,
    TypeDecorator,
)
from sqlalchemy.dialects.postgresql import JSONB

Json = JSON(none_as_null=True).with_variant(JSONB(none_as_null=True), "postgresql")
Id = BigInteger().with_variant(Integer, "sqlite")  # SQLite counts up by itself only in an INTEGER PRIMARY KEY


class Moment(TypeDecorator[datetime]):
    """An aware moment in UTC; SQLite, which has no such type, keeps it as text that sorts."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """To UTC; a naive moment is a bug and raises ValueError."""
        return None if value is None else _utc(value)

    def bind_processor(self, dialect: Dialect) -> Callable[[Any], Any]:
        """The same; for SQLite as the text SQLAlchemy makes of it, only quicker."""
        if dialect.name != "sqlite":
            return lambda value: None if value is None else _utc(value)
        return _as_text

    def result_processor(self, dialect: Dialect, coltype: object) -> Callable[[Any], Any] | None:
        """To an aware moment; PostgreSQL gives one."""
        if dialect.name != "sqlite":
            return None
        return lambda value: None if value is None else datetime.fromisoformat(value).replace(tzinfo=UTC)


@lru_cache(maxsize=1024)
def _as_text(moment: datetime | None) -> str | None:
    """As SQLite has it; most moments of a transaction are its *now*."""
    return None if moment is None else _utc(moment).isoformat(" ", "microseconds")[: -len("+00:00")]


def _utc(moment: datetime) -> datetime:
    if moment.tzinfo is UTC:
        return moment
    if moment.tzinfo is None:
        raise ValueError(f"naive datetime {moment!r}")
    return moment.astimezone(UTC)


class WhenGone(StrEnum):
    """What becomes of a row when undoing would remove the record it refers to."""

    HOLDS = "holds"
    """The record is in use: undoing leaves it alone. Whoever takes the record over in a merge has the row, too."""
    GOES_ALONG = "goes along"
    """The row is a part of the record."""
    LETS_GO = "lets go"
    """The row stays, and its column is emptied."""
    REMEMBERS = "remembers"
    """The row is history: it goes on naming what is no longer there."""


REFERS = "refers"
"""Under this key a column's `info` has what its ids are of."""
UNDO = {"undo": True}
"""The `info` of a table whose changes can be undone."""


@dataclass(frozen=True, kw_only=True)
class Refers:
    """What the ids in a column are of: one `table`, or the one named by the column called `noun` in the same row.

    `noun` holds `deal` for the table deals, or a kind that begins with it, such as `deal.next_step`.
    """

    table: str | None = None
    noun: str | None = None
    when_gone: WhenGone = WhenGone.HOLDS


def workspace() -> Column[Any]:
    """The workspace that a row belongs to; every table has it."""
    return Column("workspace_id", String(32), nullable=False)


def referable() -> Index:
    """What foreign keys need of the table they lead to: an id is looked up together with its workspace."""
    return Index(None, "workspace_id", "id", unique=True)


def of(
    table: str, name: str, *, nullable: bool = True, when_gone: WhenGone = WhenGone.HOLDS, **more: Any
) -> tuple[Column[Any], ForeignKeyConstraint]:
    """A column with ids of a table, and the foreign key that keeps them within the workspace."""
    column = Column(name, Id, nullable=nullable, info={REFERS: Refers(table=table, when_gone=when_gone)}, **more)
    return column, ForeignKeyConstraint(["workspace_id", name], [f"{table}.workspace_id", f"{table}.id"])


def logged(table: str, name: str, *, nullable: bool = True) -> Column[Any]:
    """A column of the audit log with ids of a table. No key guards it: the chain of seals shows whoever changes the log by hand."""
    return Column(name, Id, nullable=nullable, info={REFERS: Refers(table=table, when_gone=WhenGone.REMEMBERS)})


def subject(*, nullable: bool = False, when_gone: WhenGone = WhenGone.HOLDS) -> tuple[Column[Any], Column[Any]]:
    """Two columns that say which record, of any kind, a row belongs to: its noun, such as `deal`, and its id."""
    refers = Refers(noun="subject", when_gone=when_gone)
    return Column("subject", String(16), nullable=nullable), Column(
        "subject_id", Id, nullable=nullable, info={REFERS: refers}
    )


def subject_of_kind(*, when_gone: WhenGone) -> Column[Any]:
    """A column with ids of the record that the row's `kind` begins with the noun of."""
    return Column("subject_id", Id, nullable=False, info={REFERS: Refers(noun="kind", when_gone=when_gone)})
