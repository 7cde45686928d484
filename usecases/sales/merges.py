"""Carries out that two records of a company, or of a person, become one, so that it can be undone as a whole."""

from dataclasses import replace
from typing import Any

from domain.core.language import _
from domain.core.people import Actor
from domain.core.reminders import ReminderState
from domain.playbook.sales_rules import SalesPlaybook
from domain.sales.accounts import (
    Account,
    AccountMerge,
    AccountRefreshDue,
    ContactMerge,
    called,
    field_title,
    said_of,
    with_entry,
)
from storage.unit_of_work import UnitOfWork
from usecases.desk import record
from usecases.sales.account_upkeep import redraw_account


def merge_accounts(work: UnitOfWork, actor: Actor, plan: AccountMerge, playbook: SalesPlaybook) -> None:
    """Move everything of one account to the other, and let the one lead to the other."""
    stays, goes = plan.stays, plan.goes
    redraw_account(work, goes.id)  # while its leads are still its own
    for people in plan.same_people:
        absorb_contact(work, actor, people)
    _move_question(work, actor, plan)
    history = entered(work, actor, stays, _told(work, plan, playbook))
    work.accounts.absorb(replace(stays, history=history, **plan.filled), goes)  # type: ignore[arg-type]
    after = {"filled": plan.filled, "differing": plan.differing}
    record(work, actor, "account.merged", stays.id, before={"account_id": goes.id}, after=after)
    redraw_account(work, stays.id)


def absorb_contact(work: UnitOfWork, actor: Actor, plan: ContactMerge) -> None:
    """Let one contact lead to the other, which takes over its leads and what it did not know itself."""
    work.accounts.absorb_contact(plan.merged, plan.goes)
    after = {"filled": plan.filled, "differing": plan.differing}
    record(work, actor, "contact.merged", plan.stays.id, before={"contact_id": plan.goes.id}, after=after)


def entered(work: UnitOfWork, actor: Actor, account: Account, entry: str) -> str:
    """The account's history with an entry of the actor's of today on top."""
    return with_entry(account.history, entry, actor.name, actor.hours.local(work.now).date())


def also_kept(plan: ContactMerge) -> str | None:
    """What is said of a person differently by the record that goes, for the history; None if nothing is."""
    if not plan.differing:
        return None
    differing = ", ".join(f"{field_title(name)} {said_of(name, value)}" for name, value in plan.differing.items())
    return _("{person} was also kept with {what}.").format(person=called(plan.stays), what=differing)


def _move_question(work: UnitOfWork, actor: Actor, plan: AccountMerge) -> None:
    """Let an open question about the one that goes be about the one that stays, unless its owner is asked about that already."""
    question = work.reminders.open_for(AccountRefreshDue.kind, plan.goes.id)
    if question is None:
        return
    work.outbox.refresh_cards("reminder", question.id)
    if work.reminders.open_for(AccountRefreshDue.kind, plan.stays.id):
        work.reminders.close(question.id, ReminderState.CANCELLED, "merged", actor.member_id)
        return
    work.reminders.turn_to(question.id, plan.stays.id)
    if plan.stays.owner_id not in {None, question.member.id}:
        work.reminders.move(question.id, plan.stays.owner_id or question.member.id, question.due_at)


def _told(work: UnitOfWork, plan: AccountMerge, playbook: SalesPlaybook) -> str:
    """What the history keeps of the account that goes."""
    goes = plan.goes
    told = [_("{code} {name} was merged into this account.").format(code=goes.code, name=goes.name)]
    if plan.differing:
        words = [f"{field_title(name)} {_word(work, name, value, playbook)}" for name, value in plan.differing.items()]
        told.append(_("There it said: {what}.").format(what=", ".join(words)))
    told += [said for people in plan.same_people if (said := also_kept(people))]
    return " ".join(told) + (f"\n{goes.history}" if goes.history else "")


def _word(work: UnitOfWork, name: str, value: Any, playbook: SalesPlaybook) -> str:
    if name == "owner_id":
        return work.members.get(value).name
    return playbook.tier_title(value) if name == "tier" else str(value)
