"""What jobs do across all workspaces: claim what is due, and clear what has aged.

On PostgreSQL due rows are claimed with `FOR UPDATE SKIP LOCKED`, so that several processes share the work; on SQLite there is one
writer at a time anyway.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Table, and_, bindparam, delete, func, or_, select, tuple_, update

from domain.imports import ImportState
from domain.messages import CardChanged, Destination, FollowUpDue, Message, OutboxRow, OverdueDigest
from domain.ports import Backlog
from domain.reminders import DueReminder, ReminderState
from storage.outbox import OutboxRepository, row_from
from storage.people import working_hours
from storage.schema import imports, members, outbox, reminders, request_results, workspaces
from storage.scope import Scope

_FIRST_OF_EACH_LANE = (
    select(func.min(outbox.c.id)).where(outbox.c.closed_at.is_(None)).group_by(outbox.c.workspace_id, outbox.c.lane)
)
"""The oldest open message of each lane: read from the index on open messages alone, so that a long queue costs little."""
_DELIVERABLE = (
    select(outbox)
    .where(
        outbox.c.id.in_(_FIRST_OF_EACH_LANE),
        outbox.c.due_at <= bindparam("moment"),
        or_(outbox.c.lease_until.is_(None), outbox.c.lease_until <= bindparam("moment")),
    )
    .order_by(outbox.c.due_at, outbox.c.id)
    .limit(bindparam("most"))
    .with_for_update(skip_locked=True)
)
_CLAIM = update(outbox).where(outbox.c.id == bindparam("of_row"))
_WAITING = and_(
    imports.c.state.in_([ImportState.ASKED.value, ImportState.UNDER_WAY.value, ImportState.UNDOING.value]),
    or_(imports.c.slack_file.is_not(None), imports.c.state == ImportState.UNDOING.value),
)
"""Imports that the job is to go on with; one from the terminal is gone on with there."""


class RoundsRepository:
    """One transaction of a job."""

    def __init__(self, connection: Connection, dialect: str, now: datetime) -> None:
        self._connection, self._dialect, self._now = connection, dialect, now

    @property
    def now(self) -> datetime:
        """The moment this transaction began."""
        return self._now

    def workspace_ids(self) -> list[str]:
        """All workspaces that ever installed Rainmaker."""
        return list(
            self._connection.execute(select(workspaces.c.workspace_id).order_by(workspaces.c.workspace_id)).scalars()
        )

    def claim_reminders(self, most: int) -> list[DueReminder]:
        """The longest due waiting reminders, held by this transaction until it commits."""
        due = (
            select(
                reminders.c.id,
                reminders.c.workspace_id,
                reminders.c.member_id,
                reminders.c.due_at,
                members.c.zone,
                members.c.work_starts,
                members.c.work_ends,
                members.c.country,
                members.c.is_bot,
                members.c.is_deleted,
                workspaces.c.country.label("workspace_country"),
            )
            .join(
                members, and_(members.c.id == reminders.c.member_id, members.c.workspace_id == reminders.c.workspace_id)
            )
            .join(workspaces, workspaces.c.workspace_id == reminders.c.workspace_id)
            .where(reminders.c.state == ReminderState.WAITING.value, reminders.c.due_at <= self._now)
            .order_by(reminders.c.due_at, reminders.c.id)
            .limit(most)
            .with_for_update(skip_locked=True, of=reminders)
        )
        return [
            DueReminder(
                id=row.id,
                workspace_id=row.workspace_id,
                member_id=row.member_id,
                due_at=row.due_at,
                hours=working_hours(row),
                is_reachable=not (row.is_bot or row.is_deleted),
            )
            for row in self._connection.execute(due)
        ]

    def tell_reminder(self, reminder: DueReminder) -> None:
        """Have a member told of one reminder."""
        self._put(reminder, FollowUpDue(reminder_id=reminder.id))
        self._mark_told([reminder])

    def tell_digest(self, reminders_of_one: Sequence[DueReminder]) -> None:
        """Have a member told of several reminders in one message."""
        first = reminders_of_one[0]
        self._put(first, OverdueDigest(reminder_ids=tuple(reminder.id for reminder in reminders_of_one)))
        self._mark_told(reminders_of_one)

    def _put(self, reminder: DueReminder, message: Message) -> None:
        once = f"{type(message).__name__}:{reminder.id}:{reminder.due_at.timestamp():.0f}"
        scope = Scope(self._connection, reminder.workspace_id, self._dialect)
        OutboxRepository(scope, self._now).put(message, Destination(member_id=reminder.member_id), once=once)
        scope.flush()

    def _mark_told(self, told: Sequence[DueReminder]) -> None:
        ids = [reminder.id for reminder in told]
        self._connection.execute(
            update(reminders).where(reminders.c.id.in_(ids)).values(state=ReminderState.TOLD.value, told_at=self._now)
        )

    def put_off(self, reminder: DueReminder, until: datetime) -> None:
        """Let a waiting reminder wait longer."""
        self._connection.execute(update(reminders).where(reminders.c.id == reminder.id).values(due_at=until))

    def next_reminder_at(self) -> datetime | None:
        """When the next waiting reminder is due."""
        waiting = select(reminders.c.due_at).where(reminders.c.state == ReminderState.WAITING.value)
        return self._connection.execute(waiting.order_by(reminders.c.due_at).limit(1)).scalar()

    def claim_outbox(self, most: int, lease_until: datetime) -> list[OutboxRow]:
        """The oldest open message of each lane that is due and nobody's, leased until `lease_until`.

        A message that another process may have sent before it died keeps the moment of that first try.
        """
        free = {"moment": self._now, "most": most}
        claimed = [row_from(row) for row in self._connection.execute(_DELIVERABLE, free)]
        if claimed:
            self._connection.execute(_CLAIM, [self._claim(row, lease_until) for row in claimed])
        return claimed

    def _claim(self, row: OutboxRow, lease_until: datetime) -> dict[str, Any]:
        once, first_tried_at = row.once, row.first_tried_at
        if isinstance(row.message, CardChanged):
            once = f"{once.partition('#')[0]}#{row.id}"  # a change from now on redraws the card again
        else:
            first_tried_at = first_tried_at or self._now
        values = {"once": once, "first_tried_at": first_tried_at, "attempts": row.attempts + 1}
        return {"of_row": row.id, "lease_until": lease_until, **values}

    def next_delivery_at(self) -> datetime | None:
        """When the first message of some lane may be tried: when it is due, or when the lease on it ends."""
        latest_of = func.greatest if self._dialect == "postgresql" else func.max
        at = latest_of(outbox.c.due_at, func.coalesce(outbox.c.lease_until, outbox.c.due_at))
        soonest = func.min(at, type_=outbox.c.due_at.type)
        return self._connection.execute(select(soonest).where(outbox.c.id.in_(_FIRST_OF_EACH_LANE))).scalar()

    def claim_import(self, lease_until: datetime) -> tuple[str, int] | None:
        """The longest waiting import, or undoing of one, that is nobody's: its workspace and id; leased until `lease_until`."""
        free = or_(imports.c.lease_until.is_(None), imports.c.lease_until <= self._now)
        waiting = select(imports.c.workspace_id, imports.c.id).where(_WAITING, free)
        row = self._connection.execute(
            waiting.order_by(imports.c.at, imports.c.id).limit(1).with_for_update(skip_locked=True)
        ).first()
        if row is None:
            return None
        self._connection.execute(update(imports).where(imports.c.id == row.id).values(lease_until=lease_until))
        return row.workspace_id, row.id

    def next_import_at(self) -> datetime | None:
        """When the next import that waits may be taken up; None where none waits."""
        free_at = func.min(func.coalesce(imports.c.lease_until, imports.c.at), type_=imports.c.at.type)
        return self._connection.execute(select(free_at).where(_WAITING)).scalar()

    def clear_before(self, moment: datetime, most: int) -> int:
        """Delete up to `most` rows of each kind that were finished before `moment`. Returns how many."""
        return sum(
            self._clear(table, column, moment, most)
            for table, column in ((request_results, "at"), (outbox, "closed_at"))
        )

    def _clear(self, table: Table, column: str, moment: datetime, most: int) -> int:
        key = list(table.primary_key.columns)
        old = select(*key).where(table.c[column] < moment).limit(most)
        match = key[0].in_(old) if len(key) == 1 else tuple_(*key).in_(old)
        return self._connection.execute(delete(table).where(match)).rowcount

    def backlog(self) -> Backlog:
        """How much waits, for the metrics."""
        messages, oldest_message_at = self._connection.execute(
            select(func.count(), func.min(outbox.c.created_at)).where(outbox.c.closed_at.is_(None))
        ).one()
        late, oldest_reminder_at = self._connection.execute(
            select(func.count(), func.min(reminders.c.due_at)).where(
                reminders.c.state == ReminderState.WAITING.value, reminders.c.due_at < self._now
            )
        ).one()
        return Backlog(
            open_messages=messages,
            oldest_message_at=oldest_message_at,
            late_reminders=late,
            oldest_reminder_at=oldest_reminder_at,
        )
