"""Promises: what somebody said to a client that we would do, who keeps it and by when, and how it ended."""

from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta

from domain.core.language import N_, Titled, _
from domain.core.messages import Message
from domain.core.operations import Operation, undo_needs
from domain.core.people import Person
from domain.core.records import NamedRecord
from domain.core.refusals import FormRefused, RuleBroken
from domain.core.reminders import FARTHEST, Reminding
from domain.core.working_time import WorkingHours
from domain.sales.deals import SEE_DEALS, WORK_ON_DEAL
from domain.sales.leads import LONGEST_TEXT, Origin

undo_needs("deal.promise_noted")(WORK_ON_DEAL)
undo_needs("deal.promise_kept", "deal.promise_settled")(SEE_DEALS)

LATER_TODAY = timedelta(hours=1)
"""How long after it was noted somebody is reminded of a promise for the same day."""


class PromiseState(Titled):
    """How a promise stands. Values are stored: never renamed."""

    OPEN = "open", N_("open")
    KEPT = "kept", N_("kept")
    SETTLED = "settled", N_("settled with the client")
    """The client has agreed that it ends otherwise."""


@dataclass(frozen=True, kw_only=True)
class NewPromise:
    """A promise as somebody notes it."""

    said: str
    due_on: date | None = None
    keeper: str | None = None
    """Slack id of who keeps it; None: whoever owns the deal."""
    origin: Origin | None = None
    """The message in which it was made; None where it was made elsewhere."""


@dataclass(frozen=True, kw_only=True)
class Promise:
    """A promise with the record it belongs to, by whose code people call it."""

    id: int
    of: NamedRecord
    said: str
    due_on: date | None = None
    keeper: Person | None = None
    """Who keeps it; None: whoever owns the record."""
    state: PromiseState = PromiseState.OPEN
    origin: Origin | None = None
    noted_by: Person
    noted_at: datetime
    closed_by: Person | None = None
    closed_at: datetime | None = None
    how: str | None = None
    """What was agreed with the client, of one that is settled."""

    @property
    def code(self) -> str:
        """The code of its record."""
        return self.of.code

    @property
    def is_open(self) -> bool:
        """Whether it is still to be kept."""
        return self.state is PromiseState.OPEN

    @property
    def kept_by(self) -> Person:
        """Who is to keep it: who was named, else the record's owner, else who noted it."""
        return self.keeper or self.of.owner or self.noted_by


@dataclass(frozen=True, kw_only=True)
class PromiseStep:
    """A promise after something was done with it, and what can be undone of it."""

    promise: Promise
    operation: Operation


def checked_promise(new: NewPromise) -> NewPromise:
    """The promise without spaces around its words.

    Raises FormRefused (field `said`).
    """
    said = new.said.strip()
    if not said:
        raise FormRefused({"said": _("What was promised? A line is enough.")})
    if len(said) > LONGEST_TEXT:
        raise FormRefused({"said": _("Please keep this under {most} characters.").format(most=LONGEST_TEXT)})
    return replace(new, said=said)


def checked_settlement(how: str) -> str:
    """What was agreed with the client, without spaces around it.

    Raises RuleBroken (field `how`).
    """
    words = how.strip()
    if not words:
        raise RuleBroken(_("What did you agree on with the client? A line is enough."), field="how")
    if len(words) > LONGEST_TEXT:
        raise RuleBroken(_("Please keep this under {most} characters.").format(most=LONGEST_TEXT), field="how")
    return words


def promise_reminder_at(due_on: date, now: datetime, hours: WorkingHours) -> datetime:
    """When its keeper is reminded: as work begins on the day, or an hour from now where that has begun.

    Raises RuleBroken (field `due_on`) for a day that has passed, or more than a year ahead.
    """
    if due_on < hours.local(now).date():
        raise RuleBroken(_("That day has passed. Leave it open if you do not know the day."), field="due_on")
    if due_on > (now + FARTHEST).astimezone(UTC).date():
        raise RuleBroken(_("Pick a day within a year."), field="due_on")
    return max(hours.start_of(due_on), now + LATER_TODAY)


@dataclass(frozen=True, kw_only=True)
class PromiseDue(Reminding, kind="promise.due", needs=SEE_DEALS):
    """The day has come by which something was promised to a client."""


@dataclass(frozen=True, kw_only=True)
class PromiseGiven(Message):
    """Tells somebody that they are to keep a promise, because somebody named them."""

    promise_id: int
    by_id: int
