"""Meetings about the deals of this workspace."""

from typing import Any

from sqlalchemy import and_

from domain.core.language import _
from domain.core.people import Person
from domain.core.refusals import NotFound
from domain.sales.deals import Deal
from domain.sales.meetings import Meeting, MeetingState, NewMeeting
from storage.engine.scope import Scope, about, here, select_here, update_here
from storage.sales.deals import DealRepository
from storage.schema import meetings, members

_MEETINGS = select_here(meetings, meetings, members.c.slack_id, members.c.name).join(
    members, and_(members.c.id == meetings.c.planned_by, here(members))
)


class MeetingRepository:
    """Meetings of this workspace."""

    def __init__(self, scope: Scope, deals: DealRepository) -> None:
        self.scope, self.deals = scope, deals

    def add(self, deal_id: int, new: NewMeeting, by: int) -> int:
        """Keep a meeting about a deal; its id."""
        values = {"state": MeetingState.PLANNED.value, "planned_by": by, "version": 1}
        return self.scope.add(meetings, subject="deal", subject_id=deal_id, **_said(new), **values)

    def get(self, meeting_id: int) -> Meeting:
        """The meeting. Raises NotFound."""
        row = self.scope.row(_MEETINGS.where(meetings.c.id == meeting_id, meetings.c.subject == "deal"))
        if row is None:
            raise NotFound(_("this meeting"))
        return _meeting(row, self.deals.get(row.subject_id))

    def planned_of(self, deal: Deal, most: int) -> list[Meeting]:
        """The meetings of a deal that are still to take place or to be logged, the next one first."""
        planned = _MEETINGS.where(about(meetings, "deal", deal.id), meetings.c.state == MeetingState.PLANNED.value)
        return [
            _meeting(row, deal) for row in self.scope.rows(planned.order_by(meetings.c.at, meetings.c.id).limit(most))
        ]

    def change(self, meeting_id: int, new: NewMeeting) -> None:
        """Keep what is planned now, in place of what was planned before."""
        changed = update_here(meetings).where(meetings.c.id == meeting_id)
        self.scope.change(changed.values(version=meetings.c.version + 1, **_said(new)))

    def end(self, meeting_id: int, state: MeetingState) -> None:
        """Keep what became of it."""
        changed = update_here(meetings).where(meetings.c.id == meeting_id)
        self.scope.change(changed.values(version=meetings.c.version + 1, state=state.value))


def _said(new: NewMeeting) -> dict[str, Any]:
    return {"about": new.about, "at": new.at, "minutes": new.minutes, "place": new.place}


def _meeting(row: Any, deal: Deal) -> Meeting:
    return Meeting(
        id=row.id,
        deal=deal,
        about=row.about,
        at=row.at,
        minutes=row.minutes,
        place=row.place,
        state=MeetingState(row.state),
        planned_by=Person(id=row.planned_by, slack_id=row.slack_id, name=row.name),
        version=row.version,
    )
