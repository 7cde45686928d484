"""The modals that ask about leads: the capture, screening, touches, the next date, and why one goes no further."""

from collections.abc import Mapping
from datetime import tzinfo

from domain.core.language import _
from domain.playbook.sales_rules import SalesPlaybook
from domain.sales.accounts import NewContact
from domain.sales.duplicates import Likeness, Match
from domain.sales.leads import (
    CAPTURE_LEAD,
    DISQUALIFY_LEAD,
    LOG_TOUCH,
    LONGEST_NAME,
    PLAN_NEXT,
    SCREEN_LEAD,
    Lead,
    NewLead,
    TouchKind,
)
from domain.sales.phones import readable_phone
from views import ids, kit
from views.kit import Block, View, say
from views.rights import needs

needs(ids.PRESS_CAPTURE, ids.NEW_LEAD)(CAPTURE_LEAD)
needs(ids.PRESS_SCREEN, ids.SCREEN_LEAD)(SCREEN_LEAD)
needs(ids.PRESS_TOUCH, ids.LOG_TOUCH)(LOG_TOUCH)
needs(ids.PRESS_PLAN, ids.PLAN_LEAD)(PLAN_NEXT)
needs(ids.PRESS_DISQUALIFY, ids.DISQUALIFY_LEAD)(DISQUALIFY_LEAD)

NEW_COMPANY = "new"
"""Value of the choice "it is none of these" among possible duplicates."""


def new_lead_modal(draft: NewLead, playbook: SalesPlaybook, about: str = "") -> View:
    """Asks for a new lead; `draft` fills in what is known already. `about` is what the form remembers."""
    return kit.modal(
        ids.NEW_LEAD, _("Capture a lead"), new_lead_questions(draft, playbook), submit=_("Capture"), about=about
    )


def new_lead_questions(draft: NewLead, playbook: SalesPlaybook) -> list[Block]:
    """The questions of the modal, in the order people know the answers."""
    return [
        kit.ask("company", _("Company"), kit.text_field(draft.company, most=LONGEST_NAME)),
        source_question(draft.source, playbook),
        kit.ask("said", _("What did they say?"), kit.text_field(draft.said, lines=True), optional=True),
        *contact_questions(draft.contact),
        kit.ask("industry", _("Industry"), kit.text_field(draft.industry, most=100), optional=True),
        kit.ask("history", _("History with us"), kit.text_field(draft.history, lines=True), optional=True),
        kit.divider(),
        kit.context(say(_("Screening: leave open what nobody knows yet."))),
        *screening_questions(draft.answers, playbook),
    ]


def source_question(channel: str, playbook: SalesPlaybook) -> Block:
    """Asks by which of the playbook's channels the prospect came."""
    channels = {channel_id: _(channel.title) for channel_id, channel in playbook.channels.items()}
    return kit.ask("channel", _("Where does the lead come from?"), kit.menu(channels, channel))


def contact_questions(contact: NewContact | None) -> list[Block]:
    """Asks who the contact is, and how they are reached."""
    name, email, phone = (contact.name, contact.email, contact.phone) if contact else (None, None, None)
    return [
        kit.ask("contact_name", _("Contact"), kit.text_field(name, most=LONGEST_NAME), optional=True),
        kit.ask("email", _("E-mail"), {"type": "email_text_input"} | _initial(email), optional=True),
        kit.ask(
            "phone",
            _("Phone"),
            kit.text_field(readable_phone(phone), most=40),
            optional=True,
            hint=_("With the country's code, such as +44 20 7946 0000."),
        ),
    ]


def _initial(value: str | None) -> Block:
    return {"initial_value": value} if value else {}


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


def doubtful_lead_modal(draft: NewLead, matches: tuple[Match, ...], playbook: SalesPlaybook, about: str = "") -> View:
    """The same questions again, with the possible duplicates on top to choose from; what was typed stays."""
    choices = [
        kit.option(str(match.account.id), f"{match.account.code} {match.account.name}", likeness_words(match))
        for match in matches
    ]
    none_of_these = kit.option(NEW_COMPANY, _("None of these: it is a new company"))
    warning = say(_(":warning: *We may know this company already.* Nothing has been saved yet."))
    blocks = [
        kit.section(warning),
        kit.ask("account", _("Which one is it?"), kit.radio([*choices, none_of_these], str(matches[0].account.id))),
        kit.divider(),
        *new_lead_questions(draft, playbook),
    ]
    return kit.modal(ids.NEW_LEAD, _("Capture a lead"), blocks, submit=_("Capture"), about=about)


def likeness_words(match: Match) -> str:
    """Why an account may be the same, in words."""
    return {
        Likeness.SAME_NAME: _("Same name"),
        Likeness.SAME_PHONE: _("Same phone number"),
        Likeness.SAME_DOMAIN: _("Same e-mail domain"),
        Likeness.SIMILAR_NAME: _("Similar name, {closeness} % alike").format(closeness=match.closeness),
    }[match.likeness]


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
