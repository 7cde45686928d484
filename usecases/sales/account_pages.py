"""What the use cases of accounts tell of them: a page, a card, lists, and what a merge would do."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from domain.core.operations import Operation
from domain.core.people import Person
from domain.sales.accounts import Account, AccountLine, AccountMerge, Contact
from domain.sales.deals import Deal, DealOutcome
from domain.sales.duplicates import Match
from domain.sales.leads import Lead, Touch
from storage.unit_of_work import UnitOfWork


@dataclass(frozen=True, kw_only=True)
class AccountPage:
    """An account with what belongs to it; of leads, deals and touches those that matter most, with how many there are in all."""

    now: datetime
    account: Account
    owner: Person | None
    contacts: tuple[Contact, ...]
    open_leads: tuple[Lead, ...]
    closed_leads: tuple[Lead, ...]
    leads: int
    deals: tuple[Deal, ...]
    outcomes: Mapping[DealOutcome, int]
    touches: tuple[Touch, ...]
    operation: Operation | None
    is_old: bool


@dataclass(frozen=True, kw_only=True)
class AccountCard:
    """An account as it is shown to a channel."""

    line: AccountLine
    contacts: tuple[Contact, ...]


@dataclass(frozen=True, kw_only=True)
class Found:
    """An account of a list; `via` is the contact by whom it was found, `is_old` whether its owner should look at it."""

    line: AccountLine
    via: str | None = None
    is_old: bool = False


@dataclass(frozen=True, kw_only=True)
class AccountList:
    """Accounts, hot first; `total` counts those not listed too, or is None where there are more than anybody counted."""

    found: tuple[Found, ...]
    total: int | None


@dataclass(frozen=True, kw_only=True)
class AccountStep:
    """What an account is now, and what can be undone of what was done."""

    account: Account
    operation: Operation | None = None


@dataclass(frozen=True, kw_only=True)
class MergePreview:
    """What a merge would do: leads (as many as are named) and deals that move along, and who owns the one that goes."""

    plan: AccountMerge
    leads: tuple[Lead, ...]
    lead_count: int
    deal_count: int
    owners: Mapping[int, Person]


@dataclass(frozen=True, kw_only=True)
class Suggestions:
    """Accounts that may be meant by somebody who merges one: those that are likely the same, and those found by words."""

    likely: tuple[Match, ...]
    found: tuple[Account, ...]


def account_card(work: UnitOfWork, account_id: int) -> AccountCard:
    """The account, or the one it was merged into, as a channel sees it. Raises NotFound."""
    account = work.accounts.standing(account_id)
    [line] = work.directory.lines([account.id])
    return AccountCard(line=line, contacts=tuple(work.accounts.contacts_of(account.id)))
