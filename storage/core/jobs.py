"""What jobs do across all workspaces: claim what is due, and clear what has aged.

Such a transaction follows all others, so several processes share the work: what one has claimed, the next does not find.
"""

from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import groupby
from typing import Any

from sqlalchemy import (
    ARRAY,
    BigInteger,
    ColumnElement,
    Connection,
    Table,
    and_,
    any_,
    bindparam,
    delete,
    exists,
    func,
    literal_column,
    or_,
    select,
    tuple_,
    update,
)

from domain.core.absences import Availability, gather
from domain.core.backlog import Backlog
from domain.core.messages import CardChanged, Destination, Message, OutboxRow
from domain.core.people import LastListing
from domain.core.reminders import DueReminder, OverdueDigest, ReminderState, SweepPlan, reminding
from domain.core.tasks import Task
from storage.core.absences import AbsenceRepository
from storage.core.outbox import OutboxRepository, row_from
from storage.core.people import is_colleague, working_hours
from storage.core.tasks import task_from
from storage.engine.drivers import Driver
from storage.engine.prepared import Fixed
from storage.engine.scope import Scope
from storage.schema import (
    absences,
    cards,
    members,
    outbox,
    reminders,
    request_results,
    tasks,
    timers,
    workspaces,
)

MOST_NAMED = 100
"""Records that a digest names, those that fell due first; of the others it only says how many there are."""

_IS_WAITING = reminders.c.state == literal_column(f"'{ReminderState.WAITING}'")
"""Written out, so that the databases see that the indexes on waiting reminders will do."""
_IS_DUE = and_(_IS_WAITING, reminders.c.due_at <= bindparam("moment"))

_FIRST_OF_EACH_LANE = (
    select(func.min(outbox.c.id)).where(outbox.c.closed_at.is_(None)).group_by(outbox.c.workspace_id, outbox.c.lane)
)
"""The oldest open message of each lane: read from the index on open messages alone, so that a long queue costs little."""
SET_BACK = timedelta(minutes=5)
"""What was written or leased so far in the future was so before a clock was set back."""
_IS_FIRST = {
    "sqlite": outbox.c.id.in_(_FIRST_OF_EACH_LANE),
    # found once and kept: PostgreSQL, believing the queue short, would find them anew for each message of a long one
    "postgresql": outbox.c.id == any_(func.array(_FIRST_OF_EACH_LANE.scalar_subquery(), type_=ARRAY(BigInteger))),
}
"""Whether a message is the oldest open one of its lane."""
_DELIVERABLE = {
    dialect: Fixed(
        select(outbox)
        .where(
            is_first,
            outbox.c.due_at <= bindparam("moment"),
            or_(outbox.c.lease_until.is_(None), outbox.c.lease_until <= bindparam("moment")),
        )
        .order_by(outbox.c.id)  # by due time, a lane that had to try again would come last while others are full
        .limit(bindparam("most"))
    )
    for dialect, is_first in _IS_FIRST.items()
}
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
_CLAIM = Fixed(update(outbox).where(outbox.c.id == bindparam("of_row")))

_PEOPLE = Fixed(
    select(members.c.id)
    .select_from(reminders.join(members, members.c.id == reminders.c.member_id))
    .where(_IS_DUE)
    .order_by(reminders.c.due_at, reminders.c.id)
    .limit(bindparam("most"))
)
"""Whose reminders have been due the longest."""
_OF_PEOPLE = (
    select(
        reminders.c.id,
        reminders.c.workspace_id,
        reminders.c.kind,
        reminders.c.subject_id,
        reminders.c.member_id,
        reminders.c.due_at,
        members.c.zone,
        members.c.work_starts,
        members.c.work_ends,
        members.c.country,
        members.c.region,
        members.c.is_bot,
        members.c.is_guest,
        members.c.is_external,
        members.c.is_deleted,
        workspaces.c.country.label("workspace_country"),
        workspaces.c.region.label("workspace_region"),
    )
    .select_from(
        members.join(workspaces, workspaces.c.workspace_id == members.c.workspace_id).join(
            reminders, and_(reminders.c.member_id == members.c.id, reminders.c.workspace_id == members.c.workspace_id)
        )
    )
    .where(members.c.id.in_(bindparam("people", expanding=True)), _IS_DUE)
    .order_by(members.c.id)  # and no more: so each database goes from person to person, and stops at the limit
)
_SOME_OF_PEOPLE, _ALL_OF_PEOPLE = Fixed(_OF_PEOPLE.limit(bindparam("most"))), Fixed(_OF_PEOPLE)
_REMINDER = Fixed(update(reminders).where(reminders.c.id == bindparam("of_reminder")))

_OLD_REMINDERS = Fixed(
    select(reminders.c.workspace_id, reminders.c.id)
    .where(reminders.c.closed_at < bindparam("moment"))
    .limit(bindparam("most"))
)
_FORGET_CARDS = Fixed(
    delete(cards).where(
        cards.c.workspace_id == bindparam("of_workspace"),
        cards.c.subject == "reminder",
        cards.c.subject_id == bindparam("of_reminder"),
    )
)
_FORGET_REMINDER = Fixed(delete(reminders).where(reminders.c.id == bindparam("of_reminder")))

_FREE_AT = func.coalesce(tasks.c.lease_until, tasks.c.due_at)
"""When a task may be claimed: when the lease on it ends, or when it is due."""


def _is_installed(table: Table) -> ColumnElement[bool]:
    """Whether Rainmaker is installed in the workspace of a row."""
    return exists().where(workspaces.c.workspace_id == table.c.workspace_id, workspaces.c.bot_token != "")


def _open_tasks(kinds: Collection[str], besides: Collection[int]) -> tuple[ColumnElement[bool], ...]:
    """Open tasks of these kinds where Rainmaker is installed, `besides` some (ids)."""
    return (
        tasks.c.closed_at.is_(None),
        tasks.c.kind.in_(list(kinds)),
        tasks.c.id.not_in(list(besides)),
        _is_installed(tasks),
    )


def _open_timers(kinds: Collection[str]) -> tuple[ColumnElement[bool], ...]:
    return timers.c.closed_at.is_(None), timers.c.kind.in_(list(kinds)), _is_installed(timers)


class JobWork:
    """One transaction of a job."""

    def __init__(self, connection: Connection, dialect: str, now: datetime) -> None:
        self._connection, self._dialect, self._now = connection, dialect, now
        self._driver = Driver(connection)

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

    def database_now(self) -> datetime | None:
        """The database's own time; None where the database is a file on this machine."""
        if self._dialect == "sqlite":
            return None
        moment: datetime = self._connection.execute(select(func.clock_timestamp())).scalar_one()
        return moment

    def catch_up(self) -> int:
        """Let nothing wait for a moment from before a clock was set back: what was put in later than now is due now, and leases that
        end long after now are over. Returns how many rows that were.
        """
        met = 0
        for table in (outbox, tasks):
            put_in, leased = self._from_the_future(table)
            again = update(table).where(put_in).values(created_at=self._now, due_at=self._now)
            met += self._connection.execute(again).rowcount
            free = update(table).where(leased).values(lease_until=None, due_at=self._now)
            met += self._connection.execute(free).rowcount
        return met

    def waits_for_the_future(self) -> bool:
        """Whether anything open was put in later than now, or is leased until long after now."""
        waiting = (select(table.c.id).where(or_(*self._from_the_future(table))).limit(1) for table in (outbox, tasks))
        return any(self._connection.execute(one).first() for one in waiting)

    def _from_the_future(self, table: Table) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
        """Rows that were put in, and rows that are leased, by a clock that was set back since."""
        is_open, future = table.c.closed_at.is_(None), self._now + SET_BACK
        return and_(is_open, table.c.created_at > future), and_(is_open, table.c.lease_until > future)

    def claim_reminders(self, most: int) -> list[DueReminder]:
        """All that is due of those whose reminders have been due the longest.

        At most `most`, unless more than that are due of one person.
        """
        moment = {"moment": self._now}
        longest = _PEOPLE.rows(self._driver, {**moment, "most": most})
        people = sorted({row.id for row in longest})
        if not people:
            return []
        rows = _SOME_OF_PEOPLE.rows(self._driver, {**moment, "people": people, "most": most + 1})
        if len(rows) > most:  # they come person by person, and of the last there may be more
            first, last = rows[0].member_id, rows[-1].member_id
            rows = [row for row in rows if row.member_id != last]
            rows = rows or _ALL_OF_PEOPLE.rows(self._driver, {**moment, "people": [first]})
        return [reminder for _id, theirs in groupby(rows, lambda row: row.member_id) for reminder in _due(list(theirs))]

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

    def carry_out(self, plan: SweepPlan) -> None:
        """Have members told of what is theirs, and let wait what is planned for later."""
        told: list[tuple[DueReminder, Message]] = [
            (one, reminding()[one.kind](reminder_id=one.id)) for one in plan.single
        ]
        told += [(digest[0], _digest(digest)) for digest in plan.digests]
        for workspace_id in {reminder.workspace_id for reminder, _message in told}:
            scope = Scope(self._connection, workspace_id, self._dialect)
            for reminder, message in told:
                if reminder.workspace_id == workspace_id:
                    self._put(scope, reminder, message)
        now_told = {"state": ReminderState.TOLD.value, "told_at": self._now}
        self._change([{"of_reminder": one.id, "told_to": one.to_id, **now_told} for one in plan.told])
        self._change([{"of_reminder": reminder.id, "due_at": until} for reminder, until in plan.later])

    def _put(self, scope: Scope, reminder: DueReminder, message: Message) -> None:
        once = f"{type(message).__name__}:{reminder.id}:{reminder.due_at.timestamp():.0f}"
        OutboxRepository(scope, self._now).put(message, Destination(member_id=reminder.to_id), once=once)

    def _change(self, changes: list[dict[str, Any]]) -> None:
        if changes:
            _REMINDER.each(self._driver, changes)

    def next_reminder_at(self) -> datetime | None:
        """When the next waiting reminder is due."""
        waiting = select(reminders.c.due_at).where(_IS_WAITING)
        return self._connection.execute(waiting.order_by(reminders.c.due_at).limit(1)).scalar()

    def claim_outbox(self, most: int, lease_until: datetime) -> list[OutboxRow]:
        """The oldest open message of each lane that is due and nobody's, leased until `lease_until`.

        A message that another process may have sent before it died keeps the moment of that first try.
        """
        free = {"moment": self._now, "most": most}
        claimed = [row_from(row) for row in _DELIVERABLE[self._dialect].rows(self._driver, free)]
        if claimed:
            _CLAIM.each(self._driver, [self._claim(row, lease_until) for row in claimed])
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
        return self._connection.execute(select(soonest).where(_IS_FIRST[self._dialect])).scalar()

    def claim_tasks(
        self, kinds: Collection[str], most: int, lease_until: datetime, besides: Collection[int] = ()
    ) -> list[Task]:
        """The open tasks of these kinds that have been due the longest and are nobody's, `besides` some (ids); leased until `lease_until`.

        What is put in from now on makes them due again. One whose lease has run out was left by a process that died.
        """
        free = select(tasks).where(*_open_tasks(kinds, besides), self._now >= _FREE_AT)
        rows = self._connection.execute(free.order_by(_FREE_AT, tasks.c.id).limit(most)).all()
        claim = update(tasks).where(tasks.c.id.in_([row.id for row in rows]))
        counted = {"claims": tasks.c.claims + 1, "tries": tasks.c.tries + 1}
        self._connection.execute(claim.values(lease_until=lease_until, due_at=None, **counted))
        return [replace(task, claims=task.claims + 1, tries=task.tries + 1) for task in map(task_from, rows)]

    def next_task_at(self, kinds: Collection[str], besides: Collection[int] = ()) -> datetime | None:
        """When the next task of these kinds may be claimed; None where none is open."""
        soonest = func.min(_FREE_AT, type_=tasks.c.due_at.type)
        return self._connection.execute(select(soonest).where(*_open_tasks(kinds, besides))).scalar()

    def due_timers(self, kinds: Collection[str], most: int) -> list[tuple[str, int]]:
        """Timers of these kinds that have been due the longest: the workspace and the id of each."""
        found = select(timers.c.workspace_id, timers.c.id).where(*_open_timers(kinds), timers.c.due_at <= self._now)
        rows = self._connection.execute(found.order_by(timers.c.due_at, timers.c.id).limit(most))
        return [(row.workspace_id, row.id) for row in rows]

    def next_timer_at(self, kinds: Collection[str]) -> datetime | None:
        """When the next timer of these kinds falls due; None where none runs."""
        soonest = select(timers.c.due_at).where(*_open_timers(kinds), timers.c.due_at.is_not(None))
        return self._connection.execute(soonest.order_by(timers.c.due_at).limit(1)).scalar()

    def clear_before(self, moment: datetime, most: int) -> int:
        """Delete up to `most` rows of each kind that were finished before `moment`. Returns how many."""
        return (
            self._clear(request_results, "at", moment, most)
            + self._clear(outbox, "closed_at", moment, most)
            + self._clear(tasks, "closed_at", moment, most)
            + self._clear(timers, "closed_at", moment, most)
            + self._clear_reminders(moment, most)
        )

    def _clear_reminders(self, moment: datetime, most: int) -> int:
        """A reminder goes with its cards: what Slack shows of it stays as it is."""
        old = _OLD_REMINDERS.rows(self._driver, {"moment": moment, "most": most})
        if old:
            _FORGET_CARDS.each(self._driver, [{"of_workspace": row.workspace_id, "of_reminder": row.id} for row in old])
            _FORGET_REMINDER.each(self._driver, [{"of_reminder": row.id} for row in old])
        return len(old)

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
            select(func.count(), func.min(reminders.c.due_at)).where(_IS_WAITING, reminders.c.due_at < self._now)
        ).one()
        is_late = (timers.c.closed_at.is_(None), timers.c.due_at < self._now, _is_installed(timers))
        late_timers = select(func.count()).where(*is_late)
        late_tasks = select(func.count()).where(tasks.c.closed_at.is_(None), self._now > _FREE_AT, _is_installed(tasks))
        return Backlog(
            open_messages=messages,
            oldest_message_at=oldest_message_at,
            late_reminders=late,
            oldest_reminder_at=oldest_reminder_at,
            late_tasks=self._connection.execute(late_tasks).scalar_one(),
            late_timers=self._connection.execute(late_timers).scalar_one(),
        )


def _due(rows: list[Any]) -> list[DueReminder]:
    """The due reminders of one member, who is read but once; what has been due the longest comes first."""
    hours, is_reachable = working_hours(rows[0]), is_colleague(rows[0])
    return [
        DueReminder(
            id=row.id,
            workspace_id=row.workspace_id,
            kind=row.kind,
            subject_id=row.subject_id,
            member_id=row.member_id,
            due_at=row.due_at,
            hours=hours,
            is_reachable=is_reachable,
        )
        for row in sorted(rows, key=lambda row: (row.due_at, row.id))
    ]


def _digest(due: tuple[DueReminder, ...]) -> OverdueDigest:
    """One line a record, of which the reminder counts that has been due the longest."""
    firsts = {reminder.about: reminder.id for reminder in reversed(due)}
    ids = tuple(reversed(firsts.values()))
    return OverdueDigest(reminder_ids=ids[:MOST_NAMED], unlisted=len(ids[MOST_NAMED:]))
