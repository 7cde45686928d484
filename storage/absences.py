"""Who is away on which days, and who stands in."""

from collections.abc import Collection
from datetime import date, datetime
from typing import Any

from sqlalchemy import and_, bindparam

from domain.absences import Absence, NewAbsence
from domain.language import _
from domain.people import Person
from domain.refusals import NotFound
from storage.schema import absences, members
from storage.scope import Scope, here, select_here, update_here

deputies = members.alias("deputies")

_ABSENCES = (
    select_here(
        absences,
        absences,
        members.c.slack_id,
        members.c.name,
        deputies.c.slack_id.label("deputy_slack_id"),
        deputies.c.name.label("deputy_name"),
    )
    .select_from(
        absences.join(members, and_(members.c.id == absences.c.member_id, here(members))).outerjoin(
            deputies, deputies.c.id == absences.c.deputy_id
        )
    )
    .where(absences.c.cancelled_at.is_(None))
)
_OF_MEMBERS = _ABSENCES.where(
    absences.c.member_id.in_(bindparam("of_members", expanding=True)), absences.c.last_on >= bindparam("from_day")
).order_by(absences.c.first_on, absences.c.id)


class AbsenceRepository:
    """Absences in this workspace."""

    def __init__(self, scope: Scope, now: datetime) -> None:
        self.scope, self.now = scope, now

    def get(self, absence_id: int) -> Absence:
        """The absence. Raises NotFound, also when it was cancelled."""
        row = self.scope.row(_ABSENCES.where(absences.c.id == absence_id))
        if row is None:
            raise NotFound(_("this absence"))
        return _absence(row)

    def add(self, member_id: int, new: NewAbsence) -> Absence:
        """Keep the days on which a member is away."""
        said = {"first_on": new.first_on, "last_on": new.last_on, "deputy_id": new.deputy_id, "note": new.note}
        return self.get(self.scope.add(absences, member_id=member_id, created_at=self.now, **said))

    def cancel(self, absence_id: int) -> None:
        """They are not away after all."""
        self.scope.change(update_here(absences).where(absences.c.id == absence_id).values(cancelled_at=self.now))

    def of(self, member_ids: Collection[int], from_day: date) -> dict[int, list[Absence]]:
        """Absences by member that are not over before a day, the next first."""
        found: dict[int, list[Absence]] = {}
        for row in self.scope.rows(_OF_MEMBERS, of_members=sorted(member_ids), from_day=from_day):
            found.setdefault(row.member_id, []).append(_absence(row))
        return found


def _absence(row: Any) -> Absence:
    return Absence(
        id=row.id,
        member=Person(id=row.member_id, slack_id=row.slack_id, name=row.name),
        first_on=row.first_on,
        last_on=row.last_on,
        deputy=row.deputy_id and Person(id=row.deputy_id, slack_id=row.deputy_slack_id, name=row.deputy_name),
        note=row.note,
    )
