"""Touches logged from anywhere: the modal that asks which deal they are with, and what is said once one is kept."""

from datetime import datetime

from domain.core.language import _
from domain.sales.deals import WORK_ON_DEAL, Deal
from domain.sales.leads import LONGEST_TEXT, Lead, NewTouch, TouchKind
from views import ids, kit
from views.kit import Block, View, say
from views.rights import needs

needs(ids.TOUCH_SOME_DEAL)(WORK_ON_DEAL)


def deal_question(deal: Deal | None = None) -> Block:
    """Asks which running deal is meant; `deal` is the one taken at first."""
    menu = kit.search_menu(ids.OFFER_DEALS, _("Code, company or title"), deal_option(deal) if deal else None)
    return kit.ask("deal", _("Which deal?"), menu)


def deal_option(deal: Deal) -> Block:
    """A deal to choose."""
    company = deal.account.name if deal.account else _("no account")
    return kit.option(str(deal.id), f"{deal.code} {company}", deal.title)


def touch_questions(kind: TouchKind = TouchKind.CALL, said: str = "") -> list[Block]:
    """What is asked of every touch with a deal."""
    kinds = {kind.value: kind.title.capitalize() for kind in TouchKind}
    return [
        kit.ask("kind", _("How were you in touch?"), kit.menu(kinds, kind.value)),
        kit.ask("key_points", _("Key points"), kit.text_field(said or None, lines=True)),
        kit.ask("day", _("Next step on"), kit.day_field(), optional=True, hint=_("Left open, the next step stays.")),
    ]


def record_option(record: Deal | Lead) -> Block:
    """A deal or lead to choose; its value says which of them it is."""
    if isinstance(record, Deal):
        return deal_option(record) | {"value": f"deal:{record.id}"}
    said = " ".join(record.said.split()) or _("lead")
    return kit.option(f"lead:{record.id}", f"{record.code} {record.account.name}", said)


def touch_modal_of_any(record: Deal | Lead | None = None, said: str | None = None, about: str = "") -> View:
    """Asks with which deal or lead somebody was in touch, and what was said.

    `said` is what a message says, `about` what the form remembers.
    """
    kind = TouchKind.CALL if said is None else TouchKind.MESSAGE
    chosen = record_option(record) if record else None
    menu = kit.search_menu(ids.OFFER_RECORDS, _("Code, company or title"), chosen)
    which = kit.ask("deal", _("Which deal or lead?"), menu)
    blocks = [which, *touch_questions(kind, said or ""), *cut_note(said or "")]
    return kit.modal(ids.TOUCH_SOME_DEAL, _("Log a touch"), blocks, submit=_("Save"), about=about)


def cut_note(said: str) -> list[Block]:
    """Says that a message does not fit into its field, where it does not."""
    if len(said) <= LONGEST_TEXT:
        return []
    return [kit.context(say(_(":scissors: The message is longer than this field takes: here is only its beginning.")))]


def touched_reply(record: Deal | Lead, touch: NewTouch) -> list[Block]:
    """Says to who logged a touch what was kept, and when the next step or date is due."""
    shows = ids.PRESS_SHOW_DEAL if isinstance(record, Deal) else ids.PRESS_SHOW
    company = record.account.name if record.account else _("no account")
    sentence = _("Logged with *{code} · {company}*, as a {kind}.")
    kept = say(sentence, code=record.code, company=company, kind=touch.kind.title)
    blocks = [
        kit.section(kept, kit.button(shows, _("Open"), record.id)),
        kit.section(kit.quote(touch.key_points, 300)),
    ]
    due = next_at(record)
    words = _("Next step {day}") if isinstance(record, Deal) else _("Next date {day}")
    return [*blocks, kit.context(say(words, day=kit.on_day(due)))] if due else blocks


def touched_summary(record: Deal | Lead) -> str:
    """The same in a line, for notifications."""
    return _("Logged a touch with {code}").format(code=record.code)


def next_at(record: Deal | Lead) -> datetime | None:
    """When the next step of a deal or the next date of a lead is due."""
    if isinstance(record, Deal):
        return record.progress.next_at if record.progress else None
    return record.next_at
