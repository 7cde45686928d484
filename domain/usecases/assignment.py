"""Handing out leads by the playbook's rules: whose turn it is, and telling them."""

from collections.abc import Iterable
from datetime import date, timedelta

from domain.absences import Absence
from domain.assignment import is_able, next_in_turn, turn_at
from domain.leads import Lead
from domain.messages import Destination, LeadAssigned
from domain.people import Actor, Person, Role
from domain.playbook import AssignmentRule, HandOut
from domain.ports import Work
from domain.usecases.desk import record


def owner_by(work: Work, rule: AssignmentRule | None) -> Person | None:
    """Whose turn it is by a rule, which is noted; None where leads are claimed, or nobody of sales is able.

    Until the transaction ends, no other gives anything to any of them, so that two leads at once go to two people.
    """
    if rule is None or rule.to is not HandOut.ROUND_ROBIN:
        return None
    sellers = [member.id for member in work.members.with_roles({Role.SALES})]
    absences = work.absences.of(sellers, (work.now - timedelta(days=1)).date())  # yesterday is still today somewhere
    held = work.members.hold(sellers)
    chosen = next_in_turn(member for member in held if is_able(member, absences, work.now))
    if chosen is None:
        return None
    work.members.assigned(chosen.id, turn_at(held, work.now))
    return chosen.person


def give_by_rule(work: Work, actor: Actor, lead: Lead, owner: Person, rule: AssignmentRule) -> bool:
    """Make somebody the owner of a lead without one, with the rule as the reason; False when somebody was quicker."""
    if not work.leads.claim(lead.id, owner.id):
        return False
    before, after = {"owner_id": None}, {"owner_id": owner.id}
    record(work, actor, "lead.assigned", lead.id, before=before, after=after, reason=rule.title)
    told = Destination(member_id=owner.id)
    work.outbox.put(LeadAssigned(lead_id=lead.id, rule=rule.title), told, once=f"lead.assigned:{lead.id}:{owner.id}")
    return True


def absences_around(work: Work, member_ids: Iterable[int], from_day: date) -> dict[int, list[Absence]]:
    """The absences of members, of those who stand in for them, and so on: what it takes to say who does whose part."""
    found: dict[int, list[Absence]] = {}
    asked: set[int] = set()
    wanted = set(member_ids)
    while wanted:
        more = work.absences.of(wanted, from_day)
        found |= more
        asked |= wanted
        deputies = {absence.deputy.id for theirs in more.values() for absence in theirs if absence.deputy}
        wanted = deputies - asked
    return found
