"""The accounts and leads as an import sees and changes them: for good, or only in a rehearsal."""

from dataclasses import dataclass, field

from domain.accounts import Account, Contact, NewAccount, NewContact, normal_name, same_person
from domain.duplicates import Candidate, Key, Match, find_matches, keys_of, keys_to_look_up, resembling
from domain.leads import Lead, NewLead
from domain.people import Actor, Person
from domain.playbook import SalesPlaybook
from domain.ports import Work
from domain.usecases.desk import record
from domain.usecases.leads import begin_lead

MOST_ALIKE = 60
"""Imagined accounts with one key, the latest first, that are compared with a new one."""


class Books:
    """Everything is written in the transaction given, with an audit event for each record."""

    def __init__(self, work: Work, actor: Actor, playbook: SalesPlaybook) -> None:
        self.work, self.actor, self.playbook = work, actor, playbook

    def account_named(self, name: str) -> Account | None:
        """The account with this name but for case, punctuation and legal form."""
        normal = normal_name(name)
        return self.work.accounts.named([normal]).get(normal)

    def accounts_like(self, name: str, contact: NewContact) -> list[Match]:
        """Accounts that may be the same as one with this name and contact."""
        return find_matches(name, [contact], self._candidates(name, keys_to_look_up(name, [contact])))

    def _candidates(self, name: str, keys: frozenset[Key]) -> list[Candidate]:
        return self.work.accounts.sharing(keys, resembling(name))

    def people_at(self, account: Account) -> list[Contact]:
        """The contacts of an account."""
        return self.work.accounts.contacts_of(account.id)

    def leads_of(self, account: Account) -> list[Lead]:
        """The leads of an account, closed ones too."""
        return self.work.leads.of_account(account.id)

    def add_account(self, new: NewAccount) -> Account:
        """Make an account."""
        account = self.work.accounts.add(new)
        after = {"name": account.name, "industry": account.industry}
        record(self.work, self.actor, "account.created", account.id, after=after)
        return account

    def complete_account(self, known: Account, filled: Account) -> None:
        """Keep an account whose empty fields were filled in."""
        self.work.accounts.describe(filled)
        found = {
            name: getattr(filled, name)
            for name in ("industry", "country", "history")
            if getattr(filled, name) != getattr(known, name)
        }
        record(self.work, self.actor, "account.completed", known.id, before=dict.fromkeys(found), after=found)

    def keep_person(self, account: Account, new: NewContact) -> Contact:
        """Make or complete a contact."""
        contact = self.work.accounts.add_contact(account, new)
        after = {"account_id": account.id, "name": contact.name, "email": contact.email, "phone": contact.phone}
        record(self.work, self.actor, "contact.kept", contact.id, after=after)
        return contact

    def add_lead(self, new: NewLead, account: Account, contact: Contact | None, owner: Person | None) -> None:
        """Make a lead like any captured one, except that no message announces it.

        Somebody who imports five hundred leads knows of them, and a channel with five hundred new cards helps nobody: they are in
        everybody's lists at once, and each has its reminder.
        """
        holder_id = owner.id if owner else self.actor.member_id
        lead = begin_lead(self.work, self.actor, new, account, contact, None, self.playbook, holder_id)
        if owner:
            self.work.leads.claim(lead.id, owner.id)
            record(
                self.work, self.actor, "lead.assigned", lead.id, before={"owner_id": None}, after={"owner_id": owner.id}
            )


@dataclass
class Imagined:
    """What the rows rehearsed so far would have made or changed; ids below zero are of records that do not exist."""

    accounts: dict[str, Account] = field(default_factory=dict)
    """By normal name."""
    filed: dict[Key, list[Account]] = field(default_factory=dict)
    """By the keys under which possible duplicates are found."""
    people: dict[int, list[Contact]] = field(default_factory=dict)
    leads: dict[int, list[Lead]] = field(default_factory=dict)
    last_id: int = 0

    def next_id(self) -> int:
        """An id that no record has."""
        self.last_id -= 1
        return self.last_id


class RehearsedBooks(Books):
    """Reads what is written and what the rehearsal has imagined on top of it; writes nothing."""

    def __init__(self, work: Work, actor: Actor, playbook: SalesPlaybook, imagined: Imagined) -> None:
        super().__init__(work, actor, playbook)
        self.imagined = imagined

    def account_named(self, name: str) -> Account | None:
        return self.imagined.accounts.get(normal_name(name)) or super().account_named(name)

    def _candidates(self, name: str, keys: frozenset[Key]) -> list[Candidate]:
        shared: dict[int, set[Key]] = {}
        found: dict[int, Account] = {}
        for key in keys:
            for account in self.imagined.filed.get(key, ())[-MOST_ALIKE:]:
                shared.setdefault(account.id, set()).add(key)
                found[account.id] = account
        imagined = [Candidate(account=found[number], shared=frozenset(keys)) for number, keys in shared.items()]
        return [*super()._candidates(name, keys), *imagined]

    def people_at(self, account: Account) -> list[Contact]:
        if account.id not in self.imagined.people:
            self.imagined.people[account.id] = super().people_at(account)
        return self.imagined.people[account.id]

    def leads_of(self, account: Account) -> list[Lead]:
        if account.id not in self.imagined.leads:
            self.imagined.leads[account.id] = super().leads_of(account)
        return self.imagined.leads[account.id]

    def add_account(self, new: NewAccount) -> Account:
        account = Account(
            id=self.imagined.next_id(),
            number=0,
            name=new.name,
            industry=new.industry,
            country=new.country,
            history=new.history,
            source=new.source,
            created_at=self.work.now,
        )
        self.imagined.accounts[normal_name(new.name)] = account
        self._file(account, keys_of(new.name))
        return account

    def _file(self, account: Account, keys: frozenset[Key]) -> None:
        for key in keys:
            self.imagined.filed.setdefault(key, []).append(account)

    def complete_account(self, known: Account, filled: Account) -> None:
        self.imagined.accounts[normal_name(known.name)] = filled

    def keep_person(self, account: Account, new: NewContact) -> Contact:
        people = self.people_at(account)
        known = same_person(new, people)
        contact = Contact(
            id=known.id if known else self.imagined.next_id(),
            account_id=account.id,
            name=new.name,
            email=new.email,
            phone=new.phone,
        )
        people[:] = [*(person for person in people if person.id != contact.id), contact]
        self._file(account, keys_of(account.name, [contact]) - keys_of(account.name))
        return contact

    def add_lead(self, new: NewLead, account: Account, contact: Contact | None, owner: Person | None) -> None:
        lead = Lead(
            id=self.imagined.next_id(),
            number=0,
            account=account,
            contact=contact,
            channel=new.channel,
            said=new.said.strip(),
            owner=owner,
            captured_by=self.actor.person,
            captured_at=self.work.now,
        )
        self.leads_of(account).append(lead)
