"""Putting leads right: the modals that edit one, merge two, link a message, and give a lead to somebody."""

from domain.core.language import _, plural
from domain.playbook.sales_rules import SalesPlaybook
from domain.sales.accounts import MERGE_RECORDS
from domain.sales.leads import CLAIM_LEAD, EDIT_LEAD, LONGEST_NAME, Lead, LeadMerge
from views import ids, kit
from views.kit import Block, Mrkdwn, View, say
from views.rights import needs
from views.sales.capture import contact_questions, source_question
from views.sales.leads import contact_line

needs(f"{ids.PRESS_MORE}:edit", f"{ids.PRESS_MORE}:unlink", ids.EDIT_LEAD, ids.LINK_LEAD)(EDIT_LEAD)
needs(f"{ids.PRESS_MORE}:merge", ids.MERGE_LEAD, ids.CONFIRM_LEAD_MERGE)(MERGE_RECORDS)
needs(ids.PRESS_ASSIGN, ids.PRESS_RELEASE, ids.ASSIGN_LEAD)(CLAIM_LEAD)  # of those only its owner, and management


def edit_lead_modal(lead: Lead, playbook: SalesPlaybook, about: str = "") -> View:
    """Asks what is known of a lead anew; another company's name moves the lead there. `about` is what the form remembers."""
    moves = _("The name of another account moves the lead there.")
    blocks = [
        kit.ask("company", _("Company"), kit.text_field(lead.account.name, most=LONGEST_NAME), hint=moves),
        source_question(lead.source, playbook),
        kit.ask("said", _("What did they say?"), kit.text_field(lead.said, lines=True), optional=True),
        *contact_questions(lead.contact),
    ]
    return kit.modal(ids.EDIT_LEAD, _("Edit {code}").format(code=lead.code), blocks, submit=_("Save"), about=about)


def merge_lead_modal(lead: Lead, about: str = "") -> View:
    """Asks which other lead is the same."""
    intro = say(
        _("*{code} · {company}* stays and takes over what the other one has."),
        code=lead.code,
        company=lead.account.name,
    )
    which = kit.search_menu(ids.OFFER_LEADS, _("Code or company"))
    blocks = [kit.section(intro), kit.ask("lead", _("Which lead is the same?"), which)]
    return kit.modal(ids.MERGE_LEAD, _("Merge leads"), blocks, submit=_("Next"), about=about)


def lead_option(lead: Lead) -> Block:
    """A lead to choose."""
    owner = lead.owner.name if lead.owner else _("no owner")
    said = f"{owner}: {lead.said}" if lead.said else owner
    return kit.option(str(lead.id), f"{lead.code} {lead.account.name}", " ".join(said.split()))


def confirm_merge_modal(merge: LeadMerge, about: str = "") -> View:
    """Says what a merge comes to, before it is done."""
    kept, other = merge.kept, merge.other
    title = say(
        _("*{other} · {other_company}* goes into *{kept} · {kept_company}*."),
        other=other.code,
        other_company=kit.cut(other.account.name, kit.MOST_IN_LINE),
        kept=kept.code,
        kept_company=kit.cut(kept.account.name, kit.MOST_IN_LINE),
    )
    moves = Mrkdwn("\n".join(f"•  {line}" for line in merge_lines(merge)))
    ends = say(
        _("{other} is closed; its code and its buttons lead to {kept}. You can undo this for ten minutes."),
        other=other.code,
        kept=kept.code,
    )
    blocks = [kit.section(title), kit.section(moves), kit.context(ends)]
    return kit.modal(ids.CONFIRM_LEAD_MERGE, _("Merge leads"), blocks, submit=_("Merge"), about=about)


def merge_lines(merge: LeadMerge) -> list[Mrkdwn]:
    """What moves to the lead that stays, each in a line."""
    before, kept = merge.before, merge.kept
    touches = plural("{count} touch moves along", "{count} touches move along", merge.touches)
    lines = [say(touches, count=merge.touches)] if merge.touches else []
    if kept.owner and kept.owner != before.owner:
        lines.append(say(_("Owner: {person}"), person=kit.person(kept.owner)))
    if kept.contact != before.contact:
        lines.append(say(_("Contact: {contact}"), contact=Mrkdwn((contact_line(kept) or "").replace("\n", ", "))))
    if kept.said != before.said:
        lines.append(say(_("What they said: {said}"), said=kit.cut(" ".join(kept.said.split()), 150)))
    if kept.origin != before.origin:
        lines.append(say(_("The message it came from")))
    if kept.answers != before.answers:
        lines.append(say(_("Answers to the screening: {score} % in all"), score=kept.score or 0))
    if kept.captured_at != before.captured_at:
        lines.append(say(_("Captured {when} already"), when=kit.when(kept.captured_at)))
    if kept.next_at and kept.next_at != before.next_at:
        lines.append(say(_("Next date: {when}"), when=kit.when(kept.next_at)))
    return lines or [say(_("There is nothing the other one has that this one lacks"))]


def link_lead_modal(about: str = "") -> View:
    """Asks which lead a message is the origin of."""
    which = kit.search_menu(ids.OFFER_LEADS, _("Code or company"))
    hint = _("It takes the place of the message the lead points to now.")
    blocks = [kit.ask("lead", _("Which lead came from this message?"), which, hint=hint)]
    return kit.modal(ids.LINK_LEAD, _("Link to a lead"), blocks, submit=_("Link"), about=about)


def assign_lead_modal(lead: Lead, about: str = "") -> View:
    """Asks to whom a lead is given."""
    owner = say(_("It is {person}'s now."), person=kit.person(lead.owner)) if lead.owner else say(_("No owner."))
    headline = say("*{code} · {company}*", code=lead.code, company=lead.account.name)
    blocks = [
        kit.section(Mrkdwn(f"{headline}\n{owner}")),
        kit.ask("owner", _("Who takes it?"), kit.person_field(_("Somebody who sells"))),
        kit.ask("note", _("A word to them"), kit.text_field(lines=True), optional=True),
    ]
    return kit.modal(ids.ASSIGN_LEAD, _("Give somebody a lead"), blocks, submit=_("Give"), about=about)
