"""What is shown of accounts, leads and deals: pages, cards and lists, and what a step came to."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from domain.core.operations import Operation
from domain.core.people import Person
from domain.playbook.evidence import Evidence
from domain.playbook.sales_rules import SalesPlaybook
from domain.sales.accounts import Account, AccountLine, AccountMerge, Contact
from domain.sales.deals import Deal, DealOutcome, PipelineLine
from domain.sales.documents import Document, NeedsBrief
from domain.sales.duplicates import Match
from domain.sales.leads import Lead, Touch


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


@dataclass(frozen=True, kw_only=True)
class DealPage:
    """A deal with the leads it came from and everything written and said about it, the newest first.

    `parts` is what other nouns say of it, by the name under which they declare it; their views know of what type it is.
    """

    now: datetime = field(compare=False)
    deal: Deal
    leads: tuple[Lead, ...] = ()
    touches: tuple[Touch, ...] = ()
    brief: NeedsBrief | None = None
    documents: tuple[Document, ...] = ()
    parts: Mapping[str, Any] = field(default_factory=dict)
    operation: Operation | None = None
    sales: SalesPlaybook | None = field(default=None, compare=False)
    """The playbook it follows, where that is kept: the one it began with, unless somebody let it follow a later one."""
    is_outdated: bool = False
    """Whether another playbook is in force by now."""

    met: frozenset[Evidence] = frozenset()
    """What there is of the evidence that the gates up to its stage ask for."""


@dataclass(frozen=True, kw_only=True)
class DealStep:
    """A deal after something was done to it, and what can be undone of it."""

    deal: Deal
    operation: Operation | None = None


@dataclass(frozen=True, kw_only=True)
class LeadList:
    """Open leads of one kind at a moment, most urgent first; `total` counts those not listed too."""

    now: datetime
    leads: tuple[Lead, ...]
    total: int


@dataclass(frozen=True, kw_only=True)
class LeadPage:
    """A lead with its latest touches, newest first, and the last thing done to it that can be undone."""

    now: datetime = field(compare=False)
    lead: Lead
    touches: tuple[Touch, ...]
    operation: Operation | None = None


@dataclass(frozen=True, kw_only=True)
class DealList:
    """Deals at a moment; `total` counts those not listed too."""

    now: datetime
    deals: tuple[Deal, ...]
    total: int


@dataclass(frozen=True, kw_only=True)
class Pipeline:
    """The running deals by stage and currency, one's own or everybody's, and what was taken over from another system."""

    is_own: bool
    running: tuple[PipelineLine, ...]
    taken_over: tuple[PipelineLine, ...]
    expected: tuple[PipelineLine, ...] = ()
    """Those of the running ones whose signature is expected in this quarter."""
    quarter_ends: date | None = None


@dataclass(frozen=True, kw_only=True)
class LeadsAtHome:
    """The reader's leads due by tonight, leads nobody has claimed (if they may), and how many open ones they and all have."""

    due: tuple[Lead, ...]
    unclaimed: tuple[Lead, ...]
    mine: int
    team: int
    due_count: int = 0
    unclaimed_count: int = 0
    """Those that are not among the few named, too."""


@dataclass(frozen=True, kw_only=True)
class DealsAtHome:
    """The few of the reader's running deals whose next step is due first, and how many they have."""

    deals: tuple[Deal, ...]
    count: int
