"""Answers whoever writes to Rainmaker: with the records they name, with help, or that nothing is called so."""

from collections.abc import Sequence
from contextlib import suppress
from typing import Any

from domain.core.messages import ColleaguesOnly, Destination, Hint, Message, NothingFound
from domain.core.people import Actor, may
from domain.core.refusals import NotFound
from domain.sales.accounts import AccountLine, mail_domain
from domain.sales.company_guesses import company_labelled, company_of_domain, names_in
from domain.sales.company_names import normal_name
from domain.sales.duplicates import KeyKind
from domain.sales.finding import LONGEST_SOUGHT, SHORTEST_SOUGHT, Asked, RecordsFound, codes_in
from domain.sales.leads import SEE_LEADS
from domain.sales.pages import DealList, LeadList
from storage.unit_of_work import UnitOfWork
from usecases.core.facts import fact, facts_of
from usecases.desk import Desk, check_permission, reads, writes
from usecases.sales.leads import standing_lead
from usecases.sales.lookup import best_first, looked_up

MOST_FOUND = 5
"""Records of each kind that an answer names."""


class FindingDesk(Desk):
    """The use cases of words that people write to Rainmaker."""

    @writes
    def answer(self, work: UnitOfWork, actor: Actor, asked: Asked) -> None:
        """Answer in direct messages, once for each thing somebody writes; the first greeting is answered with the help card."""
        message = _answer(work, actor, asked)
        is_greeting = isinstance(message, NothingFound) and not work.outbox.knows(_hello(actor))
        if is_greeting:
            message = Hint(words=asked.help_on)
        once = _hello(actor) if is_greeting else f"answer:{actor.request_key}"
        work.outbox.put(message, Destination(member_id=actor.member_id), once=once)

    @reads
    def find(self, work: UnitOfWork, actor: Actor, asked: Asked) -> tuple[str, dict[str, Any]]:
        """The same answer for somewhere else: the name of its message, and its facts."""
        message = _answer(work, actor, asked)
        return type(message).__name__, facts_of(work, message)

    @reads
    def company_in(self, work: UnitOfWork, actor: Actor, text: str, email: str | None) -> str:
        """The company that a message is about, by the name it has on record if it has one; empty where nothing tells.

        Raises NotAllowed.
        """
        check_permission(work, actor, SEE_LEADS)
        if labelled := company_labelled(text):
            return labelled
        names = [normal for name in names_in(text) if (normal := normal_name(name))]
        known = work.accounts.called(names)
        if account := next((known[name][0] for name in names if known[name]), None):
            return account.name
        return _at_domain(work, email) or company_of_domain(email) or ""


def _at_domain(work: UnitOfWork, email: str | None) -> str | None:
    """The account whose people have addresses of the same domain, where there is one alone."""
    domain = mail_domain(email)
    found = work.directory.under_key(KeyKind.DOMAIN.value, domain, 2) if domain else []
    return work.accounts.standing(found[0]).name if len(found) == 1 else None


def _hello(actor: Actor) -> str:
    return f"hello:{actor.member_id}"


def _answer(work: UnitOfWork, actor: Actor, asked: Asked) -> Message:
    if not may(actor.roles, SEE_LEADS):
        return ColleaguesOnly()
    if asked.is_help:
        return Hint(words=asked.help_on)
    found = _coded(work, asked.words) if codes_in(asked.words) else _named(work, actor, asked.words)
    return NothingFound(sought=found.sought) if found.is_empty else found


def _coded(work: UnitOfWork, words: str) -> RecordsFound:
    ids: dict[str, list[int]] = {"A": [], "L": [], "D": []}
    for letter, number in codes_in(words)[:MOST_FOUND]:
        with suppress(NotFound):
            ids[letter].append(_of_code(work, letter, number))
    sought = ", ".join(f"{letter}-{number}" for letter, number in codes_in(words)[:MOST_FOUND])
    return RecordsFound(sought=sought, account_ids=tuple(ids["A"]), lead_ids=tuple(ids["L"]), deal_ids=tuple(ids["D"]))


def _of_code(work: UnitOfWork, letter: str, number: int) -> int:
    """The record with a code, or the one it was merged into. Raises NotFound."""
    if letter == "A":
        return work.accounts.standing(work.accounts.by_number(number).id).id
    if letter == "L":
        return standing_lead(work, work.leads.by_number(number).id).id
    return work.deals.by_number(number).id


def _named(work: UnitOfWork, actor: Actor, words: str) -> RecordsFound:
    """The accounts, open leads and deals with such a name, the likeliest first."""
    sought = " ".join(words.split()).rstrip("?!.")
    if not SHORTEST_SOUGHT <= len(sought) <= LONGEST_SOUGHT:
        return RecordsFound(sought=sought[:LONGEST_SOUGHT])
    lines = best_first(work.directory.lines([*looked_up(work, sought, actor.country)]), sought)
    return RecordsFound(
        sought=sought,
        account_ids=tuple(line.account.id for line in lines[:MOST_FOUND]),
        lead_ids=tuple(lead.id for lead in work.leads.search(sought, None, MOST_FOUND)),
        deal_ids=tuple(deal.id for deal in work.deals.search(sought, MOST_FOUND)),
    )


@fact("account_ids")
def _accounts(work: UnitOfWork, account_ids: Sequence[int]) -> tuple[AccountLine, ...]:
    lines = {line.account.id: line for line in work.directory.lines(account_ids)}
    return tuple(lines[account_id] for account_id in account_ids if account_id in lines)


@fact("lead_ids")
def _leads(work: UnitOfWork, lead_ids: Sequence[int]) -> LeadList:
    leads = sorted(work.leads.all_of(lead_ids), key=lambda lead: lead_ids.index(lead.id))
    return LeadList(now=work.now, leads=tuple(leads), total=len(leads))


@fact("deal_ids")
def _deals(work: UnitOfWork, deal_ids: Sequence[int]) -> DealList:
    deals = tuple(work.deals.get(deal_id) for deal_id in deal_ids)
    return DealList(now=work.now, deals=deals, total=len(deals))
