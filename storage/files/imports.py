"""Imports of this workspace: asked for, rehearsed, carried out and undone; and how far each is."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Any

from sqlalchemy import and_

from domain.core.language import _
from domain.core.operations import Operation
from domain.core.people import Actor, Person
from domain.core.refusals import NotFound
from domain.files.columns import Reading, Records
from domain.files.imports import MOST_REFUSED_KEPT, Dirt, Fate, Import, ImportState, NewImport, RefusedRow, Remark
from storage.engine.scope import Scope, here, select_here, update_here
from storage.schema import imports, members, operations

askers = members.alias("askers")
undoers = members.alias("undoers")
takers_back = members.alias("takers_back")

_IMPORTS = select_here(
    imports,
    imports,
    askers.c.slack_id,
    askers.c.name,
    takers_back.c.slack_id.label("taker_slack_id"),
    takers_back.c.name.label("taker_name"),
    *(operations.c[name].label(f"operation_{name}") for name in ("kind", "summary", "at", "undone_at", "undone_by")),
    undoers.c.slack_id.label("undoer_slack_id"),
    undoers.c.name.label("undoer_name"),
).select_from(
    imports.join(askers, and_(askers.c.id == imports.c.member_id, here(askers)))
    .outerjoin(operations, and_(operations.c.id == imports.c.operation_id, here(operations)))
    .outerjoin(undoers, undoers.c.id == operations.c.undone_by)
    .outerjoin(takers_back, takers_back.c.id == imports.c.undo_by)
)


class ImportRepository:
    """Imports of this workspace, as they are kept."""

    def __init__(self, scope: Scope, now: datetime) -> None:
        self.scope, self.now = scope, now

    def add(self, actor: Actor, new: NewImport, state: ImportState, lease_until: datetime | None = None) -> Import:
        """Keep an import that somebody asks for."""
        import_id, _number = self.scope.add_numbered(
            imports,
            "import",
            kind=new.kind.value,
            file=new.file,
            digest=new.digest,
            slack_file=new.slack_file,
            reading=asdict(new.reading),
            member_id=actor.member_id,
            at=self.now,
            state=state.value,
            total=new.total,
            done=0,
            tally={},
            refused=[],
            examples=[],
            lease_until=lease_until,
        )
        return self.get(import_id)

    def get(self, import_id: int) -> Import:
        """The import. Raises NotFound."""
        return self._one(imports.c.id == import_id, _("this import"))

    def by_number(self, number: int) -> Import:
        """The import people call `I-number`. Raises NotFound."""
        return self._one(imports.c.number == number, f"I-{number}")

    def of_operation(self, operation_id: int) -> Import | None:
        """The import whose changes an operation is, or None."""
        row = self.scope.row(_IMPORTS.where(imports.c.operation_id == operation_id))
        return _import(row) if row else None

    def broken_off(self, digest: str) -> Import | None:
        """The import of this very file that has begun and not ended, or None."""
        begun = and_(imports.c.digest == digest, imports.c.state == ImportState.UNDER_WAY.value)
        row = self.scope.row(_IMPORTS.where(begun).order_by(imports.c.id.desc()).limit(1))
        return _import(row) if row else None

    def latest(self, most: int) -> list[Import]:
        """The latest imports, newest first."""
        return [_import(row) for row in self.scope.rows(_IMPORTS.order_by(imports.c.id.desc()).limit(most))]

    def change(self, import_id: int, **values: Any) -> None:
        """Keep what is different now; `state` is a state, a member is given by id."""
        if isinstance(values.get("state"), ImportState):
            values["state"] = values["state"].value
        self.scope.change(update_here(imports).where(imports.c.id == import_id).values(**values))

    def advance(
        self, import_id: int, done: int, tally: Mapping[Fate, int], refused: Sequence[RefusedRow], **values: Any
    ) -> None:
        """Keep how far it is: rows dealt with, and what became of them."""
        counts = {fate.value: count for fate, count in tally.items()}
        kept = [[row.number, [asdict(remark) for remark in row.remarks]] for row in refused[:MOST_REFUSED_KEPT]]
        self.change(import_id, done=done, tally=counts, refused=kept, **values)

    def _one(self, condition: Any, what: str) -> Import:
        row = self.scope.row(_IMPORTS.where(condition))
        if row is None:
            raise NotFound(what)
        return _import(row)


def _import(row: Any) -> Import:
    return Import(
        id=row.id,
        number=row.number,
        kind=Records(row.kind),
        file=row.file,
        digest=row.digest,
        slack_file=row.slack_file,
        reading=reading_from(row.reading),
        by=Person(id=row.member_id, slack_id=row.slack_id, name=row.name),
        at=row.at,
        state=ImportState(row.state),
        total=row.total,
        done=row.done,
        tally={Fate(fate): count for fate, count in row.tally.items()},
        refused=tuple(
            RefusedRow(number=number, remarks=tuple(Remark(**remark) for remark in remarks))
            for number, remarks in row.refused
        ),
        examples=tuple(row.examples),
        notes=tuple(row.notes or ()),
        doubts=tuple(Dirt(**doubt | {"rows": tuple(doubt["rows"])}) for doubt in row.doubts or ()),
        why=row.why,
        kept=row.kept or 0,
        operation=_operation(row) if row.operation_id else None,
        lease_until=row.lease_until,
        undo_by=row.undo_by and Person(id=row.undo_by, slack_id=row.taker_slack_id, name=row.taker_name),
    )


def reading_from(kept: Mapping[str, Any]) -> Reading:
    """How a file is read, from its JSON."""
    said: dict[str, Any] = {name: tuple(value) if isinstance(value, list) else value for name, value in kept.items()}
    return Reading(**said)


def _operation(row: Any) -> Operation:
    return Operation(
        id=row.operation_id,
        kind=row.operation_kind,
        subject="import",
        subject_id=row.id,
        summary=row.operation_summary,
        by=Person(id=row.member_id, slack_id=row.slack_id, name=row.name),
        at=row.operation_at,
        undone_at=row.operation_undone_at,
        undone_by=row.operation_undone_by
        and Person(id=row.operation_undone_by, slack_id=row.undoer_slack_id, name=row.undoer_name),
    )
