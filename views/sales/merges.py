"""Merging as people see it: which other record is the same, what exactly would move, and which one stays."""

from collections.abc import Mapping, Sequence
from typing import Any

from domain.core.countries import country_title
from domain.core.language import _, language, plural
from domain.core.people import Person
from domain.playbook.sales_rules import SalesPlaybook
from domain.sales.accounts import (
    MERGE_RECORDS,
    Account,
    AccountMerge,
    Contact,
    ContactMerge,
    called,
    field_title,
    said_of,
)
from domain.sales.pages import MergePreview, Suggestions
from views import ids, kit
from views.kit import Block, Mrkdwn, View, say
from views.rights import needs
from views.sales.capture import likeness_words

needs(ids.PRESS_MERGE_ACCOUNT, ids.CHOOSE_ACCOUNT_MERGE, ids.CONFIRM_ACCOUNT_MERGE, ids.PRESS_SWAP)(MERGE_RECORDS)
needs(ids.PRESS_MERGE_CONTACT, ids.MERGE_CONTACT)(MERGE_RECORDS)

MOST_LINES = 12
"""Lines in one part of what a merge does."""


def merge_contact_modal(contact: Contact, others: Sequence[Contact]) -> View:
    """Asks which other contact of the account is the same person."""
    choices = {str(other.id): called(other) for other in others}
    stays = say(
        _("*{person}* stays. What is not known of them is taken from the other, whose leads move along."),
        person=called(contact),
    )
    blocks = [kit.section(stays), kit.ask("other", _("Who is the same person?"), kit.menu(choices))]
    return kit.modal(ids.MERGE_CONTACT, _("Merge contacts"), blocks, submit=_("Merge"), about=contact.id)


def choose_merge_modal(account: Account) -> View:
    """Asks which other account is the same company."""
    intro = say(
        _("Which other account is the same company as *{code} · {company}*?"), code=account.code, company=account.name
    )
    blocks = [
        kit.section(intro),
        kit.ask(
            "other",
            _("The other account"),
            kit.suggesting(ids.SUGGEST_ACCOUNTS, _("Search, or take a likely one")),
            hint=_("Nothing is merged yet: next you see what would move, and which one stays."),
        ),
    ]
    return kit.modal(ids.CHOOSE_ACCOUNT_MERGE, _("Merge accounts"), blocks, submit=_("Continue"), about=account.id)


def suggested_accounts(suggestions: Suggestions) -> Block:
    """The choices of the menu: what is likely the same, or what was found; both as Slack takes them."""
    likely = [
        kit.option(str(match.account.id), f"{match.account.code} {match.account.name}", likeness_words(match))
        for match in suggestions.likely
    ]
    found = [
        kit.option(str(account.id), f"{account.code} {account.name}", account.industry) for account in suggestions.found
    ]
    groups = [(_("Likely the same"), likely), (_("Found"), found)]
    offered = [{"label": kit.plain(label, 75), "options": options} for label, options in groups if options]
    return {"option_groups": offered} if offered else {"options": []}


def confirm_merge_modal(preview: MergePreview, playbook: SalesPlaybook) -> View:
    """Says exactly what a merge does, and lets one choose which account stays."""
    stays, goes = preview.plan.stays, preview.plan.goes
    which = say(
        _("*{stays} · {company}* stays.\n*{goes} · {other}* goes into it."),
        stays=stays.code,
        company=stays.name,
        goes=goes.code,
        other=goes.name,
    )
    swap = kit.button(ids.PRESS_SWAP, _("Keep {code} instead").format(code=goes.code), goes.id)
    nothing = say(_("nothing: {code} has neither contacts nor leads, deals or history"), code=goes.code)
    after = say(
        _("{goes} leaves all lists; its name, its code and its old buttons lead to {stays}."),
        goes=goes.code,
        stays=stays.code,
    )
    blocks = [
        kit.section(which, swap),
        kit.divider(),
        *_part(say(_("*Moves to {code}*"), code=stays.code), _moving(preview) or [nothing]),
        *_part(say(_("*Filled in, because {code} says nothing*"), code=stays.code), _taken_over(preview, playbook)),
        *_part(
            say(_("*Stays as {code} says; the rest is kept in its history*"), code=stays.code), _kept(preview, playbook)
        ),
        kit.context(say(_("{after} You can undo this for ten minutes, an admin later."), after=after)),
    ]
    return kit.modal(
        ids.CONFIRM_ACCOUNT_MERGE, _("Merge accounts"), blocks, submit=_("Merge"), about=f"{stays.id}:{goes.id}"
    )


def _part(title: Mrkdwn, lines: Sequence[str]) -> list[Block]:
    """A titled list, if there is anything to list."""
    shown = [f"• {kit.cut(line, 200)}" for line in lines[:MOST_LINES]]
    more = [say(_("and {rest} more"), rest=len(lines) - MOST_LINES)] if len(lines) > MOST_LINES else []
    return [kit.section(Mrkdwn("\n".join([title, *shown, *more])))] if lines else []


def _moving(preview: MergePreview) -> list[Mrkdwn]:
    plan, lines = preview.plan, list[Mrkdwn]()
    if plan.moving:
        count = len(plan.moving)
        words = plural("{count} contact: {names}", "{count} contacts: {names}", count)
        names = [called(contact) for contact in plan.moving]
        lines.append(say(words, count=count, names=_some(names, count)))
    if preview.lead_count:
        words = plural("{count} lead: {names}", "{count} leads: {names}", preview.lead_count)
        codes = [lead.code for lead in preview.leads]
        lines.append(say(words, count=preview.lead_count, names=_some(codes, preview.lead_count)))
    if preview.deal_count:
        words = plural("{count} deal", "{count} deals", preview.deal_count)
        lines.append(say(words, count=preview.deal_count))
    if plan.goes.history:
        lines.append(say(_("its history with us")))
    return [*lines, *_becoming_one(plan)]


def _some(names: Sequence[str], count: int) -> str:
    return ", ".join(names[:5]) + ("…" if count > len(names[:5]) else "")


def _becoming_one(plan: AccountMerge) -> list[Mrkdwn]:
    return [
        say(_("{person} is kept at both, and becomes one contact"), person=called(people.stays))
        for people in plan.same_people
    ]


def _taken_over(preview: MergePreview, playbook: SalesPlaybook) -> list[Mrkdwn]:
    known = {name: value for name, value in preview.plan.filled.items() if name != "own_key"}
    lines = [_fact(name, value, preview, playbook) for name, value in known.items()]
    return lines + [
        say(
            _("{person}, {field}: {value}"),
            person=called(people.stays),
            field=field_title(name),
            value=said_of(name, value),
        )
        for people in preview.plan.same_people
        for name, value in people.filled.items()
        if name != "own_key"
    ]


def _kept(preview: MergePreview, playbook: SalesPlaybook) -> list[Mrkdwn]:
    stays = preview.plan.stays
    lines = [
        say(
            _("{fact} (in {code}: {value})"),
            fact=_fact(name, getattr(stays, name), preview, playbook),
            code=preview.plan.goes.code,
            value=_value(name, value, preview.owners, playbook),
        )
        for name, value in preview.plan.differing.items()
    ]
    return lines + [line for people in preview.plan.same_people for line in _kept_of_person(people, preview.plan.goes)]


def _kept_of_person(people: ContactMerge, goes: Account) -> list[Mrkdwn]:
    return [
        say(
            _("{person}, {field}: {value} (in {code}: {other})"),
            person=called(people.stays),
            field=field_title(name),
            value=said_of(name, getattr(people.stays, name)),
            code=goes.code,
            other=said_of(name, other),
        )
        for name, other in people.differing.items()
    ]


def _fact(name: str, value: Any, preview: MergePreview, playbook: SalesPlaybook) -> Mrkdwn:
    words = _value(name, value, preview.owners, playbook)
    return say("{field}: {value}", field=field_title(name).capitalize(), value=words)


def _value(name: str, value: Any, owners: Mapping[int, Person], playbook: SalesPlaybook) -> str:
    if name == "owner_id":
        return kit.person(owners[value]) if value in owners else _("somebody")
    if name == "tier":
        return _(playbook.tier_title(value))
    return country_title(value, language()) or "" if name == "country" else str(value)
