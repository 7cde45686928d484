"""Giving leads to their owners: by the playbook's rules, in turn, or by somebody's hand; whoever gets or loses one is told."""

from dataclasses import replace
from datetime import timedelta

from domain.core.language import _
from domain.core.messages import Destination
from domain.core.people import Actor, Person, Role
from domain.core.refusals import NotAllowed
from domain.playbook.sales_rules import AssignmentRule, HandOut
from domain.sales.assignment import is_able, next_in_turn, turn_at
from domain.sales.leads import ASSIGN_LEAD, Lead, LeadAssigned, LeadGiven, LeadTaken
from storage.unit_of_work import UnitOfWork
from usecases.desk import check_permission, record
from usecases.sales import lead_reminders
from usecases.sales.account_upkeep import adopt_account


def owner_by(work: UnitOfWork, rule: AssignmentRule | None) -> Person | None:
    """Whose turn it is by a rule, which is noted; None where leads are claimed, or nobody of sales is able."""
    return next_seller(work) if rule and rule.to is HandOut.ROUND_ROBIN else None


def next_seller(work: UnitOfWork) -> Person | None:
    """Whose turn it is in sales, which is noted; None where nobody of sales is able."""
    sellers = sorted(work.members.with_roles({Role.SALES}), key=lambda member: member.id)
    yesterday = (work.now - timedelta(days=1)).date()  # which is still today somewhere
    absences = work.absences.of([member.id for member in sellers], yesterday)
    chosen = next_in_turn(member for member in sellers if is_able(member, absences, work.now))
    if chosen is None:
        return None
    work.members.assigned(chosen.id, turn_at(sellers, work.now))
    return chosen.person


def give_by_rule(work: UnitOfWork, actor: Actor, lead: Lead, owner: Person, rule: AssignmentRule) -> bool:
    """Make somebody the owner of a lead without one, with the rule as the reason; False when somebody was quicker."""
    if not work.leads.claim(lead.id, owner.id):
        return False
    before, after = {"owner_id": None}, {"owner_id": owner.id}
    record(work, actor, "lead.assigned", lead.id, before=before, after=after, reason=rule.title)
    adopt_account(work, actor, lead.account, owner.id)
    told = Destination(member_id=owner.id)
    work.outbox.put(LeadAssigned(lead_id=lead.id, rule=rule.title), told, once=f"lead.assigned:{lead.id}:{owner.id}")
    return True


def check_handing_on(work: UnitOfWork, actor: Actor, lead: Lead) -> None:
    """Refuse who may neither give away nor release a lead.

    Raises NotAllowed.
    """
    if lead.may_be_handed_on(actor):
        return
    if lead.owner is None:
        check_permission(work, actor, ASSIGN_LEAD)
    raise NotAllowed(_(ASSIGN_LEAD.sentence), [lead.owner.name if lead.owner else "", *ASSIGN_LEAD.role_titles])


def release(work: UnitOfWork, actor: Actor, lead: Lead) -> None:
    """Let an open lead be without an owner again; whoever captured it is reminded of it, and who lost it to somebody else is told."""
    assert lead.owner is not None
    work.leads.update(replace(lead, owner=None))
    record(work, actor, "lead.released", lead.id, before={"owner_id": lead.owner.id}, after={"owner_id": None})
    lead_reminders.hand_over(work, lead, actor, lead.captured_by.id, "released")
    _tell_both(work, actor, lead, work.leads.get(lead.id), "")


def give(work: UnitOfWork, actor: Actor, lead: Lead, owner: Person, note: str = "") -> Lead:
    """Make somebody the owner of an open lead, whoever had it; both are told, with the note, and its reminders follow."""
    work.leads.update(replace(lead, owner=owner))
    before, after = {"owner_id": lead.owner.id if lead.owner else None}, {"owner_id": owner.id}
    record(work, actor, "lead.assigned", lead.id, before=before, after=after, reason=note or None)
    adopt_account(work, actor, lead.account, owner.id)
    lead_reminders.hand_over(work, lead, actor, owner.id)
    given = work.leads.get(lead.id)
    _tell_both(work, actor, lead, given, note)
    return given


def _tell_both(work: UnitOfWork, actor: Actor, before: Lead, after: Lead, note: str) -> None:
    """Tell the new owner and the old one, but not whoever did it."""
    for member, message in ((after.owner, LeadGiven), (before.owner, LeadTaken)):
        if member and member.id != actor.member_id:
            told = message(lead_id=after.id, by_id=actor.member_id, note=note)
            once = f"{message.__name__}:{after.id}:{member.id}:{after.version}"
            work.outbox.put(told, Destination(member_id=member.id), once=once)
