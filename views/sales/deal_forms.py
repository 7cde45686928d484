"""The modals that ask for something about a deal."""

from collections.abc import Sequence

from domain.core.language import _
from domain.core.working_time import WorkingHours
from domain.playbook.sales_rules import SalesPlaybook
from domain.sales.deal_route import stage_of, variant_of
from domain.sales.deals import LONGEST_STEP, LONGEST_TITLE, Deal
from domain.sales.documents import DocumentKind
from domain.sales.leads import Lead
from domain.sales.pages import DealPage
from views import ids, kit
from views.kit import Block, View, say
from views.sales.deals import questions, title_of
from views.sales.touches import touch_questions

NEW_DEAL = "new"
"""Value of the choice "a deal of its own"."""


def qualify_modal(lead: Lead, running: Sequence[Deal], playbook: SalesPlaybook) -> View:
    """Asks what deal a lead goes on as: one of its own, or one that runs with its account."""
    blocks = [kit.section(say("*{code} · {company}*", code=lead.code, company=lead.account.name))]
    if running:
        choices = {NEW_DEAL: _("A deal of its own")}
        choices |= {str(deal.id): f"{deal.code} · {deal.title}" for deal in running}
        hint = _("If it joins a deal, nothing below counts.")
        blocks.append(kit.ask("joins", _("Which deal?"), kit.menu(choices, NEW_DEAL), hint=hint))
    title = (
        kit.cut(lead.said, LONGEST_TITLE) if lead.said else _("Advice for {company}").format(company=lead.account.name)
    )
    blocks += deal_questions(title, playbook)
    return kit.modal(ids.QUALIFY_LEAD, _("Make it a deal"), blocks, submit=_("Make a deal"), about=lead.id)


def deal_questions(
    title: str, playbook: SalesPlaybook, deal: Deal | None = None, hours: WorkingHours | None = None
) -> list[Block]:
    """What is asked of every deal; `deal` fills in what is known."""
    value, progress = (deal.value, deal.progress) if deal else (None, None)
    money = playbook.money
    currencies = {code: code for code in (money.currency, *money.rates, *([value.currency] if value else []))}
    kinds = {kind: _(words) for kind, words in playbook.client_types.items()}
    next_on = hours.local(progress.next_at).date() if progress and progress.next_at and hours else None
    return [
        kit.ask("title", _("What is it about?"), kit.text_field(title, most=LONGEST_TITLE)),
        kit.ask(
            "amount", _("Amount"), kit.text_field(f"{value.amount:.2f}" if value else None, most=20), optional=True
        ),
        kit.ask("currency", _("Currency"), kit.menu(currencies, value.currency if value else money.currency)),
        kit.ask(
            "client_type",
            _("Kind of client"),
            kit.menu(kinds, progress.client_type if progress else None),
            optional=True,
            hint=_("Amount and kind of client decide which process applies."),
        ),
        kit.ask(
            "expected_on",
            _("Signature expected"),
            kit.day_field(progress.expected_on if progress else None),
            optional=True,
        ),
        kit.ask(
            "next_step",
            _("Next step"),
            kit.text_field(progress.next_step if progress else None, most=LONGEST_STEP),
            optional=True,
        ),
        kit.ask("next_on", _("On"), kit.day_field(next_on), optional=True),
    ]


def plan_deal_modal(deal: Deal, playbook: SalesPlaybook, hours: WorkingHours) -> View:
    """Asks anew what a deal is about and what comes next."""
    blocks = [_about(deal), *deal_questions(deal.title, playbook, deal, hours)]
    return kit.modal(ids.PLAN_DEAL, _("Plan a deal"), blocks, submit=_("Save"), about=deal.id)


def touch_deal_modal(deal: Deal) -> View:
    """Asks what was said in a touch."""
    return kit.modal(
        ids.TOUCH_DEAL, _("Log a touch"), [_about(deal), *touch_questions()], submit=_("Save"), about=deal.id
    )


def brief_modal(page: DealPage) -> View:
    """Asks for the needs brief, with what it says now."""
    asked = [
        kit.ask(name, label, kit.text_field(getattr(page.brief, name, "") or None, lines=True), optional=True)
        for name, label in questions().items()
    ]
    return kit.modal(
        ids.WRITE_BRIEF, _("Needs brief"), [_about(page.deal), *asked], submit=_("Save"), about=page.deal.id
    )


def attach_modal(deal: Deal) -> View:
    """Asks for a file and what it is to the deal."""
    kinds = {kind.value: kind.title.capitalize() for kind in DocumentKind}
    blocks = [
        _about(deal),
        kit.ask("kind", _("What is it?"), kit.menu(kinds, DocumentKind.SOLUTION.value)),
        kit.ask("file", _("File"), {"type": "file_input", "max_files": 1}, hint=_("Kept with its SHA-256.")),
    ]
    return kit.modal(ids.ATTACH_DOCUMENT, _("Attach a file"), blocks, submit=_("Attach"), about=deal.id)


def move_back_modal(deal: Deal, playbook: SalesPlaybook) -> View:
    """Asks to which stage a deal goes back, and why.

    Where no way leads back, says so.
    """
    stage = stage_of(deal, playbook)
    stages = {stage_id: _(title_of(stage_id, playbook)) for stage_id in (stage.back if stage else ())}
    if not stages:
        return kit.notice(_("Not possible"), say(_("No way leads back from where {code} stands."), code=deal.code))
    blocks = [
        _about(deal),
        kit.ask("stage", _("Back to"), kit.menu(stages, next(iter(stages)))),
        kit.ask("reason", _("Why?"), kit.text_field(lines=True)),
    ]
    return kit.modal(ids.MOVE_DEAL_BACK, _("Move back"), blocks, submit=_("Move back"), about=deal.id)


def variant_modal(deal: Deal, playbook: SalesPlaybook) -> View:
    """Asks which route a deal takes, and why."""
    routes = {variant.id: _(variant.title) for variant in playbook.variants}
    blocks = [
        _about(deal),
        kit.ask("variant", _("Process"), kit.menu(routes, variant_of(deal, playbook).id)),
        kit.ask("reason", _("Why?"), kit.text_field(lines=True)),
    ]
    return kit.modal(ids.CHOOSE_VARIANT, _("Another process"), blocks, submit=_("Save"), about=deal.id)


def lose_modal(deal: Deal, playbook: SalesPlaybook) -> View:
    """Asks why a deal will not be won."""
    reasons = {reason_id: _(title) for reason_id, title in playbook.lost_reasons.items()}
    blocks = [
        _about(deal),
        kit.ask("reason", _("Why was it lost?"), kit.menu(reasons)),
        kit.ask("remark", _("Anything to add?"), kit.text_field(lines=True), optional=True),
    ]
    return kit.modal(ids.LOSE_DEAL, _("A deal is lost"), blocks, submit=_("Lost"), about=deal.id)


def hand_over_modal(deal: Deal, listed: str = "") -> View:
    """Asks to whom a deal is given; `listed` says in which list below it may stand."""
    blocks = [
        _about(deal),
        kit.ask("owner", _("To whom?"), kit.person_field(_("Pick somebody"))),
        kit.ask("note", _("What should they know?"), kit.text_field(lines=True), optional=True),
    ]
    return kit.modal(ids.HAND_OVER_DEAL, _("Hand over"), blocks, submit=_("Hand over"), about=f"{deal.id}:{listed}")


def _about(deal: Deal) -> Block:
    company = deal.account.name if deal.account else _("no account")
    return kit.section(say("*{code} · {company}*  {title}", code=deal.code, company=company, title=deal.title))
