"""Forms of sales records that were opened a while ago: what each shows of its record, and how its values are said in a clash.

`shown` is what the form has shown; None where there was no form. All raise FormRefused where somebody else was quicker.
"""

from collections.abc import Mapping
from dataclasses import fields, replace
from datetime import date
from typing import Any

from domain.core.edits import rebased, rebased_values
from domain.core.language import _
from domain.core.people import Actor
from domain.core.working_time import WorkingHours
from domain.playbook.sales_rules import SalesPlaybook
from domain.sales.accounts import Account, AccountEdit, Contact, NewContact
from domain.sales.deals import Deal, DealPlan, Money, progress_of
from domain.sales.documents import Needs
from domain.sales.leads import Lead, NewLead
from domain.sales.phones import readable_phone
from storage.unit_of_work import UnitOfWork


def rebased_account(
    work: UnitOfWork, account: Account, edit: AccountEdit, shown: AccountEdit | None, playbook: SalesPlaybook
) -> AccountEdit:
    """The account as it is now, with what was entered differently from what was shown."""
    owner = work.members.get(account.owner_id).slack_id if account.owner_id else None
    now = {name: getattr(account, name) for name in ("name", "industry", "country", "tier")}

    def words(name: str, value: str) -> str:
        member = work.members.find(value) if name == "owner" else None
        return member.name if member else playbook.tier_title(value) if name == "tier" else value

    return rebased(edit, shown, AccountEdit(owner=owner, **now), words)


def rebased_contact(contact: Contact, said: NewContact, shown: NewContact | None) -> NewContact:
    """The contact as it is now, with what was entered differently from what was shown."""
    return rebased(said, shown, _known(contact))


def rebased_lead(lead: Lead, new: NewLead, shown: NewLead | None, playbook: SalesPlaybook) -> NewLead:
    """The lead as it is now, with what was entered differently from what was shown."""
    if shown is None:
        return new
    known = _known(lead.contact)
    contact = rebased(new.contact, shown.contact, known, asked_as={"name": "contact_name"})
    now = NewLead(company=lead.account.name, source=lead.source, said=lead.said, contact=contact)

    def words(name: str, value: Any) -> str:
        channel = playbook.channels.get(value) if name == "source" else None
        return _(channel.title) if channel else str(value)

    entered, was = replace(new, contact=contact), replace(shown, contact=contact)
    return rebased(entered, was, now, words, {"source": "channel"})


def rebased_answers(
    lead: Lead, entered: Mapping[str, str], shown: Mapping[str, str] | None, playbook: SalesPlaybook
) -> Mapping[str, str]:
    """The answers to the screening as they are now, with what was entered differently from what was shown."""
    if shown is None:
        return entered
    titles = {(one.id, answer.id): _(answer.title) for one in playbook.screening for answer in one.answers}
    asked = [criterion.id for criterion in playbook.screening]
    kept = rebased_values(
        {name: entered.get(name) for name in [*asked, *entered]},
        shown,
        lead.answers,
        lambda name, value: titles.get((name, value), value),
        {name: f"screening_{name}" for name in asked},
    )
    return {name: value for name, value in kept.items() if value}


def is_day_planned(lead: Lead, day: date, shown: date, hours: WorkingHours) -> bool:
    """Whether the next date that was entered changes nothing, on the clock of whoever entered it."""
    planned = hours.local(lead.next_at).date() if lead.next_at else None
    return bool(rebased_values({"day": day}, {"day": shown}, {"day": planned})["day"] == planned)


def rebased_plan(
    work: UnitOfWork, actor: Actor, deal: Deal, plan: DealPlan, shown: DealPlan | None, playbook: SalesPlaybook
) -> DealPlan:
    """The deal's plan as it is now, with what was entered differently from what was shown; days are on the actor's clock.

    A day of the next step that stays is on its owner's clock, so that its moment stays, too.
    """
    if shown is None:
        return plan
    progress = progress_of(deal)
    now = DealPlan(
        title=deal.title,
        value=deal.value,
        client_type=progress.client_type,
        expected_on=progress.expected_on,
        next_step=progress.next_step,
        next_on=actor.hours.local(progress.next_at).date() if progress.next_at else None,
    )

    def words(name: str, value: Any) -> str:
        if isinstance(value, Money):
            return f"{value.amount:,.2f} {value.currency}"
        return _(playbook.client_types.get(value, value)) if name == "client_type" else str(value)

    kept = rebased(plan, shown, now, words, {"value": "amount"})
    if progress.next_at is None or kept.next_on != now.next_on:
        return kept
    hours = work.members.hours(deal.owner.id if deal.owner else actor.member_id)
    return replace(kept, next_on=hours.local(progress.next_at).date())


def rebased_needs(known: Needs | None, needs: Needs, shown: Needs | None) -> Needs:
    """The needs brief as it is now, with what was entered differently from what was shown."""
    now = Needs(needs=known.needs, pains=known.pains, goals=known.goals) if known else Needs()
    return rebased(needs, shown, now)


def _known(contact: Contact | None) -> NewContact:
    """A contact as forms show one."""
    if contact is None:
        return NewContact()
    said = {part.name: getattr(contact, part.name) for part in fields(NewContact)}
    return NewContact(**said | {"phone": readable_phone(contact.phone)})
