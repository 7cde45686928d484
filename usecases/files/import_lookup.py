"""What is there, as an import reads it: much at once, before a batch of rows is decided, and kept in a cache."""

from collections import defaultdict
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from domain.core.people import GRANTABLE, Member
from domain.files.columns import KEY, Records, Row
from domain.files.imports import Given
from domain.sales.accounts import Account, Contact, NewContact
from domain.sales.company_names import normal_name
from domain.sales.deals import Deal
from domain.sales.duplicates import Candidate, Key, Match, Sought, find_matches
from domain.sales.leads import CLAIM_LEAD, Lead
from storage.unit_of_work import UnitOfWork

IMPORTED = "import "
"""How the source of a request begins that is an import."""


@dataclass
class ImportCache:
    """What was read or made so far. Whatever is asked for and not there is None, or an empty list."""

    accounts_by_key: dict[str, Account | None] = field(default_factory=dict)
    accounts_by_name: dict[str, list[Account]] = field(default_factory=dict)
    """By normal name, the oldest first; those that go by it since one of that name was merged into them come last."""
    people_by_key: dict[str, Contact | None] = field(default_factory=dict)
    people: dict[int, list[Contact]] = field(default_factory=dict)
    leads_by_key: dict[str, Lead | None] = field(default_factory=dict)
    leads: dict[int, list[Lead]] = field(default_factory=dict)
    deals_by_key: dict[str, Deal | None] = field(default_factory=dict)
    deals: dict[int | None, list[Deal]] = field(default_factory=dict)
    filed: defaultdict[Key, list[Account]] = field(default_factory=lambda: defaultdict(list))
    """Imagined accounts by the keys under which possible duplicates are found."""
    last_id: int = 0

    def put(self, name: str, account: Account) -> None:
        """Let an account stand under a normal name, before those that only go by it."""
        alike = self.accounts_by_name.setdefault(name, [])
        if account not in alike:
            alike.append(account)
            alike.sort(key=lambda one: normal_name(one.name) != name)

    def next_id(self) -> int:
        """An id that no record has."""
        self.last_id -= 1
        return self.last_id


ACCOUNT_NAME = {Records.ACCOUNTS: "name", Records.LEADS: "company"}
"""The field with the account's name; `account` in all other files."""
ACCOUNT_KEY = {Records.ACCOUNTS: KEY}
"""The field with the account's key; `account_key` in all other files."""


class ImportLookup:
    """The records of one workspace, as far as rows ask for them."""

    def __init__(self, work: UnitOfWork, cache: ImportCache) -> None:
        self.work, self.cache = work, cache

    @cached_property
    def colleagues(self) -> list[Member]:
        """Everybody who may own an account or a deal: whoever has a role."""
        return [member for member in self.work.members.with_roles(GRANTABLE) if member.is_colleague]

    @cached_property
    def sellers(self) -> list[Member]:
        """Everybody who may own a lead."""
        return [member for member in self.work.members.with_roles(CLAIM_LEAD.roles) if member.is_colleague]

    def expect(self, kind: Records, rows: Collection[Row]) -> None:
        """Read at once what these rows will ask for."""
        texts = [row.texts for row in rows]
        names = {normal_name(text[name]) for text in texts if (name := ACCOUNT_NAME.get(kind, "account")) in text}
        self._read_accounts(names, _values(texts, ACCOUNT_KEY.get(kind, "account_key")))
        accounts = {account.id for name in names for account in self.cache.accounts_by_name[name]}
        accounts |= {account.id for account in self.cache.accounts_by_key.values() if account}
        keys = _values(texts, KEY)
        if kind is not Records.DEALS:
            self._read_people(accounts, _values(texts, KEY if kind is Records.CONTACTS else "contact_key"))
        if kind is Records.LEADS:
            self._read(self.cache.leads_by_key, keys, self.work.leads.keyed)
            self._read_lists(self.cache.leads, accounts, self.work.leads.of_accounts)
        if kind is Records.DEALS:
            self._read(self.cache.deals_by_key, keys, self.work.deals.keyed)
            if len(keys) < len(texts):
                self._read_lists(self.cache.deals, {None, *accounts}, self.work.deals.of_accounts)

    def _read_accounts(self, names: Collection[str], keys: Collection[str]) -> None:
        self._read(self.cache.accounts_by_key, keys, self.work.accounts.keyed)
        unread = set(names) - set(self.cache.accounts_by_name)
        if unread:
            self.cache.accounts_by_name |= self.work.accounts.called(unread)

    def _read_people(self, accounts: Collection[int], keys: Collection[str]) -> None:
        self._read(self.cache.people_by_key, keys, self.work.accounts.keyed_contacts)
        self._read_lists(self.cache.people, accounts, self.work.accounts.contacts_at)

    def _read(
        self, cache: dict[str, Any], keys: Collection[str], read: Callable[[Collection[str]], Mapping[str, Any]]
    ) -> None:
        unread = set(keys) - set(cache)
        if unread:
            cache |= dict.fromkeys(unread) | dict(read(unread))

    def _read_lists(
        self,
        cache: dict[Any, list[Any]],
        ids: Collection[Any],
        read: Callable[[Collection[Any]], Mapping[Any, list[Any]]],
    ) -> None:
        unread = {number for number in ids if number not in cache}
        if unread:
            cache |= read(unread)

    def account(self, key: str | None, name: str) -> Account | None:
        """The account with this key of the file's, or else the oldest with this name that no other key names."""
        known = self.cache.accounts_by_key.get(key) if key else None
        if known:
            return known
        alike = self.cache.accounts_by_name.get(normal_name(name), []) if name else []
        return next((account for account in alike if key is None or account.own_key is None), None)

    def goes_by(self, account: Account, name: str) -> bool:
        """Whether an account has this name, too, because one of that name was merged into it."""
        normal = normal_name(name)
        alike = self.cache.accounts_by_name.get(normal, [])
        return normal_name(account.name) != normal and any(one.id == account.id for one in alike)

    def is_known(self, key: str | None) -> bool:
        """Whether an account is found by this key of the file's already."""
        return bool(key and self.cache.accounts_by_key.get(key))

    def accounts_like(self, name: str, contact: NewContact) -> list[Match]:
        """Accounts that may be the same as one with this name and contact."""
        sought = Sought.of(name, [contact])
        return find_matches(sought, self._candidates(sought))

    def _candidates(self, sought: Sought) -> list[Candidate]:
        return self.work.accounts.sharing(sought)

    def people_at(self, account: Account) -> list[Contact]:
        """The contacts of an account."""
        self._read_people([account.id], ())
        return self.cache.people[account.id]

    def leads_of(self, account: Account) -> list[Lead]:
        """The leads of an account, closed ones too."""
        self._read_lists(self.cache.leads, [account.id], self.work.leads.of_accounts)
        return self.cache.leads[account.id]

    def deals_of(self, account: Account | None) -> list[Deal]:
        """The deals of an account, or those that no account has."""
        number = account.id if account else None
        self._read_lists(self.cache.deals, [number], self.work.deals.of_accounts)
        return self.cache.deals[number]

    def given(self, noun: str, record_id: int) -> Given:
        """Tells which values imports have given to a field of this record since a person last changed it."""
        known: dict[str, list[Any]] = {}
        is_read = False

        def values(name: str) -> list[Any]:
            nonlocal is_read
            if not is_read:
                is_read = True
                known.update(self._given(noun, record_id))
            return known.get(name, [])

        return values

    def _given(self, noun: str, record_id: int) -> dict[str, list[Any]]:
        given: defaultdict[str, list[Any]] = defaultdict(list)
        for event in self.work.audit.about(noun, record_id):
            for name, value in (event.after or {}).items():
                if event.source.startswith(IMPORTED):
                    given[name].append(value)
                else:
                    given[name].clear()
        return given


def _values(texts: Collection[Mapping[str, str]], name: str) -> set[str]:
    return {text[name] for text in texts if name in text}
