"""The exceptions among leads and deals: listed for management when they ask, and each of their mornings."""

from collections.abc import Callable, Sequence
from datetime import date, datetime, timedelta
from functools import partial
from typing import TypeVar

from domain.core.absences import away_on, gather, stand_in
from domain.core.messages import Destination
from domain.core.people import Actor, Member
from domain.core.working_time import WorkingHours, zone_named
from domain.sales.deal_limits import Place, stage_at, standing_in
from domain.sales.exceptions import (
    SEE_EXCEPTIONS,
    Attention,
    DealStanding,
    ExceptionalDeal,
    ExceptionalLead,
    ExceptionList,
    Exceptions,
    ExceptionsDigest,
    Found,
    Lapse,
    LeadStanding,
    Standing,
    counted,
    is_morning,
    signed_by,
    told_by,
    worst_deals,
    worst_leads,
)
from storage.unit_of_work import UnitOfWork
from usecases.core.facts import fact
from usecases.desk import Desk, check_permission, reads
from usecases.sales.deal_pages import sales_called

S = TypeVar("S", bound=Standing)
R = TypeVar("R")

MOST_SHOWN = 10
"""Exceptions of each kind shown in full; the others are named by number."""
A_DAY = timedelta(days=1)


def exceptions_now(work: UnitOfWork, hours: WorkingHours) -> ExceptionList:
    """All exceptions at this moment; `hours` say which days count as working days."""
    away = _unattended(work)
    leads, deals = _leads(work, hours, away), _deals(work, hours, away)
    return ExceptionList(
        now=work.now,
        leads=_listed(leads, lambda lead, lapses: ExceptionalLead(lead=work.leads.get(lead.id), lapses=lapses)),
        deals=_listed(deals, lambda deal, lapses: _deal(work, deal.id, lapses)),
    )


def count_exceptions(work: UnitOfWork, hours: WorkingHours) -> Attention:
    """How many leads and deals are exceptions now."""
    away = _unattended(work)
    return Attention(leads=len(_leads(work, hours, away)), deals=len(_deals(work, hours, away)))


def _leads(work: UnitOfWork, hours: WorkingHours, away: set[int]) -> list[Found[LeadStanding]]:
    return worst_leads(work.leads.standings(away), work.now, hours)


def _deals(work: UnitOfWork, hours: WorkingHours, away: set[int]) -> list[Found[DealStanding]]:
    limits, expected = _stage_limits(work, hours), signed_by(work.now, hours)
    return worst_deals(work.deals.standings(away, limits, expected), work.now, hours)


def _stage_limits(work: UnitOfWork, hours: WorkingHours) -> dict[Place, datetime]:
    """For each place at which deals stand, the moment before which one must have entered it to be an exception."""
    told = told_by(work.now, hours)
    limits = {}
    for place in work.deals.places():
        stage = stage_at(place, sales_called(work, place.playbook))
        if stage:
            limits[place] = stage.limit.begun_before(told, hours)
    return limits


def _listed(found: Sequence[Found[S]], in_full: Callable[[S, tuple[Lapse, ...]], R]) -> Exceptions[R]:
    return Exceptions(
        worst=tuple(in_full(standing, lapses) for standing, lapses in found[:MOST_SHOWN]),
        others=tuple(standing.number for standing, _lapses in found[MOST_SHOWN:]),
        counts=counted(lapses for _standing, lapses in found),
    )


def _deal(work: UnitOfWork, deal_id: int, lapses: tuple[Lapse, ...]) -> ExceptionalDeal:
    deal = work.deals.get(deal_id)
    sales = sales_called(work, deal.progress.playbook if deal.progress else None)
    return ExceptionalDeal(deal=deal, lapses=lapses, stage=standing_in(deal, sales) if sales else None)


def _unattended(work: UnitOfWork) -> set[int]:
    """Owners of open leads and running deals who are away on their own calendar, with nobody to stand in."""
    owners = {*work.leads.owner_ids(), *work.deals.owner_ids()}
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
    def show(self, work: UnitOfWork, actor: Actor) -> ExceptionList:
        """All exceptions at this moment.

        Raises NotAllowed.
        """
        check_permission(work, actor, SEE_EXCEPTIONS)
        return exceptions_now(work, actor.hours)

    async def tell(self, workspace_id: str) -> None:
        """Tell everybody of management, once in their own working morning, if there is something; who is away is left alone."""
        readers = await self.store.read(workspace_id, _readers)
        if readers:
            await self.store.write(workspace_id, partial(_tell, readers))
            self.nudge()


def _readers(work: UnitOfWork) -> list[tuple[int, date]]:
    """Those of management whose morning it is and who have something to read, each with the day it is for them."""
    awake = [
        member
        for member in work.members.with_roles(SEE_EXCEPTIONS.roles)
        if member.is_colleague and is_morning(work.now, work.members.hours(member.id))
    ]
    absences = work.absences.of([member.id for member in awake], (work.now - A_DAY).date()) if awake else {}
    return [
        (member.id, today)
        for member in awake
        if away_on(absences.get(member.id, ()), today := _today(member, work.now)) is None
        and count_exceptions(work, work.members.hours(member.id)).total
    ]


def _tell(readers: list[tuple[int, date]], work: UnitOfWork) -> None:
    for member_id, day in readers:
        digest = ExceptionsDigest(exceptions_for=member_id)
        work.outbox.put(digest, Destination(member_id=member_id), once=f"exceptions:{member_id}:{day}")


@fact("exceptions_for")
def _attention(work: UnitOfWork, member_id: int) -> ExceptionList:
    return exceptions_now(work, work.members.hours(member_id))
