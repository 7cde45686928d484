"""The modal that captures a lead: few questions first, and what may be meant where a company may be known already."""

from typing import Any

from domain.core.language import _
from domain.playbook.sales_rules import SalesPlaybook
from domain.sales.accounts import NewContact
from domain.sales.duplicates import Likeness, Match
from domain.sales.leads import CAPTURE_LEAD, LONGEST_NAME, Lead, NewLead, PossibleDuplicates
from domain.sales.phones import readable_phone
from views import ids, kit
from views.kit import Block, View, say
from views.rights import needs
from views.sales.lead_forms import screening_questions

needs(ids.PRESS_MORE_QUESTIONS)(CAPTURE_LEAD)

NEW_COMPANY = "new"
"""Value of the choice "it is a new company" among possible duplicates."""
ADD_TO_LEAD = "lead:"
"""What the value of the choice "add to this lead" begins with, before the lead's id."""
SURE = 95
"""Likeness from which on the likeliest choice is made already."""
MOST_KNOWN = 9
"""Choices besides a new company: Slack takes ten."""
REST = "more"
"""Id of the block whose button brings the rest of the questions."""


def new_lead_modal(draft: NewLead, playbook: SalesPlaybook, about: str = "", misspelt: str | None = None) -> View:
    """Asks for a new lead; `draft` fills in what is known already. `about` is what the form remembers.

    `misspelt` is what somebody typed in place of the source that `draft` takes it for.
    """
    sentence = _("I don't know the source “{word}”. Please check it below; nothing has been saved yet.")
    doubt = [kit.section(say(sentence, word=kit.cut(misspelt, 40)))] if misspelt else []
    return _capture_modal([*doubt, *new_lead_questions(draft, playbook)], about)


def _capture_modal(blocks: list[Block], about: str) -> View:
    return kit.modal(ids.NEW_LEAD, _("Capture a lead"), blocks, submit=_("Capture"), about=about)


def new_lead_questions(draft: NewLead, playbook: SalesPlaybook) -> list[Block]:
    """The questions people know the answers to, and the rest where something of it is known, or else the button that brings it."""
    is_more_known = bool(draft.industry or draft.history or draft.answers)
    more = kit.actions(kit.button(ids.PRESS_MORE_QUESTIONS, _("More")), block_id=REST)
    return [
        kit.ask("company", _("Company"), kit.text_field(draft.company, most=LONGEST_NAME)),
        source_question(draft.source, playbook),
        kit.ask("said", _("What did they say?"), kit.text_field(draft.said, lines=True), optional=True),
        *contact_questions(draft.contact),
        *(more_questions(draft, playbook) if is_more_known else [more]),
    ]


def more_questions(draft: NewLead, playbook: SalesPlaybook) -> list[Block]:
    """The rest of the questions."""
    return [
        kit.ask("industry", _("Industry"), kit.text_field(draft.industry, most=100), optional=True),
        kit.ask("history", _("History with us"), kit.text_field(draft.history, lines=True), optional=True),
        kit.divider(),
        kit.context(say(_("Screening: leave open what nobody knows yet."))),
        *screening_questions(draft.answers, playbook),
    ]


def with_more_questions(view: dict[str, Any], playbook: SalesPlaybook) -> View:
    """The modal as it is, with the rest of the questions in place of the button; Slack keeps what was typed so far."""
    asked = view["blocks"]
    kept = [block for block in asked if block.get("block_id") != REST]
    rest = more_questions(NewLead(company="", source=""), playbook) if len(kept) < len(asked) else []
    return _capture_modal([*kept, *rest], str(view.get("private_metadata") or ""))


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


def doubtful_lead_modal(draft: NewLead, doubt: PossibleDuplicates, playbook: SalesPlaybook, about: str = "") -> View:
    """The same questions again, with what the company may be on top to choose from; what was typed stays."""
    rooms = MOST_KNOWN - len(doubt.matches)
    known = [(match, doubt.lead_of(match) if place < rooms else None) for place, match in enumerate(doubt.matches)]
    choices = [choice for match, lead in known for choice in _choices_of(match, lead, playbook)]
    new = kit.option(NEW_COMPANY, _("New company: {name}").format(name=draft.company))
    chosen = choices[0]["value"] if doubt.matches[0].closeness >= SURE else None
    warning = say(_(":warning: *We may know this company already.* Nothing has been saved yet."))
    blocks = [
        kit.section(warning),
        kit.ask("account", _("What is it?"), kit.radio([*choices, new], chosen)),
        kit.divider(),
        *new_lead_questions(draft, playbook),
    ]
    return _capture_modal(blocks, about)


def _choices_of(match: Match, lead: Lead | None, playbook: SalesPlaybook) -> list[Block]:
    """What a new lead may be where an account may be meant: a part of the lead that is open there, or one more."""
    account = match.account
    labels = {"code": account.code, "name": account.name}
    one_more = kit.option(str(account.id), _("New lead for {code} {name}").format(**labels), likeness_words(match))
    if lead is None:
        return [one_more]
    label = _("Add to {lead} {name}").format(lead=lead.code, name=account.name)
    return [kit.option(f"{ADD_TO_LEAD}{lead.id}", label, _standing_words(lead, playbook)), one_more]


def _standing_words(lead: Lead, playbook: SalesPlaybook) -> str:
    """How an open lead stands, without markup: `hot, 80 % · Ben Hughes`."""
    band, owner = playbook.band(lead.band), lead.owner.name if lead.owner else _("No owner")
    if band is None or lead.score is None:
        return _("Not screened · {owner}").format(owner=owner)
    return _("{band}, {score} % · {owner}").format(band=_(band.title), score=lead.score, owner=owner)


def likeness_words(match: Match) -> str:
    """Why an account may be the same, in words."""
    return {
        Likeness.SAME_NAME: _("Same name"),
        Likeness.SAME_PHONE: _("Same phone number"),
        Likeness.SAME_DOMAIN: _("Same e-mail domain"),
        Likeness.SIMILAR_NAME: _("Similar name, {closeness} % alike").format(closeness=match.closeness),
    }[match.likeness]
