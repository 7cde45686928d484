"""Promises: what was said to clients about a record, such as a deal, open and closed."""

from datetime import datetime
from typing import Any

from sqlalchemy import FromClause, and_

from domain.core.language import _
from domain.core.people import Person
from domain.core.records import NamedRecord
from domain.core.refusals import NotFound
from domain.sales.leads import Origin
from domain.sales.promises import NewPromise, Promise, PromiseState
from storage.core.records import Named
from storage.engine.scope import Scope, about, here, select_here, update_here
from storage.schema import members, promises

_ROLES = {name: members.alias(name) for name in ("keeper", "noter", "closer")}
"""Those who have to do with a promise: who keeps it, noted it, closed it."""
_SAID_BY = {"keeper": promises.c.keeper_id, "noter": promises.c.noted_by, "closer": promises.c.closed_by}
_JOINED: FromClause = promises
for _role, _person in _ROLES.items():
    _JOINED = _JOINED.outerjoin(_person, and_(_person.c.id == _SAID_BY[_role], here(_person)))

_PROMISES = select_here(
    promises,
    promises,
    *(_ROLES[role].c[column].label(f"{role}_{column}_of") for role in _ROLES for column in ("id", "slack_id", "name")),
).select_from(_JOINED)


class PromiseRepository:
    """Promises of this workspace. `named` finds the record that one belongs to."""

    def __init__(self, scope: Scope, now: datetime, named: Named) -> None:
        self.scope, self.now, self.named = scope, now, named

    def add(self, of: NamedRecord, new: NewPromise, keeper_id: int | None, by: int) -> Promise:
        """Keep a promise about a record."""
        origin = new.origin
        promise_id = self.scope.add(
            promises,
            subject=of.noun,
            subject_id=of.id,
            said=new.said,
            due_on=new.due_on,
            keeper_id=keeper_id,
            state=PromiseState.OPEN.value,
            channel=origin.channel if origin else None,
            ts=origin.ts if origin else None,
            author=origin.author if origin else None,
            permalink=origin.permalink if origin else None,
            noted_at=self.now,
            noted_by=by,
        )
        return self.get(promise_id)

    def get(self, promise_id: int) -> Promise:
        """The promise. Raises NotFound."""
        row = self.scope.row(_PROMISES.where(promises.c.id == promise_id))
        if row is None:
            raise NotFound(_("this promise"))
        return _promise(row, self.named(row.subject, row.subject_id))

    def from_message(self, of: NamedRecord, origin: Origin) -> Promise | None:
        """The promise of a record that was noted from a message already, or None."""
        from_there = (promises.c.channel == origin.channel, promises.c.ts == origin.ts)
        row = self.scope.row(_PROMISES.where(about(promises, of.noun, of.id), *from_there))
        return _promise(row, of) if row else None

    def open_of(self, of: NamedRecord) -> list[Promise]:
        """All promises of a record that are still to be kept, those that are due first on top."""
        still_open = _PROMISES.where(about(promises, of.noun, of.id), promises.c.closed_at.is_(None))
        due_first = still_open.order_by(promises.c.due_on.asc().nulls_last(), promises.c.id)
        return [_promise(row, of) for row in self.scope.rows(due_first)]

    def closed_of(self, of: NamedRecord, most: int) -> list[Promise]:
        """Those that were kept or settled, the latest first."""
        closed = _PROMISES.where(about(promises, of.noun, of.id), promises.c.closed_at.is_not(None))
        newest_first = closed.order_by(promises.c.closed_at.desc(), promises.c.id.desc())
        return [_promise(row, of) for row in self.scope.rows(newest_first.limit(most))]

    def close(self, promise_id: int, state: PromiseState, how: str | None, by: int) -> None:
        """Note how a promise ended."""
        whole = update_here(promises).where(promises.c.id == promise_id)
        self.scope.change(whole.values(state=state.value, how=how, closed_at=self.now, closed_by=by))


def _promise(row: Any, of: NamedRecord) -> Promise:
    return Promise(
        id=row.id,
        of=of,
        said=row.said,
        due_on=row.due_on,
        keeper=_person_of(row, "keeper"),
        state=PromiseState(row.state),
        origin=_origin(row),
        noted_by=_person_of(row, "noter"),
        noted_at=row.noted_at,
        closed_by=_person_of(row, "closer"),
        closed_at=row.closed_at,
        how=row.how,
    )


def _origin(row: Any) -> Origin | None:
    if row.ts is None:
        return None
    return Origin(channel=row.channel, ts=row.ts, author=row.author, permalink=row.permalink)


def _person_of(row: Any, role: str) -> Any:
    found = {column: getattr(row, f"{role}_{column}_of") for column in ("id", "slack_id", "name")}
    return None if found["id"] is None else Person(**found)
