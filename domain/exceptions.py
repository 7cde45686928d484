"""Exceptions: open leads that have fallen out of the process, in what, and which of them are the worst.

They are what management reads instead of all leads.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from domain.language import _, plural
from domain.leads import Lead
from domain.working_time import WorkingHours

UNOWNED_FOR = timedelta(days=1)
"""How long a lead may be without an owner, unless its first answer is due before."""
OVERDUE_DAYS = 2
"""Working days by which a next date may have passed."""
MORNING = timedelta(hours=3)
"""How long after work began it is still the morning, in which the list is sent."""


class Lapse(StrEnum):
    """In what a lead has fallen out of the process, the worst first."""

    ANSWER_LATE = "answer_late"
    NO_OWNER = "no_owner"
    OWNER_GONE = "owner_gone"
    OWNER_AWAY = "owner_away"
    OVERDUE = "overdue"
    NO_NEXT_DATE = "no_next_date"

    @property
    def rank(self) -> int:
        """0 for the worst."""
        return list(Lapse).index(self)

    def counted(self, count: int) -> str:
        """So many leads with it, in the reader's language."""
        return {
            Lapse.ANSWER_LATE: _("{count} without a first answer in time"),
            Lapse.NO_OWNER: _("{count} without an owner"),
            Lapse.OWNER_GONE: plural("{count} whose owner has left", "{count} whose owners have left", count),
            Lapse.OWNER_AWAY: plural(
                "{count} whose owner is away without a deputy", "{count} whose owners are away without a deputy", count
            ),
            Lapse.OVERDUE: _("{count} long overdue"),
            Lapse.NO_NEXT_DATE: _("{count} without a next date"),
        }[self].format(count=count)


@dataclass(frozen=True, kw_only=True)
class Standing:
    """The little of an open lead that tells whether it is an exception."""

    lead_id: int
    number: int
    owner_id: int | None
    captured_at: datetime
    answer_by: datetime | None
    last_touch_at: datetime | None
    next_at: datetime | None
    score: int | None = None
    is_owner_gone: bool = False
    """The owner has left the firm."""
    is_owner_away: bool = False
    """The owner is away, and nobody stands in."""


@dataclass(frozen=True, kw_only=True)
class Exceptional:
    """A lead that is an exception, and in what, the worst first."""

    lead: Lead
    lapses: tuple[Lapse, ...]


@dataclass(frozen=True, kw_only=True)
class ExceptionList:
    """All exceptions at a moment: the worst in full, the others by number, and how many there are in each respect."""

    now: datetime
    worst: tuple[Exceptional, ...] = ()
    others: tuple[int, ...] = ()
    counts: Mapping[Lapse, int]

    @property
    def total(self) -> int:
        """How many leads are exceptions."""
        return len(self.worst) + len(self.others)


def lapses_of(lead: Standing, now: datetime, hours: WorkingHours) -> tuple[Lapse, ...]:
    """In what an open lead is an exception, the worst first; `hours` say which days count as working days."""
    is_late = lead.last_touch_at is None and _has_passed(lead.answer_by, now)
    is_long_unowned = _has_passed(lead.answer_by, now) or lead.captured_at + UNOWNED_FOR <= now
    found = {
        Lapse.ANSWER_LATE: is_late,
        Lapse.NO_OWNER: lead.owner_id is None and is_long_unowned,
        Lapse.OWNER_GONE: lead.is_owner_gone,
        Lapse.OWNER_AWAY: lead.is_owner_away and not lead.is_owner_gone,
        Lapse.OVERDUE: not is_late and lead.next_at is not None and _is_long_past(lead.next_at, now, hours),
        Lapse.NO_NEXT_DATE: lead.next_at is None,
    }
    return tuple(lapse for lapse in Lapse if found[lapse])


def _has_passed(limit: datetime | None, now: datetime) -> bool:
    return limit is not None and limit < now


def _is_long_past(next_at: datetime, now: datetime, hours: WorkingHours) -> bool:
    """Whether more than the permitted working days have gone by since; the day itself does not count."""
    return next_at < now and hours.local(now).date() > hours.local(hours.add_working_days(next_at, OVERDUE_DAYS)).date()


def worst_first(
    leads: Iterable[Standing], now: datetime, hours: WorkingHours
) -> list[tuple[Standing, tuple[Lapse, ...]]]:
    """Those that are exceptions, each with its lapses: by the worst of these, then hot before cold, then the longest known."""
    found = [(lead, lapses) for lead in leads if (lapses := lapses_of(lead, now, hours))]
    return sorted(found, key=lambda one: (one[1][0].rank, -(one[0].score or 0), one[0].captured_at, one[0].lead_id))


def counted(found: Iterable[tuple[Lapse, ...]]) -> dict[Lapse, int]:
    """How many leads there are in each respect; one may count in several."""
    counts = Counter(lapse for lapses in found for lapse in lapses)
    return {lapse: counts[lapse] for lapse in Lapse if counts[lapse]}


def is_morning(now: datetime, hours: WorkingHours) -> bool:
    """Whether somebody's working day began not long ago."""
    return hours.is_working(now) and now < hours.start_of(hours.local(now).date()) + MORNING
