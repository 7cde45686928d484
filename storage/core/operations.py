"""Operations that can be undone: their steps, noted as they are taken, and taken back from the last to the first."""

from datetime import datetime
from typing import Any

from sqlalchemy import and_, func

from domain.core.language import _
from domain.core.operations import Operation, Piece, Row, Step, undo_needs
from domain.core.people import Actor, Person
from domain.core.refusals import NotFound
from storage.engine.change_log import ChangeLog
from storage.engine.scope import Scope, delete_here, here, select_here, update_here
from storage.engine.undoing import Undoing
from storage.schema import members, operation_steps, operations

undoers = members.alias("undoers")

_OPERATIONS = select_here(
    operations,
    operations,
    members.c.slack_id,
    members.c.name,
    undoers.c.slack_id.label("undoer_slack_id"),
    undoers.c.name.label("undoer_name"),
).select_from(
    operations.join(members, and_(members.c.id == operations.c.member_id, here(members))).outerjoin(
        undoers, undoers.c.id == operations.c.undone_by
    )
)


class OperationRepository:
    """Operations of this workspace."""

    def __init__(self, scope: Scope, now: datetime) -> None:
        self.scope, self.now = scope, now

    def begin(self, actor: Actor, kind: str, subject_id: int, summary: str) -> Operation:
        """Note every change from now until the end of the transaction, so that all of it can be undone together.

        Raises ValueError for a kind of which nobody declares who may undo it.
        """
        if kind not in undo_needs.all:
            raise ValueError(f"{kind}: say in its noun's domain file what undoing needs, undo_needs({kind!r})(…)")
        values = {"kind": kind, "subject": kind.split(".")[0], "subject_id": subject_id, "summary": summary}
        operation_id = self.scope.add(operations, member_id=actor.member_id, at=self.now, **values)
        self.go_on(operation_id)
        return Operation(id=operation_id, by=actor.person, at=self.now, **values)  # type: ignore[arg-type]

    def go_on(self, operation_id: int) -> None:
        """Note the changes of this transaction, too, as steps of an operation that was begun in an earlier one."""
        self.scope.write_changes()
        self.scope.changes = ChangeLog(operation_id)

    def get(self, operation_id: int) -> Operation:
        """The operation. Raises NotFound."""
        row = self.scope.row(_OPERATIONS.where(operations.c.id == operation_id))
        if row is None:
            raise NotFound(_("this operation"))
        return _operation(row)

    def last_about(self, subject: str, subject_id: int) -> Operation | None:
        """The latest operation on a record that was not undone, or None."""
        about = and_(
            operations.c.subject == subject, operations.c.subject_id == subject_id, operations.c.undone_at.is_(None)
        )
        row = self.scope.row(_OPERATIONS.where(about).order_by(operations.c.id.desc()).limit(1))
        return _operation(row) if row else None

    def latest(self, kind: str, most: int) -> list[Operation]:
        """The latest operations of a kind, newest first."""
        rows = self.scope.rows(
            _OPERATIONS.where(operations.c.kind == kind).order_by(operations.c.id.desc()).limit(most)
        )
        return [_operation(row) for row in rows]

    def undone(self, operation_id: int, by: Actor) -> None:
        """Note that nothing of the operation is left to be undone, and who did it."""
        whole = update_here(operations).where(operations.c.id == operation_id)
        self.scope.change(whole.values(undone_at=self.now, undone_by=by.member_id))

    def count_steps(self, operation_id: int) -> int:
        """How many steps are left to be undone."""
        of_operation = operation_steps.c.operation_id == operation_id
        return self.scope.scalar(select_here(operation_steps, func.count()).where(of_operation))  # type: ignore[no-any-return]

    def undo_piece(self, operation_id: int, most: int) -> Piece:
        """Take back the last steps that are left, at most so many, from the last to the first."""
        steps = self._last_steps(operation_id, most)
        kept = Undoing(self.scope).take_back(steps)
        if steps:
            taken = and_(operation_steps.c.operation_id == operation_id, operation_steps.c.id >= steps[-1].id)
            self.scope.change(delete_here(operation_steps).where(taken))
        return Piece(
            count=len(steps),
            restored=len(steps) - len(kept),
            kept=tuple(dict.fromkeys(_row_of(step) for step in kept)),
            met=tuple(dict.fromkeys(_row_of(step) for step in steps)),
        )

    def _last_steps(self, operation_id: int, most: int) -> list[Step]:
        of_operation = select_here(operation_steps).where(operation_steps.c.operation_id == operation_id)
        return [
            Step(id=row.id, table=row.of_table, row=row.of_row, before=row.before, after=row.after)
            for row in self.scope.rows(of_operation.order_by(operation_steps.c.id.desc()).limit(most))
        ]


def _row_of(step: Step) -> Row:
    return step.table, step.row.get("id", 0)


def _operation(row: Any) -> Operation:
    return Operation(
        id=row.id,
        kind=row.kind,
        subject=row.subject,
        subject_id=row.subject_id,
        summary=row.summary,
        by=Person(id=row.member_id, slack_id=row.slack_id, name=row.name),
        at=row.at,
        undone_at=row.undone_at,
        undone_by=row.undone_by and Person(id=row.undone_by, slack_id=row.undoer_slack_id, name=row.undoer_name),
    )
