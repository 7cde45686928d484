"""Promises: what was said to clients about deals, open and closed."""

from datetime import datetime
from typing import Any

from sqlalchemy import and_

from domain.core.language import _
from domain.core.people import Person
from domain.core.refusals import NotFound
from domain.sales.leads import Origin
from domain.sales.promises import NewPromise, Promise, PromiseState
from storage.engine.scope import Scope, about, here, select_here, update_here
from storage.schema import accounts, deals, members, promises

_ROLES = {name: members.alias(name) for name in ("keeper", "owner", "noter", "closer")}
"""Those who have to do with a promise: who keeps it, owns its deal, noted it, closed it."""
_SAID_BY = {
    "keeper": promises.c.keeper_id,
    "owner": deals.c.owner_id,
    "noter": promises.c.noted_by,
    "closer": promises.c.closed_by,
}
_OF_DEAL = and_(promises.c.subject == "deal", deals.c.id == promises.c.subject_id, here(deals))
_JOINED = promises.join(deals, _OF_DEAL).outerjoin(accounts, and_(accounts.c.id == deals.c.account_id, here(accounts)))
for _role, _person in _ROLES.items():
    _JOINED = _JOINED.outerjoin(_person, and_(_person.c.id == _SAID_BY[_role], here(_person)))

_PROMISES = select_here(
    promises,
    promises,
    deals.c.number.label("deal_number"),
    accounts.c.name.label("company"),
    *(_ROLES[role].c[column].label(f"{role}_{column}_of") for role in _ROLES for column in ("id", "slack_id", "name")),
).select_from(_JOINED)


class PromiseRepository:
    """Promises of this workspace."""

    def __init__(self, scope: Scope, now: datetime) -> None:
        self.scope, self.now = scope, now

    def add(self, deal_id: int, new: NewPromise, keeper_id: int | None, by: int) -> Promise:
        """Make a record."""
        origin = new.origin
        promise_id = self.scope.add(
            promises,
            subject="deal",
            subject_id=deal_id,
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
        return _promise(row)

    def from_message(self, deal_id: int, origin: Origin) -> Promise | None:
        """The promise of a deal that was noted from a message already, or None."""
        of_deal = _PROMISES.where(about(promises, "deal", deal_id))
        row = self.scope.row(of_deal.where(promises.c.channel == origin.channel, promises.c.ts == origin.ts))
        return _promise(row) if row else None

    def open_of(self, deal_id: int) -> list[Promise]:
        """All promises of a deal that are still to be kept, those that are due first on top."""
        still_open = _PROMISES.where(about(promises, "deal", deal_id), promises.c.closed_at.is_(None))
        return [
            _promise(row)
            for row in self.scope.rows(still_open.order_by(promises.c.due_on.asc().nulls_last(), promises.c.id))
        ]

    def closed_of(self, deal_id: int, most: int) -> list[Promise]:
        """Those that were kept or settled, the latest first."""
        closed = _PROMISES.where(about(promises, "deal", deal_id), promises.c.closed_at.is_not(None))
        newest_first = closed.order_by(promises.c.closed_at.desc(), promises.c.id.desc())
        return [_promise(row) for row in self.scope.rows(newest_first.limit(most))]

    def close(self, promise_id: int, state: PromiseState, how: str | None, by: int) -> None:
        """Note how a promise ended."""
        whole = update_here(promises).where(promises.c.id == promise_id)
        self.scope.change(whole.values(state=state.value, how=how, closed_at=self.now, closed_by=by))


def _promise(row: Any) -> Promise:
    return Promise(
        id=row.id,
        deal_id=row.subject_id,
        deal_number=row.deal_number,
        company=row.company,
        said=row.said,
        due_on=row.due_on,
        keeper=_person_of(row, "keeper"),
        owner=_person_of(row, "owner"),
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
