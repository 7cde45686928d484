"""Exceptions as management sees them, leads first: how many of each kind, the worst in full, the others by number."""

from collections.abc import Mapping, Sequence
from typing import Any

from domain.core.language import _
from domain.core.people import Person
from domain.playbook.sales_rules import SalesPlaybook
from domain.sales.exceptions import (
    SEE_EXCEPTIONS,
    ExceptionalDeal,
    ExceptionalLead,
    ExceptionList,
    Exceptions,
    ExceptionsDigest,
    Lapse,
)
from views import ids, kit
from views.kit import Block, Mrkdwn, View, say
from views.rights import needs
from views.sales.leads import band_words
from views.shown import shows

needs(ids.PRESS_EXCEPTIONS)(SEE_EXCEPTIONS)

MOST_NUMBERS = 30
"""Leads or deals that are named by number; of more than that there is only the count."""


def exceptions_digest(found: ExceptionList, playbook: SalesPlaybook, sentence: Mrkdwn) -> list[Block]:
    """The list as a message."""
    return [kit.section(sentence), *exception_lines(found, playbook)]


def exceptions_modal(found: ExceptionList, playbook: SalesPlaybook) -> View:
    """The list in a modal."""
    return kit.modal(ids.SHOW_EXCEPTIONS, _("Needs attention"), exceptions_list(found, playbook))


def exceptions_list(found: ExceptionList, playbook: SalesPlaybook) -> list[Block]:
    """The list on demand."""
    if not found.attention.total:
        words = _("Nothing needs attention: every lead and deal has an owner, and none waits for too long. :tada:")
        return [kit.section(say(words))]
    return exception_lines(found, playbook)


def exception_lines(found: ExceptionList, playbook: SalesPlaybook) -> list[Block]:
    """Leads, then deals: how many there are of each kind, the worst, each with what can be done, then the others."""
    parts = 2 if found.leads.total and found.deals.total else 1
    leads = [(one.lead.number, exceptional_lead(one, playbook)) for one in found.leads.worst]
    deals = [(one.deal.number, exceptional_deal(one)) for one in found.deals.worst]
    between = [kit.divider()] * (parts - 1)
    return [
        *_part(_("*Leads*"), "L", found.leads, leads, parts),
        *between,
        *_part(_("*Deals*"), "D", found.deals, deals, parts),
    ]


def _part(
    title: str, letter: str, found: Exceptions[Any], lines: Sequence[tuple[int, list[Block]]], parts: int
) -> list[Block]:
    """One of so many parts of a list; of the worst as many stand in full, by number, as fit."""
    if not found.total:
        return []
    count = len(kit.fitting([line for _number, (line, _buttons) in lines], parts))
    shown = [block for _number, line in lines[:count] for block in line]
    others = (*(number for number, _line in lines[count:]), *found.others)
    rest = [kit.context(others_words(letter, others))] if others else []
    return [kit.section(say(title)), *_counts(found.counts), *shown, *rest]


def _counts(counts: Mapping[Lapse, int]) -> list[Block]:
    words = "  ·  ".join(lapse.counted(count) for lapse, count in counts.items())
    return [kit.context(say("{words}", words=words))] if words else []


def exceptional_lead(one: ExceptionalLead, playbook: SalesPlaybook) -> list[Block]:
    """One lead: what is wrong with it, and the buttons to look at it and to give it to somebody."""
    lead = one.lead
    company = kit.cut(lead.account.name, kit.MOST_IN_LINE)
    headline = say(_("*{code} · {company}*  {band}"), code=lead.code, company=company, band=band_words(lead, playbook))
    buttons = kit.actions(
        kit.button(ids.PRESS_ASSIGN, _("Assign…"), lead.id), kit.button(ids.PRESS_SHOW, _("Open"), lead.id)
    )
    return [_line(headline, [of_lead(lapse, one) for lapse in one.lapses]), buttons]


def exceptional_deal(one: ExceptionalDeal) -> list[Block]:
    """One deal: the same, handed over where a lead is assigned."""
    deal = one.deal
    company = kit.cut(deal.account.name if deal.account else _("no account"), kit.MOST_IN_LINE)
    title = kit.cut(deal.title, kit.MOST_IN_LINE)
    headline = say(_("*{code} · {company}*  {title}"), code=deal.code, company=company, title=title)
    buttons = kit.actions(
        kit.button(ids.PRESS_HAND_OVER, _("Hand over…"), deal.id),
        kit.button(ids.PRESS_SHOW_DEAL, _("Open"), deal.id),
    )
    return [_line(headline, [of_deal(lapse, one) for lapse in one.lapses]), buttons]


def _line(headline: Mrkdwn, wrong: list[Mrkdwn]) -> Block:
    return kit.section(Mrkdwn(f"{headline}\n{'  ·  '.join(wrong)}"))


def of_lead(lapse: Lapse, one: ExceptionalLead) -> Mrkdwn:
    """In what a lead is an exception, with since when and who."""
    lead = one.lead
    owner = _owner(lead.owner)
    answer_by = kit.when(lead.answer_by) if lead.answer_by else Mrkdwn("–")
    next_at = kit.on_day(lead.next_at) if lead.next_at else Mrkdwn("–")
    words = {
        Lapse.ANSWER_LATE: say(
            _("{owner} should have answered by {when}") if lead.owner else _("First answer was due {when}"),
            owner=owner,
            when=answer_by,
        ),
        Lapse.NO_OWNER: say(_("No owner since {when}"), when=kit.on_day(lead.captured_at)),
        Lapse.OVERDUE: say(_("{owner} should have been in touch on {day}"), owner=owner, day=next_at),
        Lapse.NO_NEXT_DATE: say(_("No next date, owned by {owner}"), owner=owner),
    }
    return words.get(lapse) or of_owner(lapse, owner)


def of_deal(lapse: Lapse, one: ExceptionalDeal) -> Mrkdwn:
    """In what a deal is an exception, with since when and who."""
    owner, progress, stage = _owner(one.deal.owner), one.deal.progress, one.stage
    assert progress is not None
    next_at = kit.on_day(progress.next_at) if progress.next_at else Mrkdwn("–")
    words = {
        Lapse.NO_OWNER: say(_("No owner")),
        Lapse.SIGNATURE_LATE: say(
            _("{owner} expected the signature by {day}"),
            owner=owner,
            day=kit.day(progress.expected_on) if progress.expected_on else "–",
        ),
        Lapse.OVERDUE: say(
            _("{owner} was to do this on {day}: {step}"),
            owner=owner,
            day=next_at,
            step=kit.cut(progress.next_step or "–", kit.MOST_IN_LINE),
        ),
        Lapse.STAGE_OVER: say(
            _("{owner} has it in *{stage}* since {day}, instead of {limit}"),
            owner=owner,
            stage=_(stage.title) if stage else progress.stage,
            day=kit.on_day(progress.since),
            limit=stage.limit.words if stage else "–",
        ),
        Lapse.NO_NEXT_STEP: say(_("No next step, owned by {owner}"), owner=owner),
    }
    return words.get(lapse) or of_owner(lapse, owner)


def of_owner(lapse: Lapse, owner: Mrkdwn) -> Mrkdwn:
    """What is the matter with who owns it."""
    gone, away = _("{owner} has left"), _("{owner} is away, and nobody stands in")
    return say(gone if lapse is Lapse.OWNER_GONE else away, owner=owner)


def _owner(owner: Person | None) -> Mrkdwn:
    return kit.person(owner) if owner else say(_("nobody"))


def others_words(letter: str, numbers: tuple[int, ...]) -> Mrkdwn:
    """The other leads (L) or deals (D), by number."""
    codes = ", ".join(f"{letter}-{number}" for number in numbers[:MOST_NUMBERS])
    rest = len(numbers) - MOST_NUMBERS
    if rest > 0:
        return say(_("Also {codes}, and {rest} more"), codes=codes, rest=rest)
    return say(_("Also {codes}"), codes=codes)


shows(ExceptionsDigest)(
    lambda facts, playbook, sentence: exceptions_digest(facts["exceptions_for"], playbook, sentence)
)
