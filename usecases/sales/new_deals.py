"""How a deal begins, and what people plan of one."""

from dataclasses import replace

from domain.core.messages import Destination
from domain.core.people import Actor
from domain.core.reminders import snooze_to_day
from domain.playbook.sales_rules import SalesPlaybook
from domain.playbook.stages import route
from domain.sales.deal_route import variant_by_rule
from domain.sales.deals import Deal, DealOpened, DealPlan, Progress
from domain.sales.leads import Lead
from storage.unit_of_work import UnitOfWork
from usecases.desk import record
from usecases.sales import channels as deal_channels
from usecases.sales import deal_reminders


def begin_deal(work: UnitOfWork, actor: Actor, lead: Lead, plan: DealPlan, rules: SalesPlaybook, digest: str) -> int:
    """Begin a deal of a lead by the playbook in force, which has this digest, and show its card; its id."""
    owner = lead.owner or actor.person
    version = work.playbooks.kept(digest)
    begun = Progress(stage="", since=work.now, variant="", playbook=version, opened_by=actor.person)
    progress = planned(work, begun, plan, owner.id)
    deal = Deal(id=0, number=0, title=plan.title, value=plan.value, created_at=work.now, progress=progress)
    variant = variant_by_rule(deal, rules)
    first = route(rules.stages, variant)[1]
    progress = replace(progress, stage=first.id, variant=variant.id)
    deal_id = work.deals.begin(plan, lead.account.id, owner.id, progress)
    after = {"lead_id": lead.id, "account_id": lead.account.id, "stage": first.id, "variant": progress.variant}
    record(work, actor, "deal.opened", deal_id, after=after)
    opened = work.deals.get(deal_id)
    deal_reminders.begin(work, opened, rules)
    deal_channels.follow(work, opened, rules)
    shown_in = actor.leads_channel or (lead.origin.channel if lead.origin else None)
    place = Destination(channel=shown_in, member_id=owner.id)
    work.outbox.put(DealOpened(deal_id=deal_id), place, once=f"deal.opened:{deal_id}")
    return deal_id


def planned(work: UnitOfWork, progress: Progress, plan: DealPlan, owner_id: int) -> Progress:
    """The progress with what a plan says; the next step keeps its moment where its day stays."""
    hours = work.members.hours(owner_id)
    next_at = progress.next_at
    if plan.next_on is None:
        next_at = None
    elif next_at is None or hours.local(next_at).date() != plan.next_on:
        next_at = snooze_to_day(plan.next_on, work.now, hours, field="next_on")
    return replace(
        progress,
        client_type=plan.client_type,
        expected_on=plan.expected_on,
        next_step=plan.next_step,
        next_at=next_at,
    )
