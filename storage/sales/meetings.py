"""Meetings about records of this workspace, such as deals."""

from typing import Any

from sqlalchemy import and_

from domain.core.language import _
from domain.core.people import Person
from domain.core.records import NamedRecord
from domain.core.refusals import NotFound
from domain.sales.meetings import Meeting, MeetingState, NewMeeting
from storage.core.records import Named
from storage.engine.scope import Scope, about, here, select_here, update_here
from storage.schema import meetings, members

_MEETINGS = select_here(meetings, meetings, members.c.slack_id, members.c.name).join(
    members, and_(members.c.id == meetings.c.planned_by, here(members))
)


class MeetingRepository:
    """Meetings of this workspace. `named` finds the record that one is about."""

    def __init__(self, scope: Scope, named: Named) -> None:
        self.scope, self.named = scope, named

    def add(self, of: NamedRecord, new: NewMeeting, by: int) -> int:
        """Keep a meeting about a record; its id."""
        values = {"state": MeetingState.PLANNED.value, "planned_by": by, "version": 1}
        return self.scope.add(meetings, subject=of.noun, subject_id=of.id, **_said(new), **values)

    def get(self, meeting_id: int) -> Meeting:
        """The meeting. Raises NotFound."""
        row = self.scope.row(_MEETINGS.where(meetings.c.id == meeting_id))
        if row is None:
            raise NotFound(_("this meeting"))
        return _meeting(row, self.named(row.subject, row.subject_id))

    def planned_of(self, of: NamedRecord, most: int) -> list[Meeting]:
        """The meetings about a record that are still to take place or to be logged, the next one first."""
        planned = _MEETINGS.where(about(meetings, of.noun, of.id), meetings.c.state == MeetingState.PLANNED.value)
        next_first = planned.order_by(meetings.c.at, meetings.c.id)
        return [_meeting(row, of) for row in self.scope.rows(next_first.limit(most))]

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


def _meeting(row: Any, of: NamedRecord) -> Meeting:
    return Meeting(
        id=row.id,
        of=of,
        about=row.about,
        at=row.at,
        minutes=row.minutes,
        place=row.place,
        state=MeetingState(row.state),
        planned_by=Person(id=row.planned_by, slack_id=row.slack_id, name=row.name),
        version=row.version,
    )
