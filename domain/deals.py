"""Deals as they are taken over from another system: what was offered to whom, what came of it, and for how much."""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum

from domain.accounts import Account
from domain.language import _
from domain.people import Person


class DealOutcome(StrEnum):
    """What another system says came of a deal. Values are stored: never renamed."""

    OPEN = "open"
    WON = "won"
    LOST = "lost"

    @property
    def title(self) -> str:  # type: ignore[override]  # an outcome is never title-cased as a string
        """The outcome as people read it, in the reader's language."""
        return {DealOutcome.OPEN: _("open"), DealOutcome.WON: _("won"), DealOutcome.LOST: _("lost")}[self]


@dataclass(frozen=True, kw_only=True)
class Money:
    """An exact amount with its currency, an ISO 4217 code."""

    amount: Decimal
    currency: str


@dataclass(frozen=True, kw_only=True)
class NewDeal:
    """A deal before it has a record. `account_id` is None where the file does not say whose it is."""

    title: str
    account_id: int | None = None
    product: str | None = None
    outcome: DealOutcome = DealOutcome.OPEN
    stage: str | None = None
    """The stage as the other system calls it."""
    agent: str | None = None
    """Who had the deal there, by the name found."""
    owner_id: int | None = None
    value: Money | None = None
    opened_on: date | None = None
    closed_on: date | None = None
    source: str | None = None
    own_key: str | None = None


@dataclass(frozen=True, kw_only=True)
class Deal:
    """A deal taken over from another system."""

    id: int
    number: int
    title: str
    account: Account | None = None
    product: str | None = None
    outcome: DealOutcome = DealOutcome.OPEN
    stage: str | None = None
    agent: str | None = None
    owner: Person | None = None
    value: Money | None = None
    opened_on: date | None = None
    closed_on: date | None = None
    source: str | None = None
    own_key: str | None = None
    created_at: datetime

    @property
    def code(self) -> str:
        """What people call the record, such as `D-7`."""
        return f"D-{self.number}"
