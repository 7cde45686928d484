"""Touches: what was said in calls, meetings, mails and messages about a record, such as a lead or a deal."""

from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, func, or_

from domain.core.people import Person
from domain.sales.leads import NewTouch, Touch, TouchKind
from storage.engine.scope import Scope, about, here, select_here
from storage.schema import deals, leads, members, touches

_TOUCHES = (
    select_here(touches, touches, members.c.slack_id, members.c.name)
    .join(members, and_(members.c.id == touches.c.by, here(members)))
    .order_by(touches.c.at.desc(), touches.c.id.desc())
)


class TouchRepository:
    """Touches of this workspace."""

    def __init__(self, scope: Scope, now: datetime) -> None:
        self.scope, self.now = scope, now

    def add(self, noun: str, record_id: int, new: NewTouch, by: int) -> int:
        """Keep a touch about a record, such as ("deal", 7); its id."""
        return self.scope.add(
            touches,
            subject=noun,
            subject_id=record_id,
            kind=new.kind.value,
            key_points=new.key_points.strip(),
            permalink=new.permalink,
            at=self.now,
            by=by,
        )

    def last_of(self, noun: str, record_id: int, most: int) -> list[Touch]:
        """The latest touches about a record, newest first."""
        return self._list(about(touches, noun, record_id), most)

    def last_of_deal(self, deal_id: int, most: int) -> list[Touch]:
        """The latest touches about a deal and the leads it came from, newest first."""
        came_from = select_here(leads, leads.c.id).where(leads.c.deal_id == deal_id)
        return self._list(or_(about(touches, "deal", deal_id), _about_any("lead", came_from)), most)

    def last_at(self, account_id: int, most: int) -> list[Touch]:
        """The latest touches with an account, newest first."""
        its_leads = select_here(leads, leads.c.id).where(leads.c.account_id == account_id)
        its_deals = select_here(deals, deals.c.id).where(deals.c.account_id == account_id)
        its_own = about(touches, "account", account_id)
        return self._list(or_(its_own, _about_any("lead", its_leads), _about_any("deal", its_deals)), most)

    def count_of(self, noun: str, record_id: int) -> int:
        """How many touches were logged about a record."""
        of_record = select_here(touches, func.count()).where(about(touches, noun, record_id))
        return self.scope.scalar(of_record)  # type: ignore[no-any-return]

    def _list(self, condition: Any, most: int) -> list[Touch]:
        return [_touch(row) for row in self.scope.rows(_TOUCHES.where(condition).limit(most))]


def _about_any(noun: str, record_ids: Select[Any]) -> ColumnElement[bool]:
    return and_(touches.c.subject == noun, touches.c.subject_id.in_(record_ids))


def _touch(row: Any) -> Touch:
    return Touch(
        id=row.id,
        subject=row.subject,
        subject_id=row.subject_id,
        kind=TouchKind(row.kind),
        key_points=row.key_points,
        permalink=row.permalink,
        at=row.at,
        by=Person(id=row.by, slack_id=row.slack_id, name=row.name),
    )
