"""The exceptions among the leads: listed for management when they ask, and each of their mornings."""

from datetime import date, datetime, timedelta
from functools import partial

from domain.absences import away_on, gather, stand_in
from domain.exceptions import Exceptional, ExceptionList, counted, is_morning, worst_first
from domain.messages import Destination, ExceptionsDigest
from domain.people import MAY, Actor, Deed, Member
from domain.ports import Work
from domain.usecases.desk import Desk, reads, require
from domain.working_time import WorkingHours, zone_named

MOST_SHOWN = 10
"""Exceptions shown in full; the others are named by number."""
A_DAY = timedelta(days=1)


def exceptions_now(work: Work, hours: WorkingHours) -> ExceptionList:
    """All exceptions at this moment; `hours` say which days count as working days."""
    found = worst_first(work.leads.standings(_unattended(work)), work.now, hours)
    shown = [Exceptional(lead=work.leads.get(lead.lead_id), lapses=lapses) for lead, lapses in found[:MOST_SHOWN]]
    return ExceptionList(
        now=work.now,
        worst=tuple(shown),
        others=tuple(lead.number for lead, _lapses in found[MOST_SHOWN:]),
        counts=counted(lapses for _lead, lapses in found),
    )


def count_exceptions(work: Work, hours: WorkingHours) -> int:
    """How many leads are exceptions now."""
    return len(worst_first(work.leads.standings(_unattended(work)), work.now, hours))


def _unattended(work: Work) -> set[int]:
    """Owners of open leads who are away on their own calendar, with nobody to stand in."""
    owners = work.leads.owner_ids()
    known = gather(owners, work.absences.availability)
    return {
        owner_id
        for owner_id in owners
        if known[owner_id].absence_at(work.now) and stand_in(owner_id, work.now, known) is None
    }


def _today(member: Member, now: datetime) -> date:
    return now.astimezone(zone_named(member.zone)).date()


class ExceptionDesk(Desk):
    """The use cases of exceptions."""

    @reads
    def show(self, work: Work, actor: Actor) -> ExceptionList:
        """All exceptions at this moment.

        Raises NotAllowed.
        """
        require(work, actor, Deed.SEE_EXCEPTIONS)
        return exceptions_now(work, actor.hours)

    async def tell(self, workspace_id: str) -> None:
        """Tell everybody of management, once in their own working morning, if there is something; who is away is left alone."""
        readers = await self.store.read(workspace_id, _readers)
        if readers:
            await self.store.write(workspace_id, partial(_tell, readers))
            self.nudge()


def _readers(work: Work) -> list[tuple[int, date]]:
    """Those of management whose morning it is and who have something to read, each with the day it is for them."""
    awake = [
        member
        for member in work.members.with_roles(MAY[Deed.SEE_EXCEPTIONS])
        if member.is_colleague and is_morning(work.now, work.members.hours(member.id))
    ]
    absences = work.absences.of([member.id for member in awake], (work.now - A_DAY).date()) if awake else {}
    return [
        (member.id, today)
        for member in awake
        if away_on(absences.get(member.id, ()), today := _today(member, work.now)) is None
        and count_exceptions(work, work.members.hours(member.id))
    ]


def _tell(readers: list[tuple[int, date]], work: Work) -> None:
    for member_id, day in readers:
        digest = ExceptionsDigest(exceptions_for=member_id)
        work.outbox.put(digest, Destination(member_id=member_id), once=f"exceptions:{member_id}:{day}")
