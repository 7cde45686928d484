"""Handing out leads by the playbook's rules: whose turn it is, and telling them."""

from datetime import timedelta

from domain.core.messages import Destination
from domain.core.people import Actor, Person, Role
from domain.playbook.sales_rules import AssignmentRule, HandOut
from domain.sales.assignment import is_able, next_in_turn, turn_at
from domain.sales.leads import Lead, LeadAssigned
from storage.unit_of_work import UnitOfWork
from usecases.desk import record
from usecases.sales.account_upkeep import adopt_account


def owner_by(work: UnitOfWork, rule: AssignmentRule | None) -> Person | None:
    """Whose turn it is by a rule, which is noted; None where leads are claimed, or nobody of sales is able."""
    if rule is None or rule.to is not HandOut.ROUND_ROBIN:
        return None
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
