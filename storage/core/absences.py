"""Who is away on which days, and who stands in."""

from collections.abc import Collection
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import and_, bindparam

from domain.core.absences import Absence, Availability, NewAbsence
from domain.core.language import _
from domain.core.people import Person
from domain.core.refusals import NotFound
from storage.core.people import is_colleague, working_hours
from storage.engine.prepared import Fixed
from storage.engine.scope import Scope, here, select_here, update_here
from storage.schema import absences, members, workspaces

deputies = members.alias("deputies")

_ABSENCES = select_here(
    absences,
    absences,
    members.c.slack_id,
    members.c.name,
    deputies.c.slack_id.label("deputy_slack_id"),
    deputies.c.name.label("deputy_name"),
).select_from(
    absences.join(members, and_(members.c.id == absences.c.member_id, here(members))).outerjoin(
        deputies, and_(deputies.c.id == absences.c.deputy_id, here(deputies))
    )
)
_BY_ID = Fixed(_ABSENCES.where(absences.c.id == bindparam("of_absence")))
_VALID = _ABSENCES.where(absences.c.cancelled_at.is_(None)).order_by(absences.c.first_on, absences.c.id)
_OF_MEMBERS = _VALID.where(
    absences.c.member_id.in_(bindparam("of_members", expanding=True)), absences.c.last_on >= bindparam("from_day")
)
_ON_DAY = Fixed(_VALID.where(absences.c.first_on <= bindparam("of_day"), absences.c.last_on >= bindparam("of_day")))
_AVAILABILITY = (
    select_here(
        members,
        members,
        workspaces.c.country.label("workspace_country"),
        workspaces.c.region.label("workspace_region"),
    )
    .select_from(members.join(workspaces, workspaces.c.workspace_id == members.c.workspace_id))
    .where(members.c.id.in_(bindparam("of_members", expanding=True)))
)


class AbsenceRepository:
    """Absences in this workspace."""

    def __init__(self, scope: Scope, now: datetime) -> None:
        self.scope, self.now = scope, now

    def get(self, absence_id: int) -> Absence:
        """The absence, also one that was cancelled. Raises NotFound."""
        row = self.scope.row(_BY_ID, of_absence=absence_id)
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

    def on(self, day: date) -> list[Absence]:
        """All absences that cover a day, by their first."""
        return [_absence(row) for row in self.scope.rows(_ON_DAY, of_day=day)]

    def availability(self, member_ids: Collection[int]) -> dict[int, Availability]:
        """When each of the members works, whether they are here, and their absences that are not over anywhere on earth."""
        away = self.of(member_ids, (self.now - timedelta(days=1)).date())
        return {
            row.id: Availability(
                hours=working_hours(row), is_here=is_colleague(row), absences=tuple(away.get(row.id, ()))
            )
            for row in self.scope.rows(_AVAILABILITY, of_members=sorted(member_ids))
        }


def _absence(row: Any) -> Absence:
    return Absence(
        id=row.id,
        member=Person(id=row.member_id, slack_id=row.slack_id, name=row.name),
        first_on=row.first_on,
        last_on=row.last_on,
        deputy=row.deputy_id and Person(id=row.deputy_id, slack_id=row.deputy_slack_id, name=row.deputy_name),
        note=row.note,
        is_cancelled=row.cancelled_at is not None,
    )
