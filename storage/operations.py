"""Operations that can be undone: their steps, noted as they are taken, and taken back from the last to the first."""

from datetime import datetime
from typing import Any

from sqlalchemy import and_, func

from domain.language import _
from domain.operations import Operation, Piece, Step, is_changed_since, restored
from domain.people import Actor, Person
from domain.refusals import NotFound
from storage.journal import PARTS, REFERENCES, Journal, read, table_called, written
from storage.schema import members, operation_steps, operations
from storage.scope import Scope, delete_here, here, select_here, update_here

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
PASSING = {"reminders": frozenset({"state", "told_at", "told_to", "due_at"})}
"""Columns by table that change because time passes, not because somebody works on the record."""
COUNTED = "version"


class OperationRepository:
    """Operations of this workspace."""

    def __init__(self, scope: Scope, now: datetime) -> None:
        self.scope, self.now = scope, now

    def begin(self, actor: Actor, kind: str, subject_id: int, summary: str) -> Operation:
        """Note every change from now until the end of the transaction, so that all of it can be undone together."""
        values = {"kind": kind, "subject": kind.split(".")[0], "subject_id": subject_id, "summary": summary}
        operation_id = self.scope.add(operations, member_id=actor.member_id, at=self.now, **values)
        self.go_on(operation_id)
        return Operation(id=operation_id, by=actor.person, at=self.now, **values)  # type: ignore[arg-type]

    def go_on(self, operation_id: int) -> None:
        """Note the changes of this transaction, too, as steps of an operation that was begun in an earlier one."""
        self.scope.journal = Journal(operation_id, lambda step: self.scope.add_all(operation_steps, [step]))

    def get(self, operation_id: int) -> Operation:
        """The operation. Raises NotFound."""
        row = self.scope.row(_OPERATIONS.where(operations.c.id == operation_id))
        if row is None:
            raise NotFound(_("this operation"))
        return _operation(row)

    def hold(self, operation_id: int) -> Operation:
        """The operation, which nobody else undoes until this transaction ends. Raises NotFound."""
        self.scope.hold(select_here(operations).where(operations.c.id == operation_id))
        return self.get(operation_id)

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

    def undo_piece(self, operation_id: int, most: int) -> Piece:
        """Take back the last steps that are left, at most so many, from the last to the first."""
        steps = self._last_steps(operation_id, most)
        outcomes = [(step, self._undo(step)) for step in steps]
        if steps:
            ids = [step.id for step in steps]
            self.scope.change(delete_here(operation_steps).where(operation_steps.c.id.in_(ids)))
        return Piece(
            count=len(steps),
            restored=sum(is_back for _step, is_back in outcomes),
            kept=tuple((step.table, step.row.get("id", 0)) for step, is_back in outcomes if not is_back),
            met=tuple(dict.fromkeys((step.table, step.row.get("id", 0)) for step in steps)),
        )

    def _last_steps(self, operation_id: int, most: int) -> list[Step]:
        of_operation = select_here(operation_steps).where(operation_steps.c.operation_id == operation_id)
        return [
            Step(id=row.id, table=row.of_table, row=row.of_row, before=row.before, after=row.after)
            for row in self.scope.rows(of_operation.order_by(operation_steps.c.id.desc()).limit(most))
        ]

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
        if columns:
            values: dict[str, Any] = read(table, columns)
            if COUNTED in table.c:
                values[COUNTED] = table.c[COUNTED] + 1
            self.scope.change(self._of(step, update_here(table)).values(**values))
        return step.before is not None and len(columns) == len(step.before)

    def _remove(self, step: Step, present: dict[str, Any]) -> bool:
        passing = PASSING.get(step.table, frozenset()) | {COUNTED}
        if is_changed_since(step, present, passing) or self._is_in_use(step):
            return False
        for part in PARTS.get(step.table, ()):
            belongs = delete_here(part.table).where(part.table.c[part.of] == step.row["id"])
            if part.kinds:
                belongs = belongs.where(part.table.c.kind.startswith(part.kinds, autoescape=True))
            self.scope.change(belongs)
        return self.scope.change(self._of(step, delete_here(table_called(step.table)))) > 0

    def _is_in_use(self, step: Step) -> bool:
        return any(
            self.scope.scalar(select_here(table, func.count()).where(table.c[column] == step.row["id"])) > 0
            for table, column in REFERENCES.get(step.table, ())
        )

    def _present(self, step: Step) -> dict[str, Any] | None:
        row = self.scope.row(self._of(step, select_here(table_called(step.table))))
        return None if row is None else {name: written(value) for name, value in row._mapping.items()}

    def _of(self, step: Step, statement: Any) -> Any:
        table = table_called(step.table)
        return statement.where(*(table.c[name] == value for name, value in read(table, step.row).items()))


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
