"""Accounts as people see them: the page, the card, lists, the question whether all is still right, and the modals to change them."""

from collections.abc import Sequence
from datetime import datetime

from domain.core.countries import country_title
from domain.core.language import _, language, plural
from domain.core.operations import may_undo
from domain.core.people import Actor, Person, may
from domain.playbook.sales_rules import SalesPlaybook
from domain.sales.accounts import (
    EDIT_ACCOUNT,
    LONGEST_ENTRY,
    LONGEST_NAME,
    MERGE_RECORDS,
    SEE_ACCOUNTS,
    Account,
    AccountLine,
    AccountShown,
    Contact,
    called,
)
from domain.sales.deals import Deal, DealOutcome
from domain.sales.leads import Lead
from domain.sales.pages import AccountCard, AccountList, AccountPage, Found
from domain.sales.phones import readable_phone
from views import ids, kit
from views.core.operations import operation_line
from views.kit import Block, Mrkdwn, View, say
from views.rights import needs
from views.sales.leads import band_words, lead_line, touch_lines
from views.shown import shows

needs(ids.PRESS_SHOW_ACCOUNT, ids.PRESS_SHARE_ACCOUNT)(SEE_ACCOUNTS)
needs(ids.PRESS_CONFIRM_ACCOUNT, ids.PRESS_EDIT_ACCOUNT, ids.EDIT_ACCOUNT)(EDIT_ACCOUNT)
needs(ids.PRESS_NEW_CONTACT, ids.NEW_CONTACT, ids.PRESS_EDIT_CONTACT, ids.EDIT_CONTACT)(EDIT_ACCOUNT)

MOST_PEOPLE = 20
"""Contacts on a page; the rest are counted."""
MOST_SAID = 50
"""Characters of what they said in the line of a lead."""


def account_page(page: AccountPage, actor: Actor, playbook: SalesPlaybook, note: Mrkdwn | None = None) -> View:
    """Everything about one account, in a modal; `note` says what has just been done."""
    account = page.account
    blocks: list[Block] = []
    if note:
        blocks += [kit.section(note), kit.divider()]
    elif page.operation and may_undo(page.operation, actor, page.now):
        blocks += [operation_line(page.operation, actor, page.now), kit.divider()]
    blocks += [
        kit.section(headline(account, playbook)),
        kit.fields(account_facts(account, page.owner)),
        *_page_buttons(page, actor),
        *_people(page, actor),
        *_leads(page, playbook),
        *_deals(page),
    ]
    if page.touches:
        blocks += [kit.section(say(_("*Last touches*"))), *(touch_lines(touch) for touch in page.touches)]
    if account.history:
        blocks.append(kit.section(say(_("*History with us*\n{history}"), history=kit.cut(account.history, 2500))))
    return kit.modal(ids.SHOW_ACCOUNT, account.code, blocks, about=account.id)


def headline(account: Account, playbook: SalesPlaybook) -> Mrkdwn:
    """Code, company and tier in one line."""
    tier = _(playbook.tier_title(account.tier)) if account.tier else ""
    return say("*{code} · {company}*  {tier}", code=account.code, company=account.name, tier=tier)


def account_facts(account: Account, owner: Person | None) -> list[tuple[str, str]]:
    """What is known of a company, labelled."""
    confirmed = account.confirmed_at
    return [
        (_("Owner"), kit.person(owner) if owner else _("No owner")),
        (_("Industry"), account.industry or _("Not set")),
        (_("Country"), country_title(account.country, language()) or _("Not set")),
        (
            _("Last confirmed"),
            kit.on_day(confirmed)
            if confirmed
            else say(_("never, kept since {day}"), day=kit.on_day(account.created_at)),
        ),
    ]


def _page_buttons(page: AccountPage, actor: Actor) -> list[Block]:
    account = page.account
    old = say(_(":hourglass: Nobody has confirmed this for long. Is it still right?"))
    blocks = [kit.context(old)] if page.is_old else []
    if may(actor.roles, EDIT_ACCOUNT):
        style = "primary" if page.is_old else None
        merge = kit.button(ids.PRESS_MERGE_ACCOUNT, _("Merge…"), account.id)
        blocks.append(
            kit.actions(
                kit.button(ids.PRESS_CONFIRM_ACCOUNT, _("Still right"), account.id, style=style),
                kit.button(ids.PRESS_EDIT_ACCOUNT, _("Edit"), account.id),
                kit.button(ids.PRESS_NEW_CONTACT, _("Add a contact"), account.id),
                merge if may(actor.roles, MERGE_RECORDS) else None,
            )
        )
    return blocks


def _people(page: AccountPage, actor: Actor) -> list[Block]:
    if not page.contacts:
        return []
    lines = [kit.section(say(_("*Contacts*")))]
    for contact in page.contacts[:MOST_PEOPLE]:
        edit = kit.button(ids.PRESS_EDIT_CONTACT, _("Edit"), contact.id)
        lines.append(kit.section(contact_words(contact), edit if may(actor.roles, EDIT_ACCOUNT) else None))
    rest = len(page.contacts) - MOST_PEOPLE
    return [*lines, *([kit.context(say(_("and {rest} more"), rest=rest))] if rest > 0 else [])]


def contact_words(contact: Contact) -> Mrkdwn:
    """One contact: name and position, and how to reach them."""
    name = say("*{name}*, {position}", name=called(contact), position=contact.position) if contact.position else None
    ways = [
        contact.email if contact.name else None,
        readable_phone(contact.phone) if contact.name or contact.email else None,
    ]
    reach = "  ·  ".join(kit.escape(way) for way in ways if way)
    first = name or say("*{name}*", name=called(contact))
    return Mrkdwn(f"{first}\n{reach}") if reach else first


def _leads(page: AccountPage, playbook: SalesPlaybook) -> list[Block]:
    if not page.leads:
        return []
    lines = [kit.section(say(_("*Leads*")))]
    lines += [_open_lead(lead, page.now, playbook) for lead in page.open_leads]
    lines += [_closed_lead(lead, playbook) for lead in page.closed_leads]
    rest = page.leads - len(page.open_leads) - len(page.closed_leads)
    return [*lines, *([kit.context(say(_("and {rest} more"), rest=rest))] if rest > 0 else [])]


def _open_lead(lead: Lead, now: datetime, playbook: SalesPlaybook) -> Block:
    """A line of a list, with what they said in place of the company, which is the same on all of this page."""
    line = lead_line(lead, now, playbook, shows_owner=True)
    said = kit.cut(" ".join(lead.said.split()), MOST_SAID)
    rest = line["text"]["text"].partition("\n")[2]
    return kit.section(Mrkdwn(f"{say('*{code}*  {said}', code=lead.code, said=said)}\n{rest}"), line["accessory"])


def _closed_lead(lead: Lead, playbook: SalesPlaybook) -> Block:
    reason = _(playbook.reason_title(lead.disqualified_for)) if lead.disqualified_for else ""
    words = say("*{code}*  {band}  {reason}", code=lead.code, band=band_words(lead, playbook), reason=reason)
    return kit.section(words, kit.button(ids.PRESS_SHOW, _("Open"), lead.id))


def _deals(page: AccountPage) -> list[Block]:
    if not page.outcomes:
        return []
    counts = [f"{page.outcomes[outcome]} {outcome.title}" for outcome in DealOutcome if outcome in page.outcomes]
    lines = [say(_("*Deals*: {counts}"), counts=", ".join(counts)), *(_deal_line(deal) for deal in page.deals)]
    return [kit.section(Mrkdwn("\n".join(lines)))]


def _deal_line(deal: Deal) -> Mrkdwn:
    value = f"{deal.value.amount:,.2f} {deal.value.currency}" if deal.value else ""
    day = deal.closed_on or deal.opened_on
    parts = [deal.outcome.title, value, day.isoformat() if day else ""]
    said = ", ".join(part for part in parts if part)
    return say("{code} {title}: {said}", code=deal.code, title=kit.cut(deal.title, kit.MOST_IN_LINE), said=said)


def account_card(card: AccountCard, playbook: SalesPlaybook, *, may_be_shared: bool = False) -> list[Block]:
    """An account as a message, with the way to its page; `may_be_shared` offers to show it to everybody there."""
    account = card.line.account
    names = [called(contact) for contact in card.contacts]
    people = ", ".join(names[:3]) + ("…" if len(names) > 3 else "")
    facts = [*account_facts(account, card.line.owner)[:3], (_("Contacts"), people or _("none yet"))]
    share = kit.button(ids.PRESS_SHARE_ACCOUNT, _("Show to everybody here"), account.id)
    return [
        kit.section(headline(account, playbook)),
        kit.fields(facts),
        kit.context(leads_words(card.line, playbook)),
        kit.actions(kit.button(ids.PRESS_SHOW_ACCOUNT, _("Open"), account.id), share if may_be_shared else None),
    ]


def leads_words(line: AccountLine, playbook: SalesPlaybook) -> Mrkdwn:
    """How many open leads there are, and how hot the hottest is."""
    if not line.open_leads:
        return say(_("no open leads"))
    count = plural("{count} open lead", "{count} open leads", line.open_leads).format(count=line.open_leads)
    band = playbook.band(line.band)
    if band is None or line.score is None:
        return say("{count}", count=count)
    mark = Mrkdwn(":fire: ") if band is playbook.bands[0] else Mrkdwn("")
    return say(_("{mark}{count}, {band}"), mark=mark, count=count, band=_(band.title))


def account_list(title: str, listed: AccountList, playbook: SalesPlaybook, nothing: Mrkdwn) -> list[Block]:
    """A list of accounts, hot first; `nothing` is said where there are none."""
    if not listed.found:
        return [kit.header(title), kit.section(nothing)]
    lines = kit.fitting([account_line(found, playbook) for found in listed.found])
    if listed.total is None:
        return [kit.header(title), *lines, kit.context(say(_("There are more. Another word would help.")))]
    return [kit.header(title), *lines, *kit.more(listed.total - len(lines))]


def account_line(found: Found, playbook: SalesPlaybook) -> Block:
    """One account of a list, with a button to open it."""
    line, account = found.line, found.line.account
    owner = kit.person(line.owner) if line.owner else say(_("no owner"))
    parts = [owner, leads_words(line, playbook)]
    if found.via:
        parts.append(say(_("contact {name}"), name=kit.cut(found.via, kit.MOST_IN_LINE)))
    if found.is_old:
        parts.append(say(_(":hourglass: to be confirmed")))
    first = say("*{code} · {company}*", code=account.code, company=kit.cut(account.name, kit.MOST_IN_LINE))
    open_page = kit.button(ids.PRESS_SHOW_ACCOUNT, _("Open"), account.id)
    return kit.section(Mrkdwn(f"{first}\n{'  ·  '.join(parts)}"), open_page)


# The question whether all is still right


# Changing


def edit_account_modal(page: AccountPage, playbook: SalesPlaybook) -> View:
    """Asks what is to be said of an account from now on."""
    account = page.account
    tiers = {tier.id: _(tier.title) for tier in playbook.accounts.tiers}
    if account.tier and account.tier not in tiers:
        tiers[account.tier] = account.tier
    owner = page.owner.slack_id if page.owner else None
    blocks = [
        kit.ask("name", _("Company"), kit.text_field(account.name, most=LONGEST_NAME)),
        kit.ask(
            "owner", _("Owner"), kit.person_menu(owner), optional=True, hint=_("Is asked whether it is still right.")
        ),
        *([kit.ask("tier", _("Tier"), kit.menu(tiers, account.tier), optional=True)] if tiers else []),
        kit.ask("industry", _("Industry"), kit.text_field(account.industry, most=LONGEST_NAME), optional=True),
        kit.ask(
            "country",
            _("Country"),
            kit.text_field(account.country, most=80),
            optional=True,
            hint=_("Its name or two-letter code, such as Norway or NO."),
        ),
        kit.ask(
            "entry",
            _("Add to the history with us"),
            kit.text_field(lines=True, most=LONGEST_ENTRY),
            optional=True,
            hint=_("Goes on top, with today's date and your name."),
        ),
    ]
    return kit.modal(ids.EDIT_ACCOUNT, _("Edit an account"), blocks, submit=_("Save"), about=account.id)


def new_contact_modal(account: Account) -> View:
    """Asks for a person at an account."""
    blocks = [kit.section(say("*{code} · {company}*", code=account.code, company=account.name)), *_contact_questions()]
    return kit.modal(ids.NEW_CONTACT, _("Add a contact"), blocks, submit=_("Save"), about=account.id)


def edit_contact_modal(contact: Contact, others: Sequence[Contact]) -> View:
    """Asks what is to be said of a contact from now on; where the account has others, it may be one of them."""
    blocks = _contact_questions(contact)
    if others:
        blocks += [
            kit.divider(),
            kit.section(
                say(_("Is this the same person as another contact?")),
                kit.button(ids.PRESS_MERGE_CONTACT, _("Merge…"), contact.id),
            ),
        ]
    return kit.modal(ids.EDIT_CONTACT, _("Edit a contact"), blocks, submit=_("Save"), about=contact.id)


def _contact_questions(contact: Contact | None = None) -> list[Block]:
    known = contact or Contact(id=0, account_id=0)
    email: Block = {"type": "email_text_input"} | ({"initial_value": known.email} if known.email else {})
    return [
        kit.ask("name", _("Name"), kit.text_field(known.name, most=LONGEST_NAME), optional=True),
        kit.ask("position", _("Position"), kit.text_field(known.position, most=LONGEST_NAME), optional=True),
        kit.ask("email", _("E-mail"), email, optional=True),
        kit.ask(
            "phone",
            _("Phone"),
            kit.text_field(readable_phone(known.phone), most=40),
            optional=True,
            hint=_("With the country's code, such as +44 20 7946 0000."),
        ),
    ]


shows(AccountShown)(lambda facts, playbook, _sentence: account_card(facts["account"], playbook))
