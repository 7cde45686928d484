"""The modals that ask about a lead there is: screening, touches, the next date, and why it goes no further."""

from collections.abc import Mapping
from datetime import tzinfo

from domain.core.language import _
from domain.playbook.sales_rules import SalesPlaybook
from domain.sales.leads import (
    CAPTURE_LEAD,
    DISQUALIFY_LEAD,
    LOG_TOUCH,
    PLAN_NEXT,
    SCREEN_LEAD,
    Lead,
    TouchKind,
)
from views import ids, kit
from views.kit import Block, View, say
from views.rights import needs

needs(ids.PRESS_CAPTURE, ids.NEW_LEAD)(CAPTURE_LEAD)
needs(ids.PRESS_SCREEN, ids.SCREEN_LEAD)(SCREEN_LEAD)
needs(ids.PRESS_TOUCH, ids.LOG_TOUCH)(LOG_TOUCH)
needs(ids.PRESS_PLAN, ids.PLAN_LEAD)(PLAN_NEXT)
needs(ids.PRESS_DISQUALIFY, ids.DISQUALIFY_LEAD)(DISQUALIFY_LEAD)


def screening_questions(answers: Mapping[str, str], playbook: SalesPlaybook) -> list[Block]:
    """The playbook's criteria, each as a menu."""
    return [
        kit.ask(
            f"screening_{criterion.id}",
            _(criterion.question),
            kit.menu({answer.id: _(answer.title) for answer in criterion.answers}, answers.get(criterion.id)),
            optional=True,
        )
        for criterion in playbook.screening
    ]


def screening_modal(lead: Lead, playbook: SalesPlaybook) -> View:
    """Asks the screening questions of a lead there is."""
    intro = say(_("*{code} · {company}*: leave open what nobody knows yet."), code=lead.code, company=lead.account.name)
    blocks = [kit.section(intro), *screening_questions(lead.answers, playbook)]
    return kit.modal(ids.SCREEN_LEAD, _("Screening"), blocks, submit=_("Save"), about=lead.id)


def touch_modal(lead: Lead) -> View:
    """Asks what was said in a touch."""
    kinds = {kind.value: kind.title.capitalize() for kind in TouchKind}
    blocks = [
        kit.section(say("*{code} · {company}*", code=lead.code, company=lead.account.name)),
        kit.ask("kind", _("How were you in touch?"), kit.menu(kinds, TouchKind.CALL.value)),
        kit.ask("key_points", _("Key points"), kit.text_field(lines=True)),
        kit.ask("day", _("Next date"), kit.day_field(), optional=True, hint=_("Left open, the playbook sets it.")),
    ]
    return kit.modal(ids.LOG_TOUCH, _("Log a touch"), blocks, submit=_("Save"), about=lead.id)


def plan_modal(lead: Lead, zone: tzinfo) -> View:
    """Asks for the next date; the present one is shown as the day it is in the reader's zone."""
    blocks = [
        kit.section(say("*{code} · {company}*", code=lead.code, company=lead.account.name)),
        kit.ask(
            "day",
            _("When do you get back to them?"),
            kit.day_field(lead.next_at.astimezone(zone).date() if lead.next_at else None),
        ),
    ]
    return kit.modal(ids.PLAN_LEAD, _("Next date"), blocks, submit=_("Save"), about=lead.id)


def disqualify_modal(lead: Lead, playbook: SalesPlaybook, about: str = "") -> View:
    """Asks why a lead goes no further. `about` is what the form remembers."""
    reasons = {reason_id: _(title) for reason_id, title in playbook.disqualification.items()}
    blocks = [
        kit.section(say("*{code} · {company}*", code=lead.code, company=lead.account.name)),
        kit.ask("reason", _("Why does it go no further?"), kit.menu(reasons)),
        kit.ask("remark", _("Anything to add?"), kit.text_field(lines=True), optional=True),
    ]
    return kit.modal(
        ids.DISQUALIFY_LEAD, _("Disqualify a lead"), blocks, submit=_("Disqualify"), about=about or lead.id
    )
