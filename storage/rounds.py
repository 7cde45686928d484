"""What jobs do across all workspaces: claim what is due, and clear what has aged.

On PostgreSQL due rows are claimed with `FOR UPDATE SKIP LOCKED`, so that several processes share the work; on SQLite there is one
writer at a time anyway.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Table, and_, bindparam, delete, func, or_, select, tuple_, update

from domain.absences import Availability, gather
from domain.messages import REMINDS, CardChanged, Destination, Message, OutboxRow, OverdueDigest
from domain.people import LastListing
from domain.ports import Backlog
from domain.reminders import DueReminder, ReminderKind, ReminderState
from storage.absences import AbsenceRepository
from storage.outbox import OutboxRepository, row_from
from storage.people import is_colleague, working_hours
from storage.schema import absences, members, outbox, reminders, request_results, workspaces
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
_people = members.alias("people")
_COMMONEST_ZONE = (
    select(_people.c.zone)
    .where(
        _people.c.workspace_id == workspaces.c.workspace_id,
        *(is_so.is_(False) for is_so in (_people.c.is_bot, _people.c.is_external, _people.c.is_deleted)),
    )
    .group_by(_people.c.zone)
    .order_by(func.count().desc(), _people.c.zone)
    .limit(1)
    .correlate(workspaces)
    .scalar_subquery()
)
_CLAIM = update(outbox).where(outbox.c.id == bindparam("of_row"))


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

    def last_listings(self) -> list[LastListing]:
        """Of each workspace that has Rainmaker installed, when its people were last listed.

        The bot is a member, too, and is learned as the last of a listing: so it tells when one was last finished.
        """
        listed = select(workspaces.c.workspace_id, members.c.learned_at, _COMMONEST_ZONE.label("zone")).select_from(
            workspaces.outerjoin(
                members,
                and_(
                    members.c.workspace_id == workspaces.c.workspace_id, members.c.slack_id == workspaces.c.bot_user_id
                ),
            )
        )
        return [
            LastListing(workspace_id=row.workspace_id, zone=row.zone or "UTC", listed_at=row.learned_at)
            for row in self._connection.execute(listed.where(workspaces.c.bot_token != ""))
        ]

    def claim_reminders(self, most: int) -> list[DueReminder]:
        """The longest due waiting reminders, held by this transaction until it commits."""
        due = (
            select(
                reminders.c.id,
                reminders.c.workspace_id,
                reminders.c.kind,
                reminders.c.member_id,
                reminders.c.due_at,
                members.c.zone,
                members.c.work_starts,
                members.c.work_ends,
                members.c.country,
                members.c.is_bot,
                members.c.is_guest,
                members.c.is_external,
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
                kind=ReminderKind(row.kind),
                member_id=row.member_id,
                due_at=row.due_at,
                hours=working_hours(row),
                is_reachable=is_colleague(row),
            )
            for row in self._connection.execute(due)
        ]

    def who_may_be_away(self, due: Sequence[DueReminder]) -> dict[int, Availability]:
        """When those of the reminders' members who may be away today are there, and whoever may stand in for them, by id."""
        if not due:
            return {}
        day = timedelta(days=1)
        away = select(absences.c.workspace_id, absences.c.member_id).where(
            absences.c.workspace_id.in_({reminder.workspace_id for reminder in due}),
            absences.c.member_id.in_({reminder.member_id for reminder in due}),
            absences.c.first_on <= (self._now + day).date(),
            absences.c.last_on >= (self._now - day).date(),
            absences.c.cancelled_at.is_(None),
        )
        of_workspace: dict[str, set[int]] = {}
        for row in self._connection.execute(away):
            of_workspace.setdefault(row.workspace_id, set()).add(row.member_id)
        known: dict[int, Availability] = {}
        for workspace_id, member_ids in of_workspace.items():
            scope = Scope(self._connection, workspace_id, self._dialect)
            known |= gather(member_ids, AbsenceRepository(scope, self._now).availability)
        return known

    def tell_reminder(self, reminder: DueReminder) -> None:
        """Have a member told of one reminder."""
        self._put(reminder, REMINDS[reminder.kind](reminder_id=reminder.id))  # type: ignore[call-arg]
        self._mark_told([reminder])

    def tell_digest(self, reminders_of_one: Sequence[DueReminder]) -> None:
        """Have a member told of several reminders in one message."""
        first = reminders_of_one[0]
        self._put(first, OverdueDigest(reminder_ids=tuple(reminder.id for reminder in reminders_of_one)))
        self._mark_told(reminders_of_one)

    def _put(self, reminder: DueReminder, message: Message) -> None:
        once = f"{type(message).__name__}:{reminder.id}:{reminder.due_at.timestamp():.0f}"
        scope = Scope(self._connection, reminder.workspace_id, self._dialect)
        OutboxRepository(scope, self._now).put(message, Destination(member_id=reminder.to_id), once=once)
        scope.flush()

    def _mark_told(self, told: Sequence[DueReminder]) -> None:
        ids = [reminder.id for reminder in told]
        now_told = {"state": ReminderState.TOLD.value, "told_at": self._now, "told_to": told[0].to_id}
        self._connection.execute(update(reminders).where(reminders.c.id.in_(ids)).values(now_told))

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
