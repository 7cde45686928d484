"""Reminders of this workspace: rows with a due time, at most one open for each kind and subject."""

from collections.abc import Collection
from datetime import datetime
from typing import Any

from sqlalchemy import and_, bindparam

from domain.core.language import _
from domain.core.people import Person
from domain.core.refusals import NotFound
from domain.core.reminders import Reminder, ReminderState
from storage.engine.prepared import Fixed
from storage.engine.scope import Scope, here, select_here, update_here
from storage.schema import members, reminders

closers = members.alias("closers")
told = members.alias("told")


_REMINDERS = select_here(
    reminders,
    reminders,
    members.c.slack_id,
    members.c.name,
    closers.c.slack_id.label("closer_slack_id"),
    closers.c.name.label("closer_name"),
    told.c.slack_id.label("told_slack_id"),
    told.c.name.label("told_name"),
).select_from(
    reminders.join(members, and_(members.c.id == reminders.c.member_id, here(members)))
    .outerjoin(closers, closers.c.id == reminders.c.closed_by)
    .outerjoin(told, told.c.id == reminders.c.told_to)
)


_BY_ID = Fixed(_REMINDERS.where(reminders.c.id == bindparam("of_reminder")))
_BY_IDS = Fixed(
    _REMINDERS.where(reminders.c.id.in_(bindparam("of_reminders", expanding=True))).order_by(
        reminders.c.due_at, reminders.c.id
    )
)
_OPEN_FOR = Fixed(
    _REMINDERS.where(
        reminders.c.kind == bindparam("of_kind"),
        reminders.c.subject_id == bindparam("of_subject"),
        reminders.c.closed_at.is_(None),
    )
)
_OPEN_OF = Fixed(
    _REMINDERS.where(
        reminders.c.kind.in_(bindparam("of_kinds", expanding=True)),
        reminders.c.subject_id == bindparam("of_subject"),
        reminders.c.closed_at.is_(None),
    )
)


class ReminderRepository:
    """What members of this workspace are to be told, and when."""

    def __init__(self, scope: Scope, now: datetime) -> None:
        self.scope, self.now = scope, now

    def get(self, reminder_id: int) -> Reminder:
        """The reminder. Raises NotFound."""
        row = self.scope.row(_BY_ID, of_reminder=reminder_id)
        if row is None:
            raise NotFound(_("this reminder"))
        return _reminder(row)

    def all_of(self, reminder_ids: Collection[int]) -> list[Reminder]:
        """Those of these reminders that there are, in the order they fell due."""
        rows = self.scope.rows(_BY_IDS, of_reminders=list(reminder_ids))
        return [_reminder(row) for row in rows]

    def open_for(self, kind: str, subject_id: int) -> Reminder | None:
        """The one open reminder of this kind about this subject, or None."""
        row = self.scope.row(_OPEN_FOR, of_kind=kind, of_subject=subject_id)
        return _reminder(row) if row else None

    def open_of(self, kinds: Collection[str], subject_id: int) -> dict[str, Reminder]:
        """The open reminders of these kinds about this subject, by kind."""
        rows = self.scope.rows(_OPEN_OF, of_kinds=list(kinds), of_subject=subject_id)
        return {row.kind: _reminder(row) for row in rows}

    def add(self, kind: str, subject_id: int, member_id: int, due_at: datetime) -> None:
        """Remind a member of something at `due_at`."""
        reminder = {
            "kind": kind,
            "subject_id": subject_id,
            "member_id": member_id,
            "due_at": due_at,
            "state": ReminderState.WAITING.value,
        }
        self.scope.add_all(reminders, [reminder])

    def move(self, reminder_id: int, member_id: int, due_at: datetime) -> None:
        """Let an open reminder wait for another time, or for another member; who is told of it then is decided then."""
        still_open = update_here(reminders).where(reminders.c.id == reminder_id, reminders.c.closed_at.is_(None))
        self.scope.change(
            still_open.values(member_id=member_id, due_at=due_at, state=ReminderState.WAITING.value, told_to=None)
        )

    def turn_to(self, reminder_id: int, subject_id: int) -> None:
        """Let an open reminder be about another record, of which there is none of its kind."""
        still_open = update_here(reminders).where(reminders.c.id == reminder_id, reminders.c.closed_at.is_(None))
        self.scope.change(still_open.values(subject_id=subject_id))

    def close(self, reminder_id: int, state: ReminderState, outcome: str, by: int | None) -> bool:
        """End an open reminder; False when it was over already."""
        still_open = update_here(reminders).where(reminders.c.id == reminder_id, reminders.c.closed_at.is_(None))
        return (
            self.scope.change(still_open.values(state=state.value, outcome=outcome, closed_at=self.now, closed_by=by))
            > 0
        )


def _reminder(row: Any) -> Reminder:
    return Reminder(
        id=row.id,
        kind=row.kind,
        subject_id=row.subject_id,
        member=Person(id=row.member_id, slack_id=row.slack_id, name=row.name),
        due_at=row.due_at,
        state=ReminderState(row.state),
        told_at=row.told_at,
        told_to=row.told_to and Person(id=row.told_to, slack_id=row.told_slack_id, name=row.told_name),
        closed_at=row.closed_at,
        closed_by=row.closed_by and Person(id=row.closed_by, slack_id=row.closer_slack_id, name=row.closer_name),
        outcome=row.outcome,
    )
