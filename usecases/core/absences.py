"""Absences: saying when one is away, for oneself or for somebody who fell ill, and who acts for whom meanwhile."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from domain.core.absences import (
    SET_ABSENCE,
    SET_ABSENCE_OF_OTHERS,
    Absence,
    DeputyNamed,
    NewAbsence,
    StandIn,
    away_on,
    check_absence,
    gather,
    stand_in,
)
from domain.core.language import _
from domain.core.messages import Destination
from domain.core.people import Actor, Member, may
from domain.core.refusals import AlreadyDone, RuleBroken
from storage.unit_of_work import UnitOfWork
from usecases.desk import Desk, check_permission, reads, record, writes


@dataclass(frozen=True, kw_only=True)
class AbsenceEntry:
    """An absence as somebody enters it: people by their Slack ids; `member` is None for whoever enters it."""

    first_on: date
    last_on: date
    deputy: str | None = None
    note: str | None = None
    member: str | None = None


class AbsenceDesk(Desk):
    """The use cases of absences; one's own are one's own affair, those of others are management's."""

    @writes
    def add(self, work: UnitOfWork, actor: Actor, entry: AbsenceEntry) -> Absence:
        """Note that somebody is away on some days, and tell the deputy they name.

        Raises NotAllowed, RuleBroken (field `member`, `first_on`, `last_on` or `deputy`).
        """
        slack_id = entry.member or actor.slack_id
        check_permission(work, actor, SET_ABSENCE if slack_id == actor.slack_id else SET_ABSENCE_OF_OTHERS)
        member = _colleague(work, slack_id, "member")
        deputy = _colleague(work, entry.deputy, "deputy") if entry.deputy else None
        new = NewAbsence(
            first_on=entry.first_on,
            last_on=entry.last_on,
            deputy_id=deputy.id if deputy else None,
            note=entry.note or None,
        )
        today = work.members.hours(member.id).local(work.now).date()
        check_absence(new, member.id, today, work.absences.of([member.id], today).get(member.id, []))
        absence = work.absences.add(member.id, new)
        record(work, actor, "absence.added", absence.id, after=_said(absence))
        if deputy:
            told = Destination(member_id=deputy.id)
            work.outbox.put(DeputyNamed(absence_id=absence.id), told, once=f"absence.deputy:{absence.id}")
        return absence

    @writes
    def cancel(self, work: UnitOfWork, actor: Actor, absence_id: int) -> Absence:
        """They are there after all, or again.

        Raises NotFound, NotAllowed, AlreadyDone.
        """
        absence = work.absences.get(absence_id)
        is_own = absence.member.id == actor.member_id
        check_permission(work, actor, SET_ABSENCE if is_own else SET_ABSENCE_OF_OTHERS)
        today = work.members.hours(absence.member.id).local(work.now).date()
        if absence.is_cancelled or absence.last_on < today:
            raise AlreadyDone(_("This absence is over already."))
        work.absences.cancel(absence.id)
        record(work, actor, "absence.cancelled", absence.id, before=_said(absence))
        work.outbox.refresh_cards("absence", absence.id)
        return work.absences.get(absence.id)

    @reads
    def own(self, work: UnitOfWork, actor: Actor) -> tuple[Absence, ...]:
        """The actor's absences that are not over, the next first.

        Raises NotAllowed.
        """
        check_permission(work, actor, SET_ABSENCE)
        return absences_of(work, actor)

    @reads
    def away_today(self, work: UnitOfWork, actor: Actor) -> tuple[Absence, ...]:
        """Who is away on the day it is where the actor is.

        Raises NotAllowed.
        """
        check_permission(work, actor, SET_ABSENCE_OF_OTHERS)
        return away_today(work, actor)


def who_acts_for(work: UnitOfWork, member_id: int) -> StandIn | None:
    """Who does a member's part at this moment: they themselves, or whoever stands in while they are away.

    None where nobody does: they are away without a deputy who is here, or have left. Whatever waits for a person asks this.
    """
    return stand_in(member_id, work.now, gather([member_id], work.absences.availability))


def who_act_for(work: UnitOfWork, member_ids: Sequence[int]) -> list[int]:
    """The members who do the parts of these at this moment, each once; nobody for those for whom nobody does."""
    known = gather(member_ids, work.absences.availability)
    acting = (stand_in(member_id, work.now, known) for member_id in member_ids)
    return list(dict.fromkeys(one.member_id for one in acting if one))


def absence_at(work: UnitOfWork, member_id: int, moment: datetime) -> Absence | None:
    """The absence that covered a moment on a member's own calendar, unless it was cancelled."""
    day = work.members.hours(member_id).local(moment).date()
    return away_on(work.absences.of([member_id], day).get(member_id, ()), day)


def absences_of(work: UnitOfWork, actor: Actor) -> tuple[Absence, ...]:
    """The actor's absences that are not over, the next first."""
    today = actor.hours.local(work.now).date()
    return tuple(work.absences.of([actor.member_id], today).get(actor.member_id, ()))


def away_today(work: UnitOfWork, actor: Actor) -> tuple[Absence, ...]:
    """Who is away on the day it is where the actor is; nobody, for those who may not see it."""
    if not may(actor.roles, SET_ABSENCE_OF_OTHERS):
        return ()
    return tuple(work.absences.on(actor.hours.local(work.now).date()))


def _colleague(work: UnitOfWork, slack_id: str, field: str) -> Member:
    """The colleague with this Slack id.

    Raises RuleBroken at the field for anybody else.
    """
    member = work.members.find(slack_id)
    if member is None or not member.is_colleague:
        raise RuleBroken(_("This has to be a colleague of yours."), field=field)
    return member


def _said(absence: Absence) -> dict[str, object]:
    return {
        "member": absence.member.id,
        "first_on": absence.first_on.isoformat(),
        "last_on": absence.last_on.isoformat(),
        "deputy": absence.deputy and absence.deputy.id,
        "note": absence.note,
    }
