"""Exceptions as management sees them: how many of each kind, the worst in full, the others by number."""

from domain.exceptions import Exceptional, ExceptionList, Lapse
from domain.language import _
from domain.playbook import SalesPlaybook
from views import ids, kit
from views.kit import Block, Mrkdwn, View, say
from views.leads import band_words

MOST_NUMBERS = 30
"""Leads that are named by number; of more than that there is only the count."""


def exceptions_digest(found: ExceptionList, playbook: SalesPlaybook, sentence: Mrkdwn) -> list[Block]:
    """The list as a message."""
    return [kit.section(sentence), *exception_lines(found, playbook)]


def exceptions_modal(found: ExceptionList, playbook: SalesPlaybook) -> View:
    """The list in a modal."""
    return kit.modal(ids.SHOW_EXCEPTIONS, _("Needs attention"), exceptions_list(found, playbook))


def exceptions_list(found: ExceptionList, playbook: SalesPlaybook) -> list[Block]:
    """The list on demand."""
    if not found.total:
        return [
            kit.section(
                say(_("Nothing needs attention: every lead has an owner, a next date and its first answer. :tada:"))
            )
        ]
    return exception_lines(found, playbook)


def exception_lines(found: ExceptionList, playbook: SalesPlaybook) -> list[Block]:
    """How many there are of each kind, then the worst, each with what can be done, then the others."""
    counts = "  ·  ".join(lapse.counted(count) for lapse, count in found.counts.items())
    blocks = [kit.context(say("{counts}", counts=counts))] if counts else []
    for one in found.worst:
        blocks += exception_line(one, playbook)
    if found.others:
        blocks += [kit.divider(), kit.context(others_words(found.others))]
    return blocks


def exception_line(one: Exceptional, playbook: SalesPlaybook) -> list[Block]:
    """One lead: what is wrong with it, and the buttons to look at it and to give it to somebody."""
    lead = one.lead
    company = kit.cut(lead.account.name, kit.MOST_IN_LINE)
    headline = say(_("*{code} · {company}*  {band}"), code=lead.code, company=company, band=band_words(lead, playbook))
    wrong = "  ·  ".join(lapse_words(lapse, one) for lapse in one.lapses)
    buttons = kit.actions(
        kit.button(ids.PRESS_ASSIGN, _("Assign…"), lead.id), kit.button(ids.PRESS_SHOW, _("Open"), lead.id)
    )
    return [kit.section(Mrkdwn(f"{headline}\n{wrong}")), buttons]


def lapse_words(lapse: Lapse, one: Exceptional) -> Mrkdwn:
    """In what a lead is an exception, with since when and who."""
    lead = one.lead
    owner = kit.person(lead.owner) if lead.owner else say(_("nobody"))
    answer_by = kit.when(lead.answer_by) if lead.answer_by else Mrkdwn("–")
    next_at = kit.on_day(lead.next_at) if lead.next_at else Mrkdwn("–")
    return {
        Lapse.ANSWER_LATE: say(
            _("{owner} should have answered by {when}") if lead.owner else _("first answer was due {when}"),
            owner=owner,
            when=answer_by,
        ),
        Lapse.NO_OWNER: say(_("nobody owns it since {when}"), when=kit.on_day(lead.captured_at)),
        Lapse.OWNER_GONE: say(_("{owner} has left"), owner=owner),
        Lapse.OWNER_AWAY: say(_("{owner} is away, and nobody stands in"), owner=owner),
        Lapse.OVERDUE: say(_("{owner} should have been in touch on {day}"), owner=owner, day=next_at),
        Lapse.NO_NEXT_DATE: say(_("no next date; {owner} owns it"), owner=owner),
    }[lapse]


def others_words(numbers: tuple[int, ...]) -> Mrkdwn:
    """The other leads, by number."""
    codes = ", ".join(f"L-{number}" for number in numbers[:MOST_NUMBERS])
    rest = len(numbers) - MOST_NUMBERS
    if rest > 0:
        return say(_("Also {codes}, and {rest} more"), codes=codes, rest=rest)
    return say(_("Also {codes}"), codes=codes)
