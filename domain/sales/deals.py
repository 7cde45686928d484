"""Deals: what we hope to do for whom, for how much, and where it stands; some were only taken over from another system, with their end."""

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal
from typing import ClassVar

from domain.core.language import N_, Titled, _
from domain.core.messages import Message
from domain.core.operations import undo_needs
from domain.core.people import COLLEAGUES, SELLERS, Permission, Person, Role
from domain.core.records import NamedRecord
from domain.core.refusals import AlreadyDone, FormRefused
from domain.core.reminders import Reminding
from domain.core.spelling import clean_name
from domain.sales.accounts import Account

QUALIFY_LEAD = Permission(N_("make a deal of a lead"), SELLERS)
SEE_DEALS = Permission(N_("see deals"), COLLEAGUES)
WORK_ON_DEAL = Permission(N_("write down what a deal is about"), SELLERS | {Role.DELIVERY})
STEER_DEAL = Permission(N_("steer a deal"), SELLERS)
undo_needs("lead.qualified")(QUALIFY_LEAD)
undo_needs("deal.planned", "deal.moved", "deal.lost", "deal.handed_over")(STEER_DEAL)
undo_needs("deal.variant_chosen", "deal.playbook_followed")(STEER_DEAL)

LONGEST_TITLE = 150
LONGEST_STEP = 200
MOST_MONEY = Decimal("999999999999.99")


class DealOutcome(Titled):
    """What came of a deal. Values are stored: never renamed."""

    OPEN = "open", N_("open")
    WON = "won", N_("won")
    LOST = "lost", N_("lost")


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
class Progress:
    """Where a deal stands on its route, and what comes next. `version` counts its changes."""

    stage: str
    """Id of a stage of the playbook."""
    since: datetime
    variant: str
    variant_reason: str | None = None
    """Why somebody chose the variant, where no rule did."""
    playbook: str | None = None
    """Digest of the playbook it follows: the one it began with, until somebody lets it follow a later one."""
    client_type: str | None = None
    expected_on: date | None = None
    """When we expect the client's signature."""
    next_step: str | None = None
    next_at: datetime | None = None
    last_touch_at: datetime | None = None
    lost_for: str | None = None
    remark: str | None = None
    opened_by: Person
    version: int = 1


@dataclass(frozen=True, kw_only=True)
class Deal:
    """A deal; one without `progress` was taken over from another system as it stood there."""

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
    progress: Progress | None = None

    @property
    def is_running(self) -> bool:
        """Whether it is on its way through our own process."""
        return self.progress is not None and self.outcome is DealOutcome.OPEN

    @property
    def code(self) -> str:
        """What people call the record, such as `D-7`."""
        return f"D-{self.number}"

    @property
    def named(self) -> NamedRecord:
        """The record as what belongs to it calls it."""
        return NamedRecord(
            noun="deal",
            id=self.id,
            code=self.code,
            title=self.title,
            company=self.account.name if self.account else None,
            owner=self.owner,
            is_open=self.is_running,
        )


@dataclass(frozen=True, kw_only=True)
class DealPlan:
    """What people say of a deal in one form. `next_on` is the day of the next step."""

    title: str
    value: Money | None = None
    client_type: str | None = None
    expected_on: date | None = None
    next_step: str | None = None
    next_on: date | None = None


def check_plan(plan: DealPlan, client_types: Collection[str]) -> DealPlan:
    """The plan as it is kept: with a title on one line, and without spaces around its words.

    Raises FormRefused with a sentence for each field that is wrong.
    """
    title, step = clean_name(plan.title), (plan.next_step or "").strip()
    errors: dict[str, str] = {}
    if not title:
        errors["title"] = _("What is the deal about? A few words are enough.")
    elif len(title) > LONGEST_TITLE:
        errors["title"] = _("Please keep this under {most} characters.").format(most=LONGEST_TITLE)
    if len(step) > LONGEST_STEP:
        errors["next_step"] = _("Please keep this under {most} characters.").format(most=LONGEST_STEP)
    if plan.value and not 0 <= plan.value.amount <= MOST_MONEY:
        errors["amount"] = _("This is not an amount we can offer.")
    if plan.client_type is not None and plan.client_type not in client_types:
        errors["client_type"] = _("Pick one of the kinds of client.")
    if bool(step) != (plan.next_on is not None):
        field, sentence = ("next_on", _("By when?")) if step else ("next_step", _("What will be done on that day?"))
        errors[field] = sentence
    if errors:
        raise FormRefused(errors)
    return replace(plan, title=title, next_step=step or None)


@dataclass(frozen=True, kw_only=True)
class PipelineLine:
    """How many deals stand at one stage, and what those in one currency come to; `amount` is None where none has one."""

    stage: str | None
    currency: str | None
    count: int
    amount: Decimal | None
    outcome: DealOutcome = DealOutcome.OPEN


def progress_of(deal: Deal) -> Progress:
    """Where a deal of our own stands.

    Raises AlreadyDone for one that was taken over.
    """
    if deal.progress is None:
        raise AlreadyDone(_("{code} was taken over from another system, with its end.").format(code=deal.code))
    return deal.progress


def running(deal: Deal) -> Deal:
    """The deal, for somebody who wants to work on it.

    Raises AlreadyDone when it is over, or was taken over.
    """
    progress_of(deal)
    if not deal.is_running:
        raise AlreadyDone(_("{code} is over: {outcome}.").format(code=deal.code, outcome=deal.outcome.title))
    return deal


@dataclass(frozen=True, kw_only=True)
class DealOpened(Message):
    """A new deal, shown where its lead was."""

    card_of: ClassVar[str | None] = "deal"
    deal_id: int


@dataclass(frozen=True, kw_only=True)
class DealStepDue(Reminding, kind="deal.next_step", needs=STEER_DEAL):
    """The day of a deal's next step has come."""


@dataclass(frozen=True, kw_only=True)
class DealStageOver(Reminding, kind="deal.stage_limit", needs=STEER_DEAL):
    """A deal stands in its stage for longer than the playbook gives it."""


@dataclass(frozen=True, kw_only=True)
class SignatureLate(Reminding, kind="deal.expected_close", needs=STEER_DEAL):
    """The day has passed on which we expected the client's signature to a deal."""


@dataclass(frozen=True, kw_only=True)
class DealGiven(Message):
    """Tells somebody that a deal is theirs, because somebody gave it to them."""

    deal_id: int
    by_id: int
    note: str = ""
