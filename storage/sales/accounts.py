"""Accounts, their contacts, and the keys under which possible duplicates are found."""

from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import replace
from datetime import datetime
from functools import cache
from itertools import cycle
from operator import attrgetter
from typing import Any

from sqlalchemy import and_, bindparam, case

from domain.core.language import _
from domain.core.refusals import NotFound
from domain.sales.accounts import (
    SAID_OF_CONTACTS,
    Account,
    Contact,
    NewAccount,
    NewContact,
    same_person,
    survivor,
)
from domain.sales.company_names import normal_name
from domain.sales.duplicates import OF_PARTS, Candidate, Key, KeyKind, Sought, keys_of
from storage.engine.merging import hand_over
from storage.engine.prepared import Fixed
from storage.engine.scope import Scope, delete_here, select_here, update_here
from storage.engine.undoing import Undoing
from storage.schema import account_keys, accounts, contacts

MOST_CANDIDATES = 300
"""Accounts compared letter by letter with a new one; those that share the most telling keys come first."""
MOST_IN_ONE_QUERY = 400
"""Values in one IN (…); SQLite takes 32,766 in all, but plans with a few hundred."""
SLOTS = tuple(f"value_{number}" for number in range(8))
"""Parameters for the values asked for at once; a company without known contacts has at most eight."""

_TELLING = case(
    {KeyKind.HEAD.value: 1, KeyKind.SEAM.value: 1, KeyKind.TAIL.value: 2}, value=account_keys.c.kind, else_=0
)
_SHARING = Fixed(
    # All kinds of several values instead of a list of pairs, for which SQLite has no use of its index; what pairs them wrongly is
    # dropped in `sharing`.
    select_here(account_keys, *(account_keys.c[name] for name in ("value", "kind", "account_id", "normal_name")))
    .where(account_keys.c.value.in_([bindparam(slot) for slot in SLOTS]))
    .limit(MOST_CANDIDATES + 1)
)
_MOST_TELLING = Fixed(
    _SHARING.statement.order_by(_TELLING, account_keys.c.account_id.desc()).limit(MOST_CANDIDATES)  # type: ignore[union-attr]
)
_BY_ID = Fixed(select_here(accounts).where(accounts.c.id == bindparam("of_account")))
_CALLED = (
    select_here(accounts)
    .where(accounts.c.normal_name.in_(bindparam("of_names", expanding=True)))
    .order_by(accounts.c.merged_into_id.is_not(None), accounts.c.id)
)
_KEYED = select_here(accounts).where(accounts.c.own_key.in_(bindparam("of_keys", expanding=True)))
_KEYED_CONTACTS = select_here(contacts).where(contacts.c.own_key.in_(bindparam("of_keys", expanding=True)))
_CONTACTS_AT = (
    select_here(contacts)
    .where(contacts.c.account_id.in_(bindparam("of_accounts", expanding=True)), contacts.c.merged_into_id.is_(None))
    .order_by(contacts.c.id)
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

    def remove(self, account_id: int, contact_id: int | None) -> bool:
        """Remove an account with its one contact, unless something else belongs to either; whether it is gone."""
        undoing = Undoing(self.scope)
        return (contact_id is None or undoing.remove(contacts, contact_id)) and undoing.remove(accounts, account_id)

    def get(self, account_id: int) -> Account:
        """The account. Raises NotFound."""
        row = self.scope.row(_BY_ID, of_account=account_id)
        if row is None:
            raise NotFound(_("this account"))
        return account_from(row)

    def standing(self, account_id: int) -> Account:
        """The account, or the one it was merged into. Raises NotFound."""
        return survivor(self.get(account_id), self.get)

    def by_number(self, number: int) -> Account:
        """The account people call `A-number`, or the one it was merged into. Raises NotFound."""
        row = self.scope.row(select_here(accounts).where(accounts.c.number == number))
        if row is None:
            raise NotFound(f"A-{number}")
        return self.standing(row.id)

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

    def update(self, account: Account, **changes: Any) -> Account:
        """Keep what is known of an account now; where its name is another, it is filed under that."""
        now = replace(account, **changes)
        values = changes | ({"normal_name": normal_name(now.name)} if now.name != account.name else {})
        self._change(account.id, **values)
        if now.name != account.name:
            self.refile(now)
        return now

    def confirm(self, account_id: int, by: int) -> None:
        """Note that somebody said just now that the record is right."""
        self._change(account_id, confirmed_at=self.now, confirmed_by=by)

    def adopt(self, account_id: int, owner_id: int) -> bool:
        """Give an account without an owner its owner; False when it has one."""
        free = update_here(accounts).where(accounts.c.id == account_id, accounts.c.owner_id.is_(None))
        return self.scope.change(free.values(owner_id=owner_id)) > 0

    def absorb(self, stays: Account, goes: Account) -> None:
        """Let one account lead to another, which takes over whatever it had, and its names with that."""
        if stays.own_key == goes.own_key:
            self._change(goes.id, own_key=None)  # no two records have one key, not for a moment
        hand_over(self.scope, accounts, goes.id, stays.id)
        self._change(goes.id, merged_into_id=stays.id)
        self.scope.change(delete_here(account_keys).where(account_keys.c.account_id == goes.id))
        self._change(stays.id, normal_name=normal_name(stays.name), **{name: getattr(stays, name) for name in MERGED})
        self.refile(stays)

    def _change(self, account_id: int, **values: Any) -> None:
        self.scope.change(update_here(accounts).where(accounts.c.id == account_id).values(**values))

    def refile(self, account: Account) -> None:
        """File an account anew: under its name, the names of those merged into it, and what its contacts tell."""
        merged = self.scope.rows(select_here(accounts).where(accounts.c.merged_into_id == account.id))
        keys = set(keys_of(account.name, self.contacts_of(account.id)))
        for row in merged:
            keys |= keys_of(row.name)
        self.scope.change(delete_here(account_keys).where(account_keys.c.account_id == account.id))
        self.scope.add_all(account_keys, [_filed(account, key) for key in sorted(keys)])

    def contact(self, contact_id: int) -> Contact:
        """The contact, or the one it was merged into. Raises NotFound."""
        return survivor(self._contact(contact_id), self._contact)

    def _contact(self, contact_id: int) -> Contact:
        row = self.scope.row(select_here(contacts).where(contacts.c.id == contact_id))
        if row is None:
            raise NotFound(_("this contact"))
        return contact_from(row)

    def update_contact(self, contact: Contact) -> None:
        """Keep a contact as it is said to be now."""
        values = {name: getattr(contact, name) for name in SAID_OF_CONTACTS}
        self.scope.change(update_here(contacts).where(contacts.c.id == contact.id).values(**values))

    def absorb_contact(self, stays: Contact, goes: Contact) -> None:
        """Let one contact lead to another, which takes over whatever it had."""
        if stays.own_key == goes.own_key:
            self.update_contact(replace(goes, own_key=None))
        hand_over(self.scope, contacts, goes.id, stays.id)
        self.scope.change(update_here(contacts).where(contacts.c.id == goes.id).values(merged_into_id=stays.id))
        self.update_contact(stays)

    def add_contact(self, account: Account, new: NewContact) -> Contact:
        """Keep a person at the account; one who is known there already is completed."""
        known = same_person(new, self.contacts_of(account.id))
        if known is None:
            return self.new_contact(account, new)
        values = {name: getattr(new, name) or getattr(known, name) for name in SAID_OF_CONTACTS}
        self.scope.change(update_here(contacts).where(contacts.c.id == known.id).values(**values))
        return self._file_contact(account, Contact(id=known.id, account_id=account.id, **values))

    def new_contact(self, account: Account, new: NewContact) -> Contact:
        """Keep a person at the account who is nobody known there."""
        values: dict[str, Any] = {name: getattr(new, name) for name in SAID_OF_CONTACTS}
        contact_id = self.scope.add(contacts, account_id=account.id, **values)
        return self._file_contact(account, Contact(id=contact_id, account_id=account.id, **values))

    def _file_contact(self, account: Account, contact: Contact) -> Contact:
        for key in sorted(keys_of(account.name, [contact]) - keys_of(account.name)):
            self.scope.add_new(account_keys, **_filed(account, key))
        return contact

    def contacts_of(self, account_id: int) -> list[Contact]:
        """The people known at an account, the longest known first."""
        rows = self.scope.rows(_CONTACTS_OF, of_account=account_id)
        return [contact_from(row) for row in rows]

    def sharing(self, sought: Sought) -> list[Candidate]:
        """Accounts that share a key with the company sought, each with the keys it shares.

        Many have a part of their name in common: those that share no more than that are only read if their normal name is alike.
        """
        rows = list(self._filed_under(sought))
        alike = sought.alike({row.normal_name for row in rows})
        shared: dict[int, set[Key]] = {}
        for row in rows:
            if row.normal_name in alike or row.kind not in OF_PARTS:
                key = (KeyKind(row.kind), row.value)
                if key in sought.keys:
                    shared.setdefault(row.account_id, set()).add(key)
        return [Candidate(account=self.get(account_id), shared=frozenset(keys)) for account_id, keys in shared.items()]

    def _filed_under(self, sought: Sought) -> Iterator[Any]:
        values = sorted({value for _kind, value in sought.keys})
        for start in range(0, len(values), len(SLOTS)):
            part = cycle(values[start : start + len(SLOTS)])
            slots = dict(zip(SLOTS, part, strict=False))
            rows = self.scope.rows(_SHARING, **slots)
            yield from rows if len(rows) <= MOST_CANDIDATES else self.scope.rows(_MOST_TELLING, **slots)

    def called(self, normal_names: Collection[str]) -> dict[str, list[Account]]:
        """All accounts by these normal names, the oldest first; behind them, for those that were merged, who took them over."""
        found: dict[str, list[Account]] = {name: [] for name in normal_names}
        for row in self._in_parts(_CALLED, "of_names", normal_names):
            account, alike = survivor(account_from(row), self.get), found[row.normal_name]
            if account not in alike:
                alike.append(account)
        return found

    def keyed(self, own_keys: Collection[str]) -> dict[str, Account]:
        """Accounts by what another system calls them; of one that was merged, the account that took it over."""
        found = {row.own_key: account_from(row) for row in self._in_parts(_KEYED, "of_keys", own_keys)}
        return {key: survivor(account, self.get) for key, account in found.items()}

    def keyed_contacts(self, own_keys: Collection[str]) -> dict[str, Contact]:
        """Contacts by what another system calls them; of one that was merged, the contact that took it over."""
        found = {row.own_key: contact_from(row) for row in self._in_parts(_KEYED_CONTACTS, "of_keys", own_keys)}
        return {key: survivor(one, self._contact) for key, one in found.items()}

    def contacts_at(self, account_ids: Collection[int]) -> dict[int, list[Contact]]:
        """The people known at each of these accounts, the longest known first."""
        found: dict[int, list[Contact]] = {account_id: [] for account_id in account_ids}
        for row in self._in_parts(_CONTACTS_AT, "of_accounts", account_ids):
            found[row.account_id].append(contact_from(row))
        return found

    def _in_parts(self, statement: Any, parameter: str, values: Collection[Any]) -> Iterator[Any]:
        ordered = sorted(values)
        for start in range(0, len(ordered), MOST_IN_ONE_QUERY):
            yield from self.scope.rows(statement, **{parameter: ordered[start : start + MOST_IN_ONE_QUERY]})

    def complete_contact(self, account: Account, known: Contact, **said: Any) -> Contact:
        """Keep what is known of a contact now."""
        before = keys_of(account.name, self.contacts_of(account.id))
        self.scope.change(update_here(contacts).where(contacts.c.id == known.id).values(**said))
        self._refile(account.id, before, keys_of(account.name, self.contacts_of(account.id)))
        return replace(known, **said)

    def _refile(self, account_id: int, before: Collection[Key], after: Collection[Key]) -> None:
        for kind, value in sorted(set(before) - set(after)):
            filed = and_(
                account_keys.c.kind == kind.value,
                account_keys.c.value == value,
                account_keys.c.account_id == account_id,
            )
            self.scope.change(delete_here(account_keys).where(filed))
        for kind, value in sorted(set(after) - set(before)):
            self.scope.add_new(account_keys, **_filed(self.get(account_id), (kind, value)))

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


MERGED = ("name", "industry", "country", "history", "tier", "owner_id", "own_key")
"""Columns that follow what people say of an account."""
ACCOUNT_COLUMNS = tuple(
    "id number name industry country history source created_at owner_id tier own_key confirmed_at merged_into_id".split()
)


def account_from(row: Any, prefix: str = "") -> Account:
    """The fact in a row of accounts, or in a row whose columns of the account begin with `prefix`."""
    return Account(**dict(zip(ACCOUNT_COLUMNS, _values_of(prefix)(row), strict=True)))


@cache
def _values_of(prefix: str) -> Callable[[Any], tuple[Any, ...]]:
    """Reads an account's columns from a row, at the speed that a list of fifty needs."""
    return attrgetter(*(prefix + name for name in ACCOUNT_COLUMNS))


def contact_from(row: Any) -> Contact:
    """The fact in a row of contacts."""
    return Contact(
        id=row.id,
        account_id=row.account_id,
        name=row.name,
        email=row.email,
        phone=row.phone,
        position=row.position,
        country=row.country,
        own_key=row.own_key,
        merged_into_id=row.merged_into_id,
    )
