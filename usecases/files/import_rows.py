"""What an import does with one row of each kind: make a record, change the one that is meant, or say that nothing is new."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

from domain.core.language import _
from domain.core.people import Member, Person
from domain.core.refusals import FormRefused, RuleBroken
from domain.files.columns import KEY, Records, Row, Table
from domain.files.deal_rows import as_said, changes_of_deal, odd_in_deal
from domain.files.imports import (
    Change,
    Fate,
    Given,
    Remark,
    Verdict,
    called,
    likenesses,
    never_given,
    reconciled,
    refused,
)
from domain.files.odd_cells import checks_of, without_odd_cells
from domain.files.rows import (
    account_in,
    channel_in,
    country_of,
    deal_in,
    lead_in,
    owner_in,
    past_in,
    person_in,
    same_lead,
    status_in,
)
from domain.sales.accounts import Account, Contact, NewAccount, NewContact, same_person
from domain.sales.deals import Deal, NewDeal
from domain.sales.leads import Lead, LeadStatus, NewLead
from domain.sales.phones import dialled_in
from usecases.files.import_lookup import ACCOUNT_KEY, ACCOUNT_NAME
from usecases.files.import_writer import ImportWriter, lead_columns

SAID_OF_ACCOUNTS = ("name", "industry", "country", "history", "tier", KEY)
SAID_OF_PEOPLE = ("name", "email", "phone", "position", "country", KEY)


@dataclass(frozen=True, kw_only=True)
class Taking:
    """What all rows of one file have in common. `first_with` is the row in which each of the file's keys stands first."""

    table: Table
    home: str
    """The country whose phone numbers need no code."""
    first_with: Mapping[str, int]

    def is_first(self, row: Row) -> bool:
        """Whether no row before says anything of the same record."""
        key = row.texts.get(KEY)
        return key is None or self.first_with[key] == row.number


def first_with_key(rows: Sequence[Row]) -> dict[str, int]:
    """The number of the first row with each key."""
    found: dict[str, int] = {}
    for row in rows:
        if KEY in row.texts:
            found.setdefault(row.texts[KEY], row.number)
    return found


def take(taking: Taking, writer: ImportWriter, row: Row) -> Verdict:
    """Decide and carry out one row; one that cannot be taken is refused and holds up no other."""
    kind = taking.table.kind
    home = _home(taking, writer, row) if "phone" in row.texts else taking.home
    checks = checks_of(kind, taking.table.formats, writer.actor.hours, writer.playbook, home)
    sound, remarks = without_odd_cells(row, kind, checks)
    verdict = _take(taking, writer, sound)
    return replace(verdict, row=row, remarks=(*remarks, *verdict.remarks)) if remarks else verdict


def _home(taking: Taking, writer: ImportWriter, row: Row) -> str:
    """Where the phone number of a row is dialled: the contact's country, or else the account's, the file's, the workspace's."""
    texts, kind = row.texts, taking.table.kind
    is_contact = kind is Records.CONTACTS
    account_key, account_name = ACCOUNT_KEY.get(kind, "account_key"), ACCOUNT_NAME.get(kind, "account")
    account = writer.account(texts.get(account_key), texts.get(account_name, ""))
    person = writer.cache.people_by_key.get(texts.get(KEY if is_contact else "contact_key", ""))
    if account and not person:
        said = NewContact(name=texts.get("name" if is_contact else "contact_name"), email=texts.get("email"))
        person = same_person(said, writer.people_at(account))
    theirs, at_account = person.country if person else None, account.country if account else None
    said_here = texts.get("country")
    nearest = (said_here, theirs, at_account) if is_contact else (theirs, said_here, at_account)
    return dialled_in(*nearest) or taking.home


def _take(taking: Taking, writer: ImportWriter, row: Row) -> Verdict:
    try:
        if taking.table.kind is not Records.ACCOUNTS and not taking.is_first(row):
            first = taking.first_with[row.texts[KEY]]
            raise RuleBroken(_("Row {row} has the same key already.").format(row=first), field=KEY)
        return TAKE[taking.table.kind](taking, writer, row)
    except (RuleBroken, FormRefused) as refusal:
        return refused(row, refusal)


@dataclass
class Outcome:
    """What the parts of one row come to."""

    changes: list[Change]
    remarks: list[Remark]

    def of(self, changes: Sequence[Change], remarks: Sequence[Remark]) -> None:
        """Add those of another part."""
        self.changes += changes
        self.remarks += remarks

    def verdict(self, row: Row, record: str, *, is_made: bool = False) -> Verdict:
        """The verdict on the whole row."""
        fate = Fate.MADE if is_made else Fate.CHANGED if self.changes else Fate.THERE
        return Verdict(row=row, fate=fate, record=record, changes=tuple(self.changes), remarks=tuple(self.remarks))


def _take_account(taking: Taking, writer: ImportWriter, row: Row) -> Verdict:
    new, contact = account_in(row, taking.home, writer.actor.via)
    outcome = Outcome([], [])
    owner = _owner(row.texts.get("owner"), writer.colleagues, outcome)
    known = writer.account(new.own_key, new.name)
    if known is None:
        account = _make_account(writer, new, contact, "name", outcome, owner)
        if not contact.is_empty:
            writer.add_person(account, contact)
        return outcome.verdict(row, called(account), is_made=True)
    given = _given_to(writer, "account", known, new.own_key) if taking.is_first(row) else never_given
    account = _complete_account(writer, known, new, given, outcome)
    _own(writer, account, owner, given, outcome)
    _meet(writer, account, contact, outcome)
    return outcome.verdict(row, called(account))


def _make_account(
    writer: ImportWriter,
    new: NewAccount,
    contact: NewContact,
    field: str,
    outcome: Outcome,
    owner: Person | None = None,
) -> Account:
    """A new account, and which others it looks like: an import must not stop for a question."""
    outcome.remarks += likenesses(field, new.name, writer.accounts_like(new.name, contact))
    return writer.add_account(new, owner)


def _complete_account(writer: ImportWriter, known: Account, new: NewAccount, given: Given, outcome: Outcome) -> Account:
    theirs = {name: getattr(new, name) for name in SAID_OF_ACCOUNTS}
    ours = {name: getattr(known, name) for name in SAID_OF_ACCOUNTS}
    if known.name.casefold() == new.name.casefold():
        del theirs["name"]
    # Another key is that of an account merged into this one, and stays with it.
    if known.own_key or writer.is_known(new.own_key):
        del theirs["own_key"]
    if writer.goes_by(known, new.name):
        given = _but_its_name(given)
    values, changes, remarks = reconciled(ours, theirs, given, called(known))
    outcome.of(changes, [_of_name(remark, known) for remark in remarks])
    return writer.change_account(known, values) if values else known


def _given_to(writer: ImportWriter, noun: str, known: Account | Contact, key: str | None) -> Given:
    """What files may replace in a record: what they gave it, if they know it by its own key, not by that of one merged into it."""
    is_its_own = key is not None and known.own_key in {None, key}
    return writer.given(noun, known.id) if is_its_own else never_given


def _but_its_name(given: Given) -> Given:
    """What was given to an account that keeps its name, since the file's is that of one merged into it."""
    return lambda name: [] if name == "name" else given(name)


def _of_name(remark: Remark, known: Account) -> Remark:
    if remark.field != "name":
        return remark
    return replace(remark, sentence=_("Taken for {account}.").format(account=called(known)))


def _own(writer: ImportWriter, account: Account, owner: Person | None, given: Given, outcome: Outcome) -> None:
    if owner is None or account.owner_id == owner.id:
        return
    if account.owner_id is None or account.owner_id in given("owner_id"):
        writer.change_account(account, {"owner_id": owner.id})
        outcome.changes.append(Change(field="owner", old="", new=owner.name))
    else:
        sentence = _("{record} has another owner, who stays.").format(record=called(account))
        outcome.remarks.append(Remark(field="owner", value=owner.name, sentence=sentence))


def _meet(writer: ImportWriter, account: Account, new: NewContact, outcome: Outcome) -> Contact | None:
    """The row's contact as the account knows them from now on."""
    if new.is_empty:
        return None
    known = writer.cache.people_by_key.get(new.own_key) if new.own_key else None
    known = known or same_person(new, [one for one in writer.people_at(account) if not (new.own_key and one.own_key)])
    if known is None:
        person = writer.add_person(account, new)
        outcome.changes.append(Change(field="contact", old="", new=_name_of(person)))
        return person
    return _complete_person(writer, account, known, new, _given_to(writer, "contact", known, new.own_key), outcome)


def _complete_person(
    writer: ImportWriter, account: Account, known: Contact, new: NewContact, given: Given, outcome: Outcome
) -> Contact:
    ours, theirs = ({name: getattr(one, name) for name in SAID_OF_PEOPLE} for one in (known, new))
    if known.own_key:  # another key is that of a contact merged into this one, and stays with it
        del theirs["own_key"]
    values, changes, remarks = reconciled(ours, theirs, given, _("The record"))
    outcome.of(changes, [replace(remark, field=f"contact {remark.field}") for remark in remarks])
    return writer.change_person(account, known, values) if values else known


def _name_of(person: NewContact) -> str:
    return person.name or person.email or person.phone or "?"


def _take_person(taking: Taking, writer: ImportWriter, row: Row) -> Verdict:
    new = person_in(row, taking.home)
    outcome = Outcome([], [])
    known = writer.cache.people_by_key.get(new.own_key) if new.own_key else None
    account = _account_of(writer, row, "account", new, outcome)
    assert account is not None
    if known and known.account_id != account.id:
        sentence = _("The contact is with another account, where it stays.")
        raise RuleBroken(sentence, field="account")
    before = len(writer.people_at(account))
    person = _meet(writer, account, new, outcome)
    assert person is not None
    is_made = len(writer.people_at(account)) > before
    if is_made:
        outcome.changes = []
    name = _("{person} at {account}").format(person=_name_of(person), account=called(account))
    return outcome.verdict(row, name, is_made=is_made)


def _account_of(writer: ImportWriter, row: Row, field: str, contact: NewContact, outcome: Outcome) -> Account | None:
    """The account a row names, made where it is not there; None where the row names none."""
    name, key = row.texts.get(field, ""), row.texts.get("account_key")
    account = writer.account(key, name)
    if account:
        if key and account.own_key is None and not writer.is_known(key):
            account = writer.change_account(account, {KEY: key})
        return account
    if not name:
        if key:
            raise RuleBroken(_("There is no account with the key {key}.").format(key=key), field="account_key")
        return None
    parts: dict[str, str | None] = {}
    if field == "company":
        parts = {part: row.texts.get(part) for part in ("industry", "history")} | {"country": country_of(row)}
    new = NewAccount(name=name, source=writer.actor.via, own_key=key, **parts)
    account = _make_account(writer, new, contact, field, outcome)
    if field == "account":
        sentence = _("There was no such account; {account} was made.").format(account=called(account))
        outcome.remarks.append(Remark(field=field, value=name, sentence=sentence))
    return account


def _take_lead(taking: Taking, writer: ImportWriter, row: Row) -> Verdict:
    channel = channel_in(taking.table.channel, None, writer.playbook) if taking.table.channel else None
    new = lead_in(row, channel, writer.playbook, taking.home)
    past = past_in(row, writer.playbook)
    outcome = Outcome([], [] if past.reason or past.status is not LeadStatus.DISQUALIFIED else [_without_reason(row)])
    owner = _owner(row.texts.get("owner"), writer.sellers, outcome)
    known = _lead_meant(writer, row, new)
    if known and not new.own_key:
        return Verdict(row=row, fate=Fate.THERE, record=called(known))
    if known:
        return _change_lead(writer, row, known, new, owner, outcome)
    account = _account_of(writer, row, "company", new.contact, outcome)
    assert account is not None
    company = NewAccount(name=new.company, industry=new.industry, country=new.country, history=new.history)
    account = _complete_account(writer, account, company, never_given, outcome)
    person = _meet(writer, account, new.contact, outcome)
    lead = writer.add_lead(new, past, account, person, owner)
    outcome.changes = []
    return outcome.verdict(row, called(lead), is_made=True)


def _without_reason(row: Row) -> Remark:
    return Remark(field="reason", value=row.texts["status"], sentence=_("Why it was disqualified is not said."))


def _lead_meant(writer: ImportWriter, row: Row, new: NewLead) -> Lead | None:
    known = writer.cache.leads_by_key.get(new.own_key) if new.own_key else None
    if known:
        return known
    account = writer.account(row.texts.get("account_key"), new.company)
    return same_lead(new, writer.leads_of(account)) if account else None


def _change_lead(
    writer: ImportWriter, row: Row, known: Lead, new: NewLead, owner: Person | None, outcome: Outcome
) -> Verdict:
    """What the prospect said and where it came from may follow the file; what people do with a lead here is theirs."""
    ours = lead_columns(known)
    theirs = {"channel": new.source, "said": new.said.strip(), KEY: new.own_key}
    values, changes, remarks = reconciled(ours, theirs, writer.given("lead", known.id), called(known))
    outcome.of(changes, remarks)
    gains_owner = owner if owner and known.owner is None and known.is_open else None
    if gains_owner:
        outcome.changes.append(Change(field="owner", old="", new=gains_owner.name))
    if values or gains_owner:
        writer.change_lead(known, values, gains_owner)
    outcome.remarks += _differing(row, known, owner)
    _meet(writer, known.account, new.contact, outcome)
    return outcome.verdict(row, called(known))


def _differing(row: Row, known: Lead, owner: Person | None) -> list[Remark]:
    """Where a file says something else of what people do with a lead here."""
    here = {"status": known.status.value, "owner": known.owner.name if known.owner else ""}
    there = {
        "status": status_in(row.texts.get("status")).value if "status" in row.texts else "",
        "owner": owner.name if owner else "",
    }
    return [
        Remark(
            field=name,
            value=there[name],
            sentence=_("{record} says {kept}, which stays.").format(record=called(known), kept=here[name]),
        )
        for name in here
        if there[name] and here[name] and there[name] != here[name]
    ]


def _take_deal(taking: Taking, writer: ImportWriter, row: Row) -> Verdict:
    new = deal_in(row, taking.table.formats, writer.actor.via)
    outcome = Outcome([], [])
    known = writer.cache.deals_by_key.get(new.own_key) if new.own_key else None
    account = _account_of(writer, row, "account", NewContact(), outcome)
    owner = _deal_owner(row, writer, outcome)
    outcome.remarks += odd_in_deal(row, new, account)
    if known is None:
        known = _same_deal(writer, new, account, owner)
    if known is None:
        deal = writer.add_deal(new, account, owner)
        return outcome.verdict(row, called(deal), is_made=True)
    said = as_said(taking.table, known, new)
    account = account if taking.table.fields & {"account", "account_key"} else known.account
    owner = owner if taking.table.fields & {"owner", "agent"} else known.owner
    outcome.changes += changes_of_deal(known, said, account, owner)
    if outcome.changes:
        writer.change_deal(known, said, account, owner)
    return outcome.verdict(row, called(known))


def _deal_owner(row: Row, writer: ImportWriter, outcome: Outcome) -> Person | None:
    """Who has the deal here: the owner named, or else the agent, if that is the name of exactly one colleague."""
    if "owner" in row.texts:
        return _owner(row.texts["owner"], writer.colleagues, outcome)
    agent = owner_in(row.texts["agent"], writer.colleagues) if "agent" in row.texts else None
    return agent.person if agent else None


def _same_deal(writer: ImportWriter, new: NewDeal, account: Account | None, owner: Person | None) -> Deal | None:
    """The deal without a key of which the very same is said."""
    for deal in writer.deals_of(account) if new.own_key is None else ():
        if deal.own_key is None and not changes_of_deal(deal, new, account, owner):
            return deal
    return None


def _owner(text: str | None, able: Sequence[Member], outcome: Outcome) -> Person | None:
    if text is None:
        return None
    owner = owner_in(text, able)
    if owner:
        return owner.person
    sentence = _("is nobody who may own this, or several people: left without an owner")
    outcome.remarks.append(Remark(field="owner", value=text, sentence=sentence))
    return None


TAKE: Mapping[Records, Callable[[Taking, ImportWriter, Row], Verdict]] = {
    Records.ACCOUNTS: _take_account,
    Records.CONTACTS: _take_person,
    Records.LEADS: _take_lead,
    Records.DEALS: _take_deal,
}
"""What is done with a row of each kind."""
