"""Touches: what was said in calls, meetings, mails and messages about a lead or a deal."""

from datetime import datetime
from typing import Any

from sqlalchemy import and_, func, or_

from domain.core.people import Person
from domain.sales.leads import NewTouch, Touch, TouchKind
from storage.engine.scope import Scope, here, select_here
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

    def add(self, new: NewTouch, by: int, *, lead_id: int | None = None, deal_id: int | None = None) -> int:
        """Keep a touch about a lead or a deal; its id."""
        return self.scope.add(
            touches,
            lead_id=lead_id,
            deal_id=deal_id,
            kind=new.kind.value,
            key_points=new.key_points.strip(),
            permalink=new.permalink,
            at=self.now,
            by=by,
        )

    def last_of_lead(self, lead_id: int, most: int) -> list[Touch]:
        """The latest touches of a lead, newest first."""
        return self._list(touches.c.lead_id == lead_id, most)

    def last_of_deal(self, deal_id: int, most: int) -> list[Touch]:
        """The latest touches of a deal and of the leads it came from, newest first."""
        came_from = select_here(leads, leads.c.id).where(leads.c.deal_id == deal_id)
        return self._list(or_(touches.c.deal_id == deal_id, touches.c.lead_id.in_(came_from)), most)

    def last_at(self, account_id: int, most: int) -> list[Touch]:
        """The latest touches with an account, newest first."""
        its_leads = select_here(leads, leads.c.id).where(leads.c.account_id == account_id)
        its_deals = select_here(deals, deals.c.id).where(deals.c.account_id == account_id)
        return self._list(or_(touches.c.lead_id.in_(its_leads), touches.c.deal_id.in_(its_deals)), most)

    def count_of_lead(self, lead_id: int) -> int:
        """How many touches were logged with a lead."""
        of_lead = select_here(touches, func.count()).where(touches.c.lead_id == lead_id)
        return self.scope.scalar(of_lead)  # type: ignore[no-any-return]

    def _list(self, condition: Any, most: int) -> list[Touch]:
        return [_touch(row) for row in self.scope.rows(_TOUCHES.where(condition).limit(most))]


def _touch(row: Any) -> Touch:
    return Touch(
        id=row.id,
        lead_id=row.lead_id,
        deal_id=row.deal_id,
        kind=TouchKind(row.kind),
        key_points=row.key_points,
        permalink=row.permalink,
        at=row.at,
        by=Person(id=row.by, slack_id=row.slack_id, name=row.name),
    )
