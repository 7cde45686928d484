"""Accounts, their contacts, and the keys under which possible duplicates are found."""

from collections.abc import Callable, Collection, Iterator, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, case

from domain.accounts import Account, Contact, NewAccount, NewContact, normal_name, same_person
from domain.duplicates import Candidate, Key, KeyKind, keys_of
from domain.language import _
from domain.refusals import NotFound
from storage.fixed import Fixed
from storage.schema import account_keys, accounts, contacts
from storage.scope import Scope, select_here, update_here

MOST_CANDIDATES = 300
"""Accounts compared letter by letter with a new one; those that share the most telling keys come first."""
MOST_IN_ONE_QUERY = 400
"""Values in one IN (…); SQLite takes 32,766 in all, but plans with a few hundred."""
SLOTS = tuple(f"value_{number}" for number in range(8))
"""Parameters for the values asked for at once; a company without known contacts has at most seven."""

SAID_OF_CONTACTS = ("name", "email", "phone", "position", "own_key")
AFFIXES = frozenset({KeyKind.HEAD, KeyKind.TAIL})
_TELLING = case({KeyKind.HEAD.value: 1, KeyKind.TAIL.value: 2}, value=account_keys.c.kind, else_=0)
_SHARING = Fixed(
    # All kinds of several values instead of a list of pairs, for which SQLite has no use of its index; what pairs them wrongly is
    # dropped in `sharing`.
    select_here(account_keys)
    .where(account_keys.c.value.in_([bindparam(slot) for slot in SLOTS]))
    .order_by(_TELLING, account_keys.c.account_id.desc())
    .limit(MOST_CANDIDATES)
)
_BY_ID = Fixed(select_here(accounts).where(accounts.c.id == bindparam("of_account")))
_NAMED = (
    select_here(accounts)
    .where(accounts.c.normal_name.in_(bindparam("of_names", expanding=True)), accounts.c.merged_into_id.is_(None))
    .order_by(accounts.c.id.desc())
)
_CONTACTS_OF = (
    select_here(contacts)
    .where(contacts.c.account_id == bindparam("of_account"), contacts.c.merged_into_id.is_(None))
    .order_by(contacts.c.id)
)


class AccountRepository:
    """Client companies of this workspace."""

    def __init__(self, scope: Scope, now: datetime) -> None:
        self.scope, self.now = scope, now

    def get(self, account_id: int) -> Account:
        """The account. Raises NotFound."""
        row = self.scope.row(_BY_ID, of_account=account_id)
        if row is None:
            raise NotFound(_("this account"))
        return account_from(row)

    def add(self, new: NewAccount, contacts: Sequence[NewContact] = ()) -> Account:
        """Make a record, filed under its keys, with its contacts."""
        values: dict[str, Any] = {
            "name": new.name,
            "industry": new.industry,
            "country": new.country,
            "history": new.history,
            "source": new.source,
            "created_at": self.now,
            "tier": new.tier,
            "own_key": new.own_key,
        }
        account_id, number = self.scope.add_numbered(accounts, "account", normal_name=normal_name(new.name), **values)
        account = Account(id=account_id, number=number, **values)
        self.scope.add_all(account_keys, [_filed(account, key) for key in sorted(keys_of(new.name))])
        for contact in contacts:
            self.add_contact(account, contact)
        return account

    def describe(self, account: Account) -> None:
        """Keep what is said of a company besides its name."""
        said = {"industry": account.industry, "country": account.country, "history": account.history}
        self.scope.change(update_here(accounts).where(accounts.c.id == account.id).values(**said))

    def add_contact(self, account: Account, new: NewContact) -> Contact:
        """Keep a person at the account; one who is known there already is completed."""
        known = same_person(new, self.contacts_of(account.id))
        values: dict[str, Any] = {name: getattr(new, name) for name in SAID_OF_CONTACTS}
        if known:
            values = {name: value or getattr(known, name) for name, value in values.items()}
            self.scope.change(update_here(contacts).where(contacts.c.id == known.id).values(**values))
            contact = Contact(id=known.id, account_id=account.id, **values)
        else:
            contact = Contact(
                id=self.scope.add(contacts, account_id=account.id, **values), account_id=account.id, **values
            )
        for key in sorted(keys_of(account.name, [contact]) - keys_of(account.name)):
            self.scope.add_new(account_keys, **_filed(account, key))
        return contact

    def describe_contact(self, contact: Contact) -> None:
        """Keep what is said of a person, whatever was said before."""
        said = {name: getattr(contact, name) for name in SAID_OF_CONTACTS}
        self.scope.change(update_here(contacts).where(contacts.c.id == contact.id).values(**said))
        account = self.get(contact.account_id)
        for kind, value in sorted(keys_of(account.name, [contact]) - keys_of(account.name)):
            self.scope.add_new(account_keys, kind=kind.value, value=value, account_id=account.id)

    def contacts_of(self, account_id: int) -> list[Contact]:
        """The people known at an account, the longest known first."""
        rows = self.scope.rows(_CONTACTS_OF, of_account=account_id)
        return [contact_from(row) for row in rows]

    def sharing(self, keys: Collection[Key], resembles: Callable[[str], bool]) -> list[Candidate]:
        """Accounts that share a key, each with the keys it shares.

        Very many begin or end alike: those that share no more than that are only read if their normal name `resembles`.
        """
        shared: dict[int, set[Key]] = {}
        for row in self._filed_under(sorted({value for _kind, value in keys})):
            if (row.kind, row.value) in keys and (row.kind not in AFFIXES or resembles(row.normal_name)):
                shared.setdefault(row.account_id, set()).add((KeyKind(row.kind), row.value))
        return [Candidate(account=self.get(account_id), shared=frozenset(keys)) for account_id, keys in shared.items()]

    def _filed_under(self, values: list[str]) -> Iterator[Any]:
        for start in range(0, len(values), len(SLOTS)):
            part = values[start : start + len(SLOTS)]
            filled = zip(SLOTS, part + part[-1:] * (len(SLOTS) - len(part)), strict=True)
            yield from self.scope.rows(_SHARING, **dict(filled))

    def named(self, normal_names: Collection[str]) -> dict[str, Account]:
        """Accounts by normal name; of several with one name, the oldest."""
        names, found = sorted(normal_names), {}
        for start in range(0, len(names), MOST_IN_ONE_QUERY):
            part = names[start : start + MOST_IN_ONE_QUERY]
            for row in self.scope.rows(_NAMED, of_names=part):
                found[row.normal_name] = account_from(row)
        return found

    def everything(self) -> list[tuple[Account, list[Contact]]]:
        """All accounts in the order of their numbers, with their contacts."""
        people: dict[int, list[Contact]] = {}
        standing = contacts.c.merged_into_id.is_(None)
        for row in self.scope.rows(select_here(contacts).where(standing).order_by(contacts.c.id)):
            people.setdefault(row.account_id, []).append(contact_from(row))
        rows = self.scope.rows(
            select_here(accounts).where(accounts.c.merged_into_id.is_(None)).order_by(accounts.c.number)
        )
        return [(account_from(row), people.get(row.id, [])) for row in rows]


def _filed(account: Account, key: Key) -> dict[str, Any]:
    """A row of account_keys."""
    kind, value = key
    return {"value": value, "kind": kind.value, "account_id": account.id, "normal_name": normal_name(account.name)}


ACCOUNT_COLUMNS = tuple(
    "id number name industry country history source created_at owner_id tier own_key confirmed_at merged_into_id".split()
)


def account_from(row: Any, prefix: str = "") -> Account:
    """The fact in a row of accounts, or in a row whose columns of the account begin with `prefix`."""
    return Account(**{name: getattr(row, prefix + name) for name in ACCOUNT_COLUMNS})


def contact_from(row: Any) -> Contact:
    """The fact in a row of contacts."""
    return Contact(
        id=row.id,
        account_id=row.account_id,
        name=row.name,
        email=row.email,
        phone=row.phone,
        position=row.position,
        own_key=row.own_key,
        merged_into_id=row.merged_into_id,
    )
