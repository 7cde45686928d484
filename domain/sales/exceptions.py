"""Exceptions: open leads and running deals that have fallen out of the process, in what, and which of them are the worst.

They are what management reads instead of all leads and deals.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Any, Generic, TypeVar

from domain.core.language import N_, _, plural
from domain.core.messages import Message
from domain.core.people import Permission, Role
from domain.core.working_time import WorkingHours
from domain.playbook.stages import Stage
from domain.sales.deals import Deal
from domain.sales.leads import Lead

SEE_EXCEPTIONS = Permission(N_("see what needs attention"), frozenset({Role.MANAGEMENT}))

UNOWNED_FOR = timedelta(days=1)
"""How long a lead may be without an owner, unless its first answer is due before."""
OVERDUE_DAYS = 2
"""Working days by which a next date may have passed."""
MORNING = timedelta(hours=3)
"""How long after work began it is still the morning, in which the list is sent."""


class Lapse(StrEnum):
    """In what a lead or deal has fallen out of the process, the worst first."""

    ANSWER_LATE = "answer_late"
    NO_OWNER = "no_owner"
    OWNER_GONE = "owner_gone"
    OWNER_AWAY = "owner_away"
    SIGNATURE_LATE = "signature_late"
    OVERDUE = "overdue"
    STAGE_OVER = "stage_over"
    NO_NEXT_DATE = "no_next_date"
    NO_NEXT_STEP = "no_next_step"

    @property
    def rank(self) -> int:
        """0 for the worst."""
        return list(Lapse).index(self)

    def counted(self, count: int) -> str:
        """So many leads or deals with it, in the reader's language."""
        return {
            Lapse.ANSWER_LATE: _("{count} without a first answer in time"),
            Lapse.NO_OWNER: _("{count} without an owner"),
            Lapse.OWNER_GONE: plural("{count} whose owner has left", "{count} whose owners have left", count),
            Lapse.OWNER_AWAY: plural(
                "{count} whose owner is away without a deputy", "{count} whose owners are away without a deputy", count
            ),
            Lapse.SIGNATURE_LATE: _("{count} not signed when expected"),
            Lapse.OVERDUE: _("{count} long overdue"),
            Lapse.STAGE_OVER: _("{count} over the time limit of the stage"),
            Lapse.NO_NEXT_DATE: _("{count} without a next date"),
            Lapse.NO_NEXT_STEP: _("{count} without a next step"),
        }[self].format(count=count)


@dataclass(frozen=True, kw_only=True)
class Standing:
    """The little of a lead or deal that tells whether it is an exception."""

    id: int
    number: int
    owner_id: int | None
    next_at: datetime | None
    is_owner_gone: bool = False
    """The owner has left the firm."""
    is_owner_away: bool = False
    """The owner is away, and nobody stands in."""


@dataclass(frozen=True, kw_only=True)
class LeadStanding(Standing):
    """How an open lead stands."""

    captured_at: datetime
    answer_by: datetime | None
    last_touch_at: datetime | None
    score: int | None = None


@dataclass(frozen=True, kw_only=True)
class DealStanding(Standing):
    """How a running deal stands."""

    since: datetime
    """When it entered its stage."""
    expected_on: date | None
    is_stage_over: bool = False
    """It entered before the moment that `StageLimits` says for its place."""


S = TypeVar("S", bound=Standing)
R = TypeVar("R")


@dataclass(frozen=True, kw_only=True)
class ExceptionalLead:
    """A lead that is an exception, and in what, the worst first."""

    lead: Lead
    lapses: tuple[Lapse, ...]


@dataclass(frozen=True, kw_only=True)
class ExceptionalDeal:
    """A deal that is an exception, in what, and its stage as its own playbook has it."""

    deal: Deal
    lapses: tuple[Lapse, ...]
    stage: Stage | None = None


@dataclass(frozen=True, kw_only=True)
class Exceptions(Generic[R]):
    """Exceptions of one kind: the worst in full, the others by number, and how many there are in each respect."""

    worst: tuple[R, ...] = ()
    others: tuple[int, ...] = ()
    counts: Mapping[Lapse, int] = field(default_factory=dict)

    @property
    def total(self) -> int:
        """How many there are."""
        return len(self.worst) + len(self.others)


@dataclass(frozen=True, kw_only=True)
class Attention:
    """How many leads and deals need management's attention."""

    leads: int = 0
    deals: int = 0

    @property
    def total(self) -> int:
        """How many in all."""
        return self.leads + self.deals

    @property
    def words(self) -> str:
        """That they need attention, in the reader's language."""
        if not self.deals:
            return plural("{count} lead needs attention", "{count} leads need attention", self.leads).format(
                count=self.leads
            )
        if not self.leads:
            return plural("{count} deal needs attention", "{count} deals need attention", self.deals).format(
                count=self.deals
            )
        leads = plural("{count} lead", "{count} leads", self.leads).format(count=self.leads)
        deals = plural("{count} deal", "{count} deals", self.deals).format(count=self.deals)
        return _("{leads} and {deals} need attention").format(leads=leads, deals=deals)


@dataclass(frozen=True, kw_only=True)
class ExceptionList:
    """All exceptions at a moment."""

    now: datetime
    leads: Exceptions[ExceptionalLead] = field(default_factory=Exceptions)
    deals: Exceptions[ExceptionalDeal] = field(default_factory=Exceptions)

    @property
    def attention(self) -> Attention:
        """How many there are."""
        return Attention(leads=self.leads.total, deals=self.deals.total)


def lead_lapses(lead: LeadStanding, now: datetime, hours: WorkingHours) -> tuple[Lapse, ...]:
    """In what an open lead is an exception, the worst first; `hours` say which days count as working days."""
    is_late = lead.last_touch_at is None and _has_passed(lead.answer_by, now)
    is_long_unowned = _has_passed(lead.answer_by, now) or lead.captured_at + UNOWNED_FOR <= now
    found = {
        Lapse.ANSWER_LATE: is_late,
        Lapse.NO_OWNER: lead.owner_id is None and is_long_unowned,
        Lapse.OVERDUE: not is_late and _is_long_past(lead.next_at, now, hours),
        Lapse.NO_NEXT_DATE: lead.next_at is None,
    }
    return _worst_first(found | _of_owner(lead))


def deal_lapses(deal: DealStanding, now: datetime, hours: WorkingHours) -> tuple[Lapse, ...]:
    """In what a running deal is an exception, the worst first; `hours` say which days count as working days."""
    found = {
        Lapse.NO_OWNER: deal.owner_id is None,
        Lapse.SIGNATURE_LATE: deal.expected_on is not None and deal.expected_on < signed_by(now, hours),
        Lapse.OVERDUE: _is_long_past(deal.next_at, now, hours),
        Lapse.STAGE_OVER: deal.is_stage_over,
        Lapse.NO_NEXT_STEP: deal.next_at is None,
    }
    return _worst_first(found | _of_owner(deal))


def told_by(now: datetime, hours: WorkingHours) -> datetime:
    """When a deal's owner must have been told of a limit at the latest, for it to be an exception now: a working day before."""
    return hours.subtract_working_days(now, 1)


def signed_by(now: datetime, hours: WorkingHours) -> date:
    """The day before which a signature must have been expected to be an exception now."""
    return hours.local(told_by(now, hours)).date()


def _of_owner(standing: Standing) -> dict[Lapse, bool]:
    return {
        Lapse.OWNER_GONE: standing.is_owner_gone,
        Lapse.OWNER_AWAY: standing.is_owner_away and not standing.is_owner_gone,
    }


def _worst_first(found: Mapping[Lapse, bool]) -> tuple[Lapse, ...]:
    return tuple(lapse for lapse in Lapse if found.get(lapse))


def _has_passed(limit: datetime | None, now: datetime) -> bool:
    return limit is not None and limit < now


def _is_long_past(next_at: datetime | None, now: datetime, hours: WorkingHours) -> bool:
    """Whether more than the permitted working days have gone by since; the day itself does not count."""
    if next_at is None or next_at >= now:
        return False
    return hours.local(now).date() > hours.local(hours.add_working_days(next_at, OVERDUE_DAYS)).date()


Found = tuple[S, tuple[Lapse, ...]]
"""A lead or deal that is an exception, and in what."""


def worst_leads(leads: Iterable[LeadStanding], now: datetime, hours: WorkingHours) -> list[Found[LeadStanding]]:
    """Those that are exceptions: by the worst of their lapses, then hot before cold, then the longest known."""
    return _ranked(
        leads, lambda lead: lead_lapses(lead, now, hours), lambda lead: (-(lead.score or 0), lead.captured_at)
    )


def worst_deals(deals: Iterable[DealStanding], now: datetime, hours: WorkingHours) -> list[Found[DealStanding]]:
    """Those that are exceptions: by the worst of their lapses, then those that stand where they stand the longest."""
    return _ranked(deals, lambda deal: deal_lapses(deal, now, hours), lambda deal: (deal.since,))


def _ranked(
    standings: Iterable[S], lapses_of: Callable[[S], tuple[Lapse, ...]], then: Callable[[S], tuple[Any, ...]]
) -> list[Found[S]]:
    found = [(one, lapses) for one in standings if (lapses := lapses_of(one))]
    return sorted(found, key=lambda one: (one[1][0].rank, *then(one[0]), one[0].id))


def counted(found: Iterable[tuple[Lapse, ...]]) -> dict[Lapse, int]:
    """How many there are in each respect; one may count in several."""
    counts = Counter(lapse for lapses in found for lapse in lapses)
    return {lapse: counts[lapse] for lapse in Lapse if counts[lapse]}


def is_morning(now: datetime, hours: WorkingHours) -> bool:
    """Whether somebody's working day began not long ago."""
    return hours.is_working(now) and now < hours.start_of(hours.local(now).date()) + MORNING


@dataclass(frozen=True, kw_only=True)
class ExceptionsDigest(Message):
    """Tells management, each morning that there is something, what needs attention; whom it is for decides its working days."""

    exceptions_for: int
