"""The append-only audit log and its seals."""

from collections.abc import Iterator
from datetime import datetime
from itertools import takewhile
from typing import Any

from sqlalchemy import Select, Text, and_, cast, func

from domain.core.audit import AuditEvent, ChainEnd, NewAuditEvent, Scheme, Seal, StoredEvent
from domain.core.people import Actor
from storage.engine.scope import Scope, select_here
from storage.schema import audit_events, audit_seals

_EVERY = audit_seals.alias("every")
_COVERED_TO = select_here(_EVERY, func.max(_EVERY.c.last_event_id)).scalar_subquery().label("covered_to")
_IS_NEWEST = audit_seals.c.number == select_here(_EVERY, func.max(_EVERY.c.number)).scalar_subquery()
END = select_here(audit_seals, audit_seals.c.number, audit_seals.c.hash, _COVERED_TO).where(_IS_NEWEST)
"""Where a chain ends. The newest seal is looked for by its number: SQLite reads all seals to find the last in an order."""


class AuditRepository:
    """The audit log of this workspace. Events are gathered and written together as the transaction ends."""

    def __init__(self, scope: Scope, now: datetime) -> None:
        self.scope, self.now = scope, now
        self._gathered: list[dict[str, Any]] = []

    def append(self, actor: Actor | None, event: NewAuditEvent) -> None:
        """Say what happened; `actor` is None for what Rainmaker does by itself."""
        self._gathered.append(
            {
                "at": self.now,
                "actor_id": actor.member_id if actor else None,
                "source": actor.via if actor else "rainmaker",
                "event": event.event,
                "subject": event.subject,
                "subject_id": event.subject_id,
                "before": dict(event.before) if event.before is not None else None,
                "after": dict(event.after) if event.after is not None else None,
                "reason": event.reason,
            }
        )

    def write(self) -> None:
        """Put what was gathered into the log."""
        self.scope.add_all(audit_events, self._gathered)
        self._gathered = []

    def unsealed(self, after_id: int, before: datetime, most: int) -> list[StoredEvent]:
        """The first events with ids above `after_id`, up to the first that is younger than `before`."""
        later = self._stored().where(audit_events.c.id > after_id)
        events = map(_stored_event, self.scope.rows(later.limit(most)))
        return list(takewhile(lambda event: event.moment <= before, events))

    def count_after(self, after_id: int, before: datetime) -> int:
        """How many events have ids above `after_id` and are older than `before`."""
        is_late = and_(audit_events.c.id > after_id, audit_events.c.at < before)
        return int(self.scope.scalar(select_here(audit_events, func.count()).where(is_late)))

    def stored_between(self, after_id: int, last_id: int) -> list[StoredEvent]:
        """Like `between`, each as it is stored."""
        within = audit_events.c.id.between(after_id + 1, last_id)
        return [_stored_event(row) for row in self.scope.rows(self._stored().where(within))]

    def _stored(self) -> Select[Any]:
        """Events in order, with nothing read of what is kept as text."""
        as_text = {"before", "after"} if self.scope.dialect == "postgresql" else {"at", "before", "after"}
        columns = [cast(one, Text).label(one.name) if one.name in as_text else one for one in audit_events.c]
        return select_here(audit_events, *columns).order_by(audit_events.c.id)

    def between(self, after_id: int, last_id: int) -> list[AuditEvent]:
        """Events with ids above `after_id`, up to and with `last_id`, in order."""
        within = audit_events.c.id.between(after_id + 1, last_id)
        return [
            _event(row) for row in self.scope.rows(select_here(audit_events).where(within).order_by(audit_events.c.id))
        ]

    def about(self, subject: str, subject_id: int) -> list[AuditEvent]:
        """Everything that happened to one record, in order."""
        of_record = and_(audit_events.c.subject == subject, audit_events.c.subject_id == subject_id)
        rows = self.scope.rows(select_here(audit_events).where(of_record).order_by(audit_events.c.id))
        return [_event(row) for row in rows]

    def end(self) -> ChainEnd:
        """Where the next seal goes on."""
        row = self.scope.row(END)
        return ChainEnd(number=row.number, hash=row.hash, covered_to=row.covered_to) if row else ChainEnd()

    def seals_after(self, number: int, most: int) -> list[Seal]:
        """Seals in order, from the one after `number`."""
        later = select_here(audit_seals).where(audit_seals.c.number > number)
        return [_seal(row) for row in self.scope.rows(later.order_by(audit_seals.c.number).limit(most))]

    def add_seal(self, link: Seal) -> bool:
        """Add a link to the chain; False when another process has just added that one."""
        return self.scope.add_new(
            audit_seals,
            "workspace_id",
            "number",
            number=link.number,
            scheme=link.scheme.value,
            last_event_id=link.last_event_id,
            previous_hash=link.previous_hash,
            hash=link.hash,
            entries=[list(entry) for entry in link.entries],
        )


def _event(row: Any) -> AuditEvent:
    return AuditEvent(
        id=row.id,
        workspace_id=row.workspace_id,
        at=row.at,
        actor_id=row.actor_id,
        source=row.source,
        event=row.event,
        subject=row.subject,
        subject_id=row.subject_id,
        before=row.before,
        after=row.after,
        reason=row.reason,
    )


def _stored_event(row: Any) -> StoredEvent:
    at = row.at.isoformat() if isinstance(row.at, datetime) else row.at
    return StoredEvent(**{**row._mapping, "at": at})


def _seal(row: Any) -> Seal:
    return Seal(
        workspace_id=row.workspace_id,
        number=row.number,
        scheme=Scheme.VALUES if row.scheme is None else Scheme(row.scheme),
        previous_hash=row.previous_hash,
        hash=row.hash,
        entries=tuple(_entries(row.entries)),
    )


def _entries(kept: Any) -> Iterator[tuple[int, str]]:
    """What of a seal's entries has their shape; where somebody has broken one, its hash shows that."""
    for entry in kept if isinstance(kept, list) else []:
        if isinstance(entry, list) and [type(part) for part in entry] == [int, str]:
            yield entry[0], entry[1]
